// Vuetify in two parts: the components that the suite's own views name come with every page, all others, the utility
// classes and the colour classes only when a page names one. Whole it is a megabyte to be read before anything is shown.
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

/** What the views show only after a click. */
const LATER = new Set(['VDatePicker'])

function named(folder) {
  const texts = readdirSync(folder, { recursive: true }).filter((path) => path.endsWith('.vue'))
    .map((path) => readFileSync(join(folder, path), 'utf-8'))
  const tags = new Set(texts.flatMap((text) => text.match(/<v-[a-z-]+/g) ?? []))
  return [...tags].map((tag) => tag.slice(1).replace(/(^|-)([a-z])/g, (_, _dash, letter) => letter.toUpperCase())).sort()
}

export function vuetify({ modules, require, pages }) {
  const esbuild = require('esbuild')
  const sass = require('sass')
  const own = named(pages)
  const now = own.filter((name) => !LATER.has(name))
  const later = own.filter((name) => LATER.has(name))
  const load = (contents, loader = 'js') => ({ contents, loader, resolveDir: join(modules, '..') })
  const parts = {
    now: now.map((name) => `vuetify/components/${name}`),
    whole: ['vuetify/styles', 'vuetify/components', 'vuetify/directives'],
  }

  /** The sheets of a part as one text. esbuild itself would put those of what comes later before every page. */
  async function sheetOf(part) {
    const { outputFiles } = await esbuild.build({
      stdin: { contents: parts[part].map((path) => `import '${path}'`).join('\n'), resolveDir: join(modules, '..') },
      bundle: true, minify: true, write: false, outdir: 'sheet', nodePaths: [modules], legalComments: 'none', ignoreAnnotations: true,
    })
    return outputFiles.find(({ path }) => path.endsWith('.css')).text
  }

  return {
    name: 'vuetify',
    setup(build) {
      build.onResolve({ filter: /^svc:vuetify\// }, ({ path }) => ({ path: path.slice('svc:vuetify/'.length), namespace: 'vuetify' }))
      build.onLoad({ filter: /^now$/, namespace: 'vuetify' }, () => load([
        'import "svc:vuetify/now.css"',
        ...now.map((name) => `import { ${name} } from 'vuetify/components/${name}'`),
        `export const NOW = { ${now.join(', ')} }`,
        `export const LATER = ${JSON.stringify(later)}`,
      ].join('\n')))
      build.onLoad({ filter: /^whole$/, namespace: 'vuetify' }, () => load([
        'export * as components from "vuetify/components"',
        'export * as directives from "vuetify/directives"',
        'export { default as sheet } from "svc:vuetify/whole.text"',
      ].join('\n')))
      build.onLoad({ filter: /\.(css|text)$/, namespace: 'vuetify' }, async ({ path }) => {
        const [part, loader] = path.split('.')
        return load(await sheetOf(part), loader)
      })
      build.onLoad({ filter: /vuetify\/lib\/.*\.css$/ }, () => load('', 'css'))
      build.onLoad({ filter: /\.scss$/ }, ({ path }) => load(sass.compile(path, { loadPaths: [modules] }).css, 'css'))
    },
  }
}
