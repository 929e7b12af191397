// A page: connects to its kernel as soon as that has started, and shows the notebook's outputs when all have run.
import { Kernel } from './kernel.js'
import { Manager } from './manager.js'
import { prepare } from './views.js'

const root = document.documentElement
const page = window.svcPage
let cut

const told = {
  ended() {
    clearTimeout(cut)
    page.say('ended')
  },
  // A blink of the network is not worth a word.
  cut() { cut ??= setTimeout(() => page.say('cut'), 4000) },
  connected() {
    clearTimeout(cut)
    cut = undefined
    if (root.dataset.trouble === 'cut') location.reload()
  },
}

prepare(document.querySelector('meta[name=svc-app]').content)
const kernel = new Kernel(await page.kernel, (what) => told[what]())
const manager = new Manager(kernel)
page.manager = manager
// Of parts/chart.vue: what draws comes when the first chart is shown.
page.charts = () => import('./draw.js')

// What the server sends of an output: see opening.py.
const MEDIA = {
  'application/vnd.jupyter.widget-view+json': (data, element) => manager.show(data.model_id, element),
  'text/html': (data, element) => { element.innerHTML = data },
  'image/png': (data, element) => {
    element.append(Object.assign(new Image(), { src: `data:image/png;base64,${data}`, alt: '' }))
  },
  'text/plain': (data, element) => {
    element.append(Object.assign(document.createElement('pre'), { textContent: data }))
  },
}

async function show(output) {
  const element = document.getElementById('svc-page').appendChild(document.createElement('div'))
  await MEDIA[output.dataset.media](JSON.parse(output.textContent), element)
}

await page.cells
await manager.load()
await Promise.all([...document.querySelectorAll('script.svc-output')].map(show))
if (!('trouble' in root.dataset)) root.dataset.ready = ''
