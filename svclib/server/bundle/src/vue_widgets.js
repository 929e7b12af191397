// ipyvue's widgets, by their published source; their way to a component is ours (views.js, in place of its compiler).
import { VueView as View } from 'jupyter-vue/src/VueView.js'

export { ForceLoadModel } from 'jupyter-vue/src/ForceLoad.js'
export { HtmlModel } from 'jupyter-vue/src/Html.js'
export { TemplateModel } from 'jupyter-vue/src/Template.js'
export { VueComponentModel } from 'jupyter-vue/src/VueComponentModel.js'
export { VueModel } from 'jupyter-vue/src/VueModel.js'
export { VueTemplateModel } from 'jupyter-vue/src/VueTemplateModel.js'

/** A widget drawn by Vue: `drawn` resolves when something of it is on the screen. */
export class VueView extends View {
  initialize(parameters) {
    super.initialize(parameters)
    this.drawn = new Promise((resolve) => {
      const mounted = new MutationObserver(() => {
        if (!this.el.childElementCount) return
        mounted.disconnect()
        requestAnimationFrame(resolve)
      })
      mounted.observe(this.el, { childList: true, subtree: true })
    })
  }
}
