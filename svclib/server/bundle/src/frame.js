// What a page knows before its widgets are there: light or dark, the notices, and the kernel it must end. It stands in
// the head and is small. The page is streamed: its own elements tell, one after the other, how far the server has come.
const root = document.documentElement
const trouble = { said: false }

// Light or dark: what this person chose last, else what the device says.
const chosen = localStorage.getItem('svc-theme')
root.dataset.svcTheme = (chosen ? chosen === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches) ? 'dark' : 'light'

/** Tell, by one of the frame's words, what went wrong, and its number if the log has it; offer to reload. */
function say(what, reference = '') {
  const notice = document.getElementById('svc-notice')
  notice.querySelector('span').textContent = notice.dataset[what].replace('{reference}', reference)
  notice.querySelector('button').onclick = () => location.reload()
  notice.hidden = false
  trouble.said = true
  root.dataset.trouble = what
  document.getElementById('svc-skeleton').removeAttribute('aria-busy')
}

/** End the kernel when the page is left; start anew when it comes back out of the browser's memory without one. */
function watchLeaving(base, kernel) {
  const leave = () => {
    const form = new FormData()
    form.append('_xsrf', (document.cookie.match('\\b_xsrf=([^;]*)\\b') || [])[1] || '')
    navigator.sendBeacon(`${base}voila/api/shutdown/${kernel}`, form)
  }
  // Phones know only the one, a tab that is closed while it loads only the other.
  addEventListener('pagehide', leave)
  addEventListener('beforeunload', leave)
  addEventListener('pageshow', (event) => { if (event.persisted) location.reload() })
}

/** Put a style sheet into the page that came with a part of it. */
function wear(sheet) {
  document.head.append(Object.assign(document.createElement('style'), { textContent: sheet }))
}

const page = { say, wear }
page.kernel = new Promise((resolve) => { page.kernelStarted = resolve })
page.cells = new Promise((resolve) => { page.cellsDone = resolve })
window.svcPage = page

customElements.define('svc-kernel', class extends HTMLElement {
  connectedCallback() {
    const { base, id } = this.dataset
    document.body.dataset.kernelId = id
    watchLeaving(base, id)
    page.kernelStarted({ base, id })
  }
})
customElements.define('svc-failed', class extends HTMLElement {
  connectedCallback() {
    const { reference } = this.dataset
    say(reference ? 'failed_number' : 'failed', reference)
  }
})
customElements.define('svc-done', class extends HTMLElement {
  connectedCallback() {
    page.cellsDone()
    setTimeout(() => { if (!trouble.said && !('ready' in root.dataset)) say('slow') }, 60000)
  }
})
