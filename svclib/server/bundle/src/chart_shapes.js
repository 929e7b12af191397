// The marks that ECharts does not have by itself: cells of a matrix, spans over days, bars over a range, ticks of a limit.
// A mark's datum is a plain list from the page; which place in it says what stands with each shape.
const GAP = 1.5
const HATCH = 7
const LINE = 14
const FONTS = '"Noto Sans SC", "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif'
const NARROW = 60
const measure = document.createElement('canvas').getContext('2d')

function widthOf(text, size = 12) {
  measure.font = `${size}px ${FONTS}`
  return measure.measureText(text).width
}

/** A text in lines no wider than this, broken between any two signs as Chinese is; what is beyond `most` lines is left out. */
function broken(text, size, width, most) {
  const lines = ['']
  for (const sign of text) {
    if (lines.at(-1) && widthOf(lines.at(-1) + sign, size) > width) lines.push('')
    lines[lines.length - 1] += sign
  }
  return lines.length > most ? [...lines.slice(0, most - 1), `${lines[most - 1].slice(0, -1)}…`] : lines
}

/** The text inside a mark; none where not a line fits. */
function inside(text, { width, height }, colours, more) {
  const most = Math.floor((height - 1) / LINE)
  if (!text || width < 16 || most < 1) return {}
  const [fontSize, edge] = width < NARROW ? [11, 2] : [12, 6]
  const style = {
    text: broken(text, fontSize, width - edge, most).join('\n'), fill: colours.text, fontSize, lineHeight: LINE, align: 'center', verticalAlign: 'middle', ...more,
  }
  return { textContent: { type: 'text', silent: true, style }, textConfig: { position: 'inside' } }
}

/** Lines from lower left to upper right, as many as fill a rectangle. */
function hatched({ x, y, width, height }, colour) {
  const lines = []
  for (let from = -height; from < width; from += HATCH) {
    const [left, right] = [Math.max(from, 0), Math.min(from + height, width)]
    lines.push(`M${x + left} ${y + height - (left - from)}L${x + right} ${y + height - (right - from)}`)
  }
  return { type: 'path', silent: true, shape: { pathData: lines.join('') }, style: { stroke: colour, fill: 'none', lineWidth: 1.2 } }
}

const tinted = (colour, share) => `${colour}${Math.round(255 * share).toString(16).padStart(2, '0')}`

/** [column, row, …]: a cell of a matrix with the text at `series.text`, the deeper in colour the more at `series.depth` (0 to 1). */
function cells({ datum, series, api, colour, colours }) {
  const [x, y] = api.coord([datum[0], datum[1]])
  const [wide, high] = api.size([1, 1])
  const shape = { x: x - wide / 2 + GAP, y: y - high / 2 + GAP, width: wide - 2 * GAP, height: high - 2 * GAP, r: 4 }
  return {
    type: 'rect',
    shape,
    style: { fill: tinted(colour, 0.06 + 0.36 * datum[series.depth]), stroke: tinted(colour, 0.75), lineWidth: series.marked ? 1.5 : 0.5 },
    emphasis: { style: { stroke: colours.text, lineWidth: 1.5 } },
    ...inside(datum[series.text], shape, colours, series.marked ? { fontWeight: 600 } : {}),
  }
}

/** [row, from, to, which of `series.texts`, …]: a span over days. `series.line` may be dashed or heavy, `series.hatched` is without colour. */
function spans({ datum, series, api, colour, colours, area }) {
  const [from, y] = api.coord([datum[1], datum[0]])
  const [to] = api.coord([datum[2], datum[0]])
  const high = api.size([0, 1])[1]
  const x = Math.max(from, area.x)
  const shape = { x: x + GAP, y: y - high / 2 + 2, width: Math.max(Math.min(to, area.x + area.width) - x - 2 * GAP, 2), height: high - 4, r: 4 }
  const mark = series.marks?.[datum[series.mark]] ?? {}
  const whole = [mark.sign, series.texts[datum[3]]].filter(Boolean).join(' ')
  const text = series.hatched && widthOf(whole) > shape.width - 10 ? '' : whole
  const tone = mark.colour ?? colour
  const rect = {
    type: 'rect',
    shape,
    style: {
      fill: series.hatched || series.hollow ? tinted(colours.surface, 0.6) : tinted(colour, 0.2), stroke: tone,
      lineWidth: mark.colour ? 2 : 1, lineDash: series.hollow || mark.dashed ? [4, 3] : null,
    },
    emphasis: { style: { lineWidth: 2.5 } },
    ...inside(text, shape, colours, { ...(series.hatched && { backgroundColor: colours.surface, padding: [1, 3] }) }),
  }
  return series.hatched ? { type: 'group', children: [rect, hatched(shape, tinted(colour, 0.6))].map((one, n) => (n ? { ...one, z2: -1 } : one)) } : rect
}

/** [from, to, count, foot, total, …]: a part of a histogram's bar over its range, from `foot` people up; `total` stands on top,
    beside a marked line (`avoids`) where one goes through there. */
function bins({ datum, series, api, colour, colours }) {
  const [x, top] = api.coord([datum[0], datum[3] + datum[2]])
  const [to, foot] = api.coord([datum[1], datum[3]])
  const middle = (x + to) / 2
  const line = (series.avoids ?? []).map((value) => api.coord([value, 0])[0]).find((at) => Math.abs(at - middle) < 10)
  const aside = line === undefined ? 0 : line <= middle ? 12 : -12
  const style = { text: String(datum[4]), fill: colours.text, fontSize: 12 }
  return {
    type: 'rect',
    shape: { x: x + 1, y: top, width: Math.max(to - x - 2, 1), height: foot - top },
    style: { fill: colour },
    ...(datum[4] && { textContent: { type: 'text', style }, textConfig: { position: 'top', offset: [aside, 0] } }),
  }
}

/** [limit, row]: an upright tick across a row, where its limit is. */
function ticks({ datum, api, colour }) {
  const [x, y] = api.coord([datum[0], datum[1]])
  const high = api.size([0, 1])[1]
  return { type: 'rect', shape: { x: x - 1.5, y: y - high / 2 + 2, width: 3, height: high - 4 }, style: { fill: colour } }
}

export const SHAPES = { cells, spans, bins, ticks }
