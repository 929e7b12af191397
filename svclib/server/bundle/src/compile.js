// Compiles a `.vue` file in the browser: for apps of one's own, whose views the bundle cannot know. What is common needs
// Vue's small compiler alone; scoped styles and <script setup> fetch the large one.
import { compile as compileTemplate, parse } from '@vue/compiler-dom'
import * as Vue from 'vue'

const ELEMENT = 1

/** A view as the build makes it: its script's options, its render function, its style sheet, its style scope. */
export async function compile(source, hash) {
  const blocks = parse(source, { parseMode: 'sfc' }).children.filter((node) => node.type === ELEMENT)
  const marked = blocks.some(({ props }) => props.some(({ name }) => name === 'scoped' || name === 'setup'))
  if (marked) return compileLarge(await import('@vue/compiler-sfc/dist/compiler-sfc.esm-browser.js'), source, hash)
  const inside = (tag) => blocks.filter((block) => block.tag === tag).map(({ innerLoc }) => innerLoc?.source ?? '')
  const [template] = inside('template')
  const [script] = inside('script')
  return {
    hash,
    options: script ? evaluate(script) : {},
    render: template && renderer(template),
    css: inside('style').join('\n'),
  }
}

function renderer(template) {
  const render = run(compileTemplate(template, {
    mode: 'function', hoistStatic: true, whitespace: 'condense',
    onError(error) { throw error },
  }).code)
  // As Vue marks what its own compiler has made at run time: names in it are looked up in the component alone.
  render._rc = true
  return render
}

function compileLarge(compiler, source, hash) {
  const { descriptor, errors } = compiler.parse(source)
  if (errors.length) throw errors[0]
  const { script, scriptSetup, styles, template } = descriptor
  const compiled = script || scriptSetup ? compiler.compileScript(descriptor, { id: hash }) : undefined
  const scope = styles.some(({ scoped }) => scoped) ? `data-v-${hash}` : undefined
  return {
    hash,
    options: compiled ? evaluate(compiled.content) : {},
    render: template && evaluate(compiler.compileTemplate({
      source: template.content, filename: hash, id: hash, scoped: Boolean(scope),
      compilerOptions: { bindingMetadata: compiled?.bindings ?? {} },
    }).code),
    css: styles.map(({ content, scoped }) =>
      compiler.compileStyle({ source: content, filename: hash, id: scope ?? hash, scoped: Boolean(scoped) }).code).join('\n'),
    scope,
  }
}

/** What a module exports: its default, or its render function. It may import from Vue and from nowhere else. */
function evaluate(code) {
  const imported = /^\s*import\s*\{([^}]*)\}\s*from\s*['"]vue['"];?/gm
  const taken = code.replace(imported, (_, names) => `const {${names.replace(/\bas\b/g, ':')}} = Vue;`)
  return run(taken.replace(/\bexport default\b|\bmodule\.exports\s*=|\bexport(?= function render\b)/, 'return'))
}

function run(code) {
  return new Function('Vue', code)(Vue)
}
