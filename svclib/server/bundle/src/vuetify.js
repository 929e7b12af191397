// Vuetify: what the suite's own views name of it, and the whole when another page names more (see ../vuetify.mjs).
import './base.scss'
import './icons.css'

import { defineAsyncComponent } from 'vue'
import { createVuetify } from 'vuetify'
import { aliases, mdi } from 'vuetify/iconsets/mdi'

import known from 'svc:icons'
import { LATER, NOW } from 'svc:vuetify/now'

let allIcons
let coming
let whole
const apps = new Set()

/** Fetch the names of all icons there are when this text names one that the suite does not use. */
export function loadIconsOf(text) {
  if ((text.match(/\bmdi-[a-z0-9-]+/g) ?? []).some((name) => !known.has(name))) allIcons ??= import('./all_icons.js')
}

const suited = {
  component(props) {
    if (typeof props.icon === 'string') loadIconsOf(props.icon)
    return mdi.component(props)
  },
}

const later = Object.fromEntries(LATER.map((name) =>
  [name, defineAsyncComponent(() => loadWhole().then(({ components }) => components[name]))]))

const vuetify = createVuetify({
  components: { ...NOW, ...later },
  icons: { defaultSet: 'mdi', aliases, sets: { mdi: suited } },
})
export const { theme } = vuetify

function name(app, { components, directives }) {
  Object.entries(components).forEach(([tag, component]) => app.component(tag, component))
  Object.entries(directives).forEach(([tag, directive]) => app.directive(tag, directive))
}

/** Put Vuetify's sheet where the page's own stands: what the views bring along comes after it, as it does on every page. */
function dress(sheet) {
  const element = Object.assign(document.createElement('style'), { textContent: sheet })
  document.querySelector('link[rel=stylesheet]').after(element)
}

/** Fetch all of Vuetify; every page's application, there or to come, then knows it. */
export function loadWhole() {
  coming ??= import('svc:vuetify/whole').then(({ sheet, ...part }) => {
    dress(sheet)
    whole = part
    apps.forEach((app) => name(app, whole))
    return whole
  })
  return coming
}

/** Let an application of Vue use Vuetify. */
export function use(app) {
  app.use(vuetify)
  if (whole) name(app, whole)
  apps.add(app)
  app.onUnmount(() => apps.delete(app))
}
