// Vuetify whole: pages name its components when they run.
import 'vuetify/styles'
import './icons.css'

import { createVuetify } from 'vuetify'
import * as components from 'vuetify/components'
import * as directives from 'vuetify/directives'
import { aliases, mdi } from 'vuetify/iconsets/mdi'

import known from 'svc:icons'

let all

/** Fetch the names of all icons there are when this text names one that the suite does not use. */
export function loadIconsOf(text) {
  if ((text.match(/\bmdi-[a-z0-9-]+/g) ?? []).some((name) => !known.has(name))) all ??= import('./all_icons.js')
}

const suited = {
  component(props) {
    if (typeof props.icon === 'string') loadIconsOf(props.icon)
    return mdi.component(props)
  },
}

export const vuetify = createVuetify({ components, directives, icons: { defaultSet: 'mdi', aliases, sets: { mdi: suited } } })
