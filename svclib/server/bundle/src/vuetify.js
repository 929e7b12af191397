// Vuetify whole: pages name its components when they run.
import 'vuetify/styles'
import './icons.css'

import { createVuetify } from 'vuetify'
import * as components from 'vuetify/components'
import * as directives from 'vuetify/directives'
import { aliases, mdi } from 'vuetify/iconsets/mdi'

import known from 'svc:icons'

let all

/** Fetch the names of all icons there are: those of the suite come with every page, others only when one is shown. */
export function loadAllIcons() {
  all ??= import('./all_icons.js')
}

const suited = {
  component(props) {
    if (typeof props.icon === 'string' && props.icon.startsWith('mdi-') && !known.has(props.icon)) loadAllIcons()
    return mdi.component(props)
  },
}

export const vuetify = createVuetify({ components, directives, icons: { defaultSet: 'mdi', aliases, sets: { mdi: suited } } })
