// Builds the front end: `node build.mjs PACKAGES OUT`, PACKAGES being where npm has put `node_modules`.
// What comes out depends on these sources, on the views of svclib/pages and on the lock alone.
import { mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'

const here = dirname(fileURLToPath(import.meta.url))
const [packages, out] = process.argv.slice(2).map((path) => resolve(path))
const modules = join(packages, 'node_modules')
const require = createRequire(join(packages, 'package.json'))
const esbuild = require('esbuild')
const { icons } = await import('./icons.mjs')
const { views } = await import('./views.mjs')
const { vuetify } = await import('./vuetify.mjs')

const pages = join(here, '../../pages')
const source = (name) => join(here, 'src', name)
const options = {
  bundle: true,
  minify: true,
  metafile: true,
  outdir: out,
  entryNames: '[name]-[hash]',
  chunkNames: '[name]-[hash]',
  assetNames: '[name]-[hash]',
  target: 'es2022',
  nodePaths: [modules],
  absWorkingDir: here,
  legalComments: 'none',
  loader: { '.woff2': 'file' },
  define: {
    'process.env.NODE_ENV': '"production"',
    __VUE_OPTIONS_API__: 'true',
    __VUE_PROD_DEVTOOLS__: 'false',
    __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'false',
  },
}

/** What published packages bring along and no page needs; see each file. */
const standIns = {
  name: 'stand-ins',
  setup(build) {
    const standIn = (filter, file) => build.onResolve({ filter }, () => ({ path: source(file) }))
    standIn(/^jquery$/, 'stand_ins/jquery.js')
    standIn(/^lodash$/, 'stand_ins/lodash.js')
    standIn(/^sanitize-html$/, 'stand_ins/sanitize_html.js')
    // jupyter-vue's compiler, three quarters of a megabyte: our views are compiled before.
    standIn(/\/esmVueTemplate$/, 'views.js')
  },
}

/** A package's licence travels with its code. */
function licences(inputs) {
  const names = new Set(inputs.map((path) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1]).filter(Boolean))
  return [...names].sort().map((name) => {
    const folder = join(modules, name)
    const { version, license } = JSON.parse(readFileSync(join(folder, 'package.json')))
    const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry))
    return `${name} ${version} (${license})\n\n${file ? readFileSync(join(folder, file), 'utf-8') : ''}`
  }).join(`\n${'-'.repeat(80)}\n`)
}

function compress(name) {
  const bytes = readFileSync(join(out, name))
  writeFileSync(join(out, `${name}.gz`), gzipSync(bytes, { level: 9 }))
  writeFileSync(join(out, `${name}.br`), brotliCompressSync(bytes, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
  }))
}

rmSync(out, { recursive: true, force: true })
mkdirSync(out, { recursive: true })
const frame = await esbuild.build({ ...options, entryPoints: [source('frame.js')], format: 'iife' })
const main = await esbuild.build({
  ...options,
  entryPoints: [source('main.js')],
  format: 'esm',
  splitting: true,
  plugins: [standIns, ...[icons, views, vuetify].map((plugin) => plugin({ modules, require, pages }))],
})

const outputs = { ...frame.metafile.outputs, ...main.metafile.outputs }
const name = (path) => basename(path)
const entry = (file) => Object.entries(outputs).find(([, output]) => output.entryPoint?.endsWith(file))
const [mainPath, mainOutput] = entry('src/main.js')
/** The scripts without which this one cannot run. */
const needs = (path) => outputs[path].imports.filter(({ kind }) => kind === 'import-statement').map((one) => one.path)
const groups = Object.entries(outputs).filter(([, output]) => output.entryPoint?.startsWith('svc-views:'))
const manifest = {
  frame: name(entry('src/frame.js')[0]),
  main: name(mainPath),
  style: name(mainOutput.cssBundle),
  font: name(Object.keys(outputs).find((path) => /icons-subset-\w+\.woff2$/.test(path))),
  needs: needs(mainPath).map(name),
  views: Object.fromEntries(groups.map(([path, output]) => [output.entryPoint.split(':')[1], name(path)])),
}
writeFileSync(join(out, 'licences.txt'), licences(Object.keys({ ...frame.metafile.inputs, ...main.metafile.inputs })))
// esbuild writes a sheet for each part that comes later, here an empty one: theirs come with their scripts.
for (const file of readdirSync(out)) if (file.endsWith('.css') && !statSync(join(out, file)).size) rmSync(join(out, file))
for (const file of readdirSync(out)) if (/\.(js|css)$/.test(file)) compress(file)
writeFileSync(join(out, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`)
if (process.env.SVC_BUNDLE_META) writeFileSync(process.env.SVC_BUNDLE_META, JSON.stringify(main.metafile))
