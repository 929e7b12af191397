// The suite's own views, compiled here so that no page needs a compiler. They are found by their text (src/views.js):
// what the kernel sends is compared with what was compiled, so an outdated bundle is slower but never wrong.
import { readFileSync, readdirSync } from 'node:fs'
import { join, sep } from 'node:path'

import { hashOf } from './src/hash.js'

const SHARED = 'parts'
/** Parts that few pages show: fetched when one does. No app can have such a name. */
const APART = new Set([`${SHARED}/chart`])

function groupOf(path) {
  const name = path.split(sep).join('/').replace(/\.vue$/, '')
  return APART.has(name) ? name : name.includes('/') ? name.split('/')[0] : SHARED
}

async function compile({ sfc, esbuild }, source, hash, filename) {
  const { descriptor, errors } = sfc.parse(source, { filename })
  if (errors.length) throw errors[0]
  const scope = descriptor.styles.some(({ scoped }) => scoped) ? `data-v-${hash}` : undefined
  const script = descriptor.script || descriptor.scriptSetup ? sfc.compileScript(descriptor, { id: hash }) : undefined
  const template = descriptor.template && sfc.compileTemplate({
    source: descriptor.template.content,
    filename,
    id: hash,
    scoped: Boolean(scope),
    compilerOptions: { bindingMetadata: script?.bindings ?? {} },
  })
  if (template?.errors.length) throw template.errors[0]
  const sheet = descriptor.styles.map(({ content, scoped }) =>
    sfc.compileStyle({ source: content, filename, id: scope ?? hash, scoped: Boolean(scoped) }).code).join('\n')
  const css = (await esbuild.transform(sheet, { loader: 'css', minify: true })).code
  return [
    script ? sfc.rewriteDefault(script.content, 'options') : 'const options = {}',
    template?.code ?? 'const render = undefined',
    `export default ${JSON.stringify({ hash, css, scope })}`.replace(/}$/, ', options, render }'),
  ].join('\n')
}

export function views({ modules, require, pages }) {
  const compilers = { sfc: require('@vue/compiler-sfc'), esbuild: require('esbuild') }
  const found = readdirSync(pages, { recursive: true }).filter((path) => path.endsWith('.vue')).sort().map((path) => {
    const source = readFileSync(join(pages, path), 'utf-8')
    return { path, source, hash: hashOf(source), group: groupOf(path) }
  })
  const groups = [...new Set(found.map(({ group }) => group))].filter((group) => group !== SHARED)
  const collected = (group) => {
    const own = found.filter((view) => view.group === group)
    return [
      ...own.map(({ hash }, place) => `import view${place} from 'svc-view:${hash}'`),
      `export default { ${own.map(({ hash }, place) => `${JSON.stringify(hash)}: view${place}`).join(', ')} }`,
    ].join('\n')
  }
  const load = (contents) => ({ contents, loader: 'js', resolveDir: join(modules, '..') })

  return {
    name: 'views',
    setup(build) {
      build.onResolve({ filter: /^svc:views$/ }, ({ path }) => ({ path, namespace: 'svc' }))
      build.onResolve({ filter: /^svc-views:/ }, ({ path }) => ({ path: path.split(':')[1], namespace: 'svc-views' }))
      build.onResolve({ filter: /^svc-view:/ }, ({ path }) => ({ path: path.split(':')[1], namespace: 'svc-view' }))
      build.onLoad({ filter: /.*/, namespace: 'svc' }, () => load([
        `import shared from 'svc-views:${SHARED}'`,
        'export const SHARED = shared',
        `export const HASHES = ${JSON.stringify(Object.fromEntries(found.map(({ hash, group }) => [hash, group])))}`,
        `export const LOADERS = { ${groups.map((group) => `${JSON.stringify(group)}: () => import('svc-views:${group}')`).join(', ')} }`,
      ].join('\n')))
      build.onLoad({ filter: /.*/, namespace: 'svc-views' }, ({ path }) => load(collected(path)))
      build.onLoad({ filter: /.*/, namespace: 'svc-view' }, async ({ path }) => {
        const view = found.find(({ hash }) => hash === path)
        return load(await compile(compilers, view.source, view.hash, view.path))
      })
    },
  }
}
