// From a `.vue` file's text to its component. The texts come from the kernel. Those of the suite were compiled when this
// bundle was built and are found by their text's hash; any other is compiled here, by a compiler fetched for it.
import * as Vue from 'vue'

import { HASHES, LOADERS, SHARED } from 'svc:views'

import { hashOf } from './hash.js'
import { loadIconsOf, loadWhole } from './vuetify.js'

const loaded = new Map(Object.entries(SHARED))

/** Fetch the compiled views of an app before the kernel asks for them; for an app of one's own, the compiler. */
export function prepare(app) {
  return app in LOADERS ? loadViews(app) : import('./compile.js')
}

async function loadViews(group) {
  for (const [hash, view] of Object.entries((await LOADERS[group]()).default)) loaded.set(hash, view)
}

async function find(hash, source) {
  if (hash in HASHES) await loadViews(HASHES[hash])
  else {
    loadIconsOf(source)
    const [compiler] = await Promise.all([import('./compile.js'), loadWhole()])
    loaded.set(hash, await compiler.compile(source, hash))
  }
  return loaded.get(hash)
}

/** Put the view's own style sheet into the page, once. */
function dress(view) {
  if (view.css) window.svcPage.wear(view.css)
  view.css = ''
}

function assemble(view, mixin) {
  const { setup, ...options } = view.options
  return {
    ...(view.render && { render: view.render }),
    ...(setup && { setup }),
    ...(view.scope && { __scopeId: view.scope }),
    // When it is first shown: sheets follow each other as the views stand in each other, whole before part.
    beforeCreate: () => dress(view),
    mixins: [options, mixin],
  }
}

/** The component of this text, with what `mixin` adds. Takes the place of jupyter-vue's function of this name. */
export function getAsyncComponent(source, mixin) {
  const hash = hashOf(source)
  const view = loaded.get(hash)
  if (view) return assemble(view, mixin)
  return Vue.defineAsyncComponent(async () => assemble(await find(hash, source), mixin))
}
