// The icons of the suite: their names and glyphs with every page; all 7,000 only when a page shows another one.
import { readFileSync, readdirSync } from 'node:fs'
import { extname, join } from 'node:path'

const NAMED = /\bmdi-[a-z0-9-]+/g

function textsOf(folder) {
  return readdirSync(folder, { recursive: true })
    .filter((path) => ['.py', '.vue'].includes(extname(path)))
    .map((path) => readFileSync(join(folder, path), 'utf-8'))
}

export function icons({ modules, require, pages }) {
  const subset = require('subset-font')
  const font = join(modules, '@mdi/font/fonts/materialdesignicons-webfont.woff2')
  const sheet = readFileSync(join(modules, '@mdi/font/css/materialdesignicons.css'), 'utf-8')
  const aliases = readFileSync(join(modules, 'vuetify/lib/iconsets/mdi.js'), 'utf-8')
  const glyphs = new Map(
    [...sheet.matchAll(/\.(mdi-[a-z0-9-]+)::before \{\s*content: "\\([0-9A-F]+)"/g)].map(([, name, code]) => [name, code]))
  const used = [...new Set([...textsOf(pages), aliases].flatMap((text) => text.match(NAMED) ?? []))]
    .filter((name) => glyphs.has(name)).sort()
  const codes = [...new Set(used.map((name) => glyphs.get(name)))].sort()
  const rules = sheet.replace(/@font-face \{[^}]*\}/, '')
  const own = rules.replace(/\.(mdi-[a-z0-9-]+)::before \{[^}]*\}\s*/g, (rule, name) => used.includes(name) || !glyphs.has(name) ? rule : '')
  const face = (file, range) => `@font-face { font-family: "Material Design Icons"; font-display: block;
    src: url("${file}") format("woff2"); unicode-range: ${range}; }\n`

  return {
    name: 'icons',
    setup(build) {
      build.onResolve({ filter: /^svc:icons$/ }, ({ path }) => ({ path, namespace: 'icons' }))
      build.onResolve({ filter: /icons-subset\.woff2$/ }, () => ({ path: 'icons-subset.woff2', namespace: 'icons' }))
      build.onLoad({ filter: /^svc:icons$/, namespace: 'icons' }, () => ({
        contents: `export default new Set(${JSON.stringify(used)})`,
      }))
      build.onLoad({ filter: /woff2$/, namespace: 'icons' }, async () => ({
        contents: await subset(readFileSync(font), String.fromCodePoint(...codes.map((code) => parseInt(code, 16))), {
          targetFormat: 'woff2',
        }),
        loader: 'file',
      }))
      // The later face is asked first: the whole font is fetched for a glyph outside the subset, else never.
      build.onLoad({ filter: /src\/icons\.css$/ }, () => ({
        contents: face(font, 'U+F0000-F1FFF') + face('icons-subset.woff2', codes.map((code) => `U+${code}`).join(', ')) + own,
        loader: 'css',
        resolveDir: join(modules, '..'),
      }))
      build.onResolve({ filter: /^svc:icons\/all$/ }, ({ path }) => ({ path, namespace: 'icons' }))
      build.onLoad({ filter: /^svc:icons\/all$/, namespace: 'icons' }, async () => ({
        contents: (await require('esbuild').transform(rules, { loader: 'css', minify: true })).code, loader: 'text',
      }))
    },
  }
}
