// ipyvuetify's widgets. Its own front end is not published as a package; this is what its Python side speaks to.
import { WidgetModel } from '@jupyter-widgets/base'
import { HtmlModel as VueHtmlModel } from 'jupyter-vue/src/Html.js'
import { VueModel } from 'jupyter-vue/src/VueModel.js'
import { VueTemplateModel } from 'jupyter-vue/src/VueTemplateModel.js'

import { loadWhole, theme, use } from './vuetify.js'
import { VueView } from './vue_widgets.js'

const NO_COLOURS = new Set(['accent', 'anchor', 'custom_theme_colors'])

/** Which of light and dark is worn. Nothing chosen yet: the page's, which the kernel is told. */
export class ThemeModel extends WidgetModel {
  initialize(...parameters) {
    super.initialize(...parameters)
    if (this.get('dark') === null) {
      this.set('dark', document.documentElement.dataset.svcTheme === 'dark')
      this.save_changes()
    }
    this.on('change:dark', this.wear, this)
    this.wear()
  }

  wear() {
    theme.global.name.value = this.get('dark') ? 'dark' : 'light'
  }
}

/** The colours of light or of dark. */
export class ThemeColorsModel extends WidgetModel {
  initialize(...parameters) {
    super.initialize(...parameters)
    this.on('change', this.mix, this)
    this.mix()
  }

  mix() {
    const named = Object.entries(this.attributes).filter(([name]) => !name.startsWith('_') && !NO_COLOURS.has(name))
    const worn = theme.themes.value[this.get('_theme_name')]
    worn.colors = {
      ...worn.colors,
      ...Object.fromEntries(named.map(([name, colour]) => [name.replaceAll('_', '-'), colour])),
      ...this.get('custom_theme_colors'),
    }
  }
}

export class HtmlModel extends VueHtmlModel {}
export class VuetifyTemplateModel extends VueTemplateModel {}
export class VuetifyView extends VueView {
  addPlugins(app) {
    super.addPlugins(app)
    use(app)
  }
}

const classes = new Map()

/** The model of a single Vuetify component: `BtnModel` is drawn as `VBtn`. Any may be asked for, so all come. */
export async function classNamed(name) {
  if (!name.endsWith('Model')) return undefined
  await loadWhole()
  if (!classes.has(name)) {
    const tag = `V${name.slice(0, -'Model'.length)}`
    const model = class extends VueModel {
      getVueTag() { return tag }
    }
    model.serializers = VueModel.serializers
    classes.set(name, model)
  }
  return classes.get(name)
}
