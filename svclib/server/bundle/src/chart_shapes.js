// The marks that ECharts does not have by itself: cells of a matrix, spans over days, bars over a range, ticks of a limit.
// A mark's datum is a plain list from the page; which place in it says what stands with each shape.
const GAP = 1.5
const HATCH = 7

const FONT = '12px "Noto Sans SC", "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif'
const measure = document.createElement('canvas').getContext('2d')

function fits(text, width) {
  measure.font = FONT
  return measure.measureText(text).width <= width - 8
}

/** The text of a mark, broken into lines that fit; none where not even a character does. */
function inside(text, width, height, colours, more) {
  if (!text || width < 16 || height < 12) return {}
  const style = {
    text, fill: colours.text, fontSize: 12, lineHeight: 14, width: width - 8, overflow: 'break', lineOverflow: 'truncate', ellipsis: '…',
    height: Math.max(14, height - 2), align: 'center', verticalAlign: 'middle', ...more,
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
    ...inside(datum[series.text], shape.width, shape.height, colours, series.marked ? { fontWeight: 600 } : {}),
  }
}

/** [row, from, to, text, …]: a span over days. `series.line` may be dashed or heavy, `series.hatched` is without colour. */
function spans({ datum, series, api, colour, colours, area }) {
  const [from, y] = api.coord([datum[1], datum[0]])
  const [to] = api.coord([datum[2], datum[0]])
  const high = api.size([0, 1])[1]
  const x = Math.max(from, area.x)
  const shape = { x: x + GAP, y: y - high / 2 + 2, width: Math.max(Math.min(to, area.x + area.width) - x - 2 * GAP, 2), height: high - 4, r: 4 }
  const mark = series.marks?.[datum[series.mark]] ?? {}
  const whole = [mark.sign, datum[3]].filter(Boolean).join(' ')
  const text = series.hatched && !fits(whole, shape.width) ? '' : whole
  const tone = mark.colour ?? colour
  const rect = {
    type: 'rect',
    shape,
    style: {
      fill: series.hatched || series.hollow ? tinted(colours.surface, 0.6) : tinted(colour, 0.2), stroke: tone,
      lineWidth: mark.colour ? 2 : 1, lineDash: series.hollow || mark.dashed ? [4, 3] : null,
    },
    emphasis: { style: { lineWidth: 2.5 } },
    ...inside(text, shape.width, shape.height, colours, { ...(series.hatched && { backgroundColor: colours.surface, padding: [1, 3] }) }),
  }
  return series.hatched ? { type: 'group', children: [rect, hatched(shape, tinted(colour, 0.6))].map((one, n) => (n ? { ...one, z2: -1 } : one)) } : rect
}

/** [from, to, count, …]: a bar of a histogram over its range. */
function bins({ datum, api, colour, colours }) {
  const [x, top] = api.coord([datum[0], datum[2]])
  const [to, foot] = api.coord([datum[1], 0])
  return {
    type: 'rect',
    shape: { x: x + 1, y: top, width: Math.max(to - x - 2, 1), height: foot - top },
    style: { fill: colour },
    ...(datum[2] && {
      textContent: { type: 'text', style: { text: String(datum[2]), fill: colours.text, fontSize: 12 } }, textConfig: { position: 'top' },
    }),
  }
}

/** [limit, row]: an upright tick across a row, where its limit is. */
function ticks({ datum, api, colour }) {
  const [x, y] = api.coord([datum[0], datum[1]])
  const high = api.size([0, 1])[1]
  return { type: 'rect', shape: { x: x - 1.5, y: y - high / 2 + 2, width: 3, height: high - 4 }, style: { fill: colour } }
}

export const SHAPES = { cells, spans, bins, ticks }
