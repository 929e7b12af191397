// Draws the charts of the suite's pages (parts/chart.vue) from plain options: nothing in them is a function or becomes one.
// In an option "@name" stands for a colour of the theme, or for one of the shapes and labels below; never within data.
// Each kind of chart by its own file: by the package's lists of all kinds, every page that draws would fetch all of them.
import 'echarts/lib/chart/bar.js'
import 'echarts/lib/chart/custom.js'
import 'echarts/lib/chart/lines.js'
import 'echarts/lib/chart/scatter.js'
import 'echarts/lib/component/dataZoomInside.js'
import 'echarts/lib/component/grid.js'
import 'echarts/lib/component/legendPlain.js'
import 'echarts/lib/component/markLine.js'
import 'echarts/lib/component/title.js'
import 'echarts/lib/component/tooltip.js'

import * as echarts from 'echarts/lib/echarts.js'
import { installLabelLayout } from 'echarts/lib/label/installLabelLayout.js'

import { SHAPES } from './chart_shapes.js'
import { COLOURS, register } from './chart_theme.js'

// Without it a label stands where it stands, whatever lies there already.
echarts.use(installLabelLayout)
register(echarts)

const PICTURE_WIDTH = 1200
const MAP_WIDTH = 900
const PICTURE_HEAD = 84
const LEGEND_LINE = 24
const HEAD = '\n'
const WHOLE = { start: 0, end: 100 }
const measure = document.createElement('canvas').getContext('2d')

function widthOf(text) {
  measure.font = '12.5px "Noto Sans SC", "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif'
  return Math.ceil(Math.max(0, ...String(text).split('\n').map((line) => measure.measureText(line).width)))
}

/** How a label is written: whole where there is room, else its first line. */
const shortened = (phone) => (text) => (phone ? String(text).split(HEAD)[0] : String(text).replace(HEAD, '  '))
const stacked = (phone) => (text) => (phone ? String(text).split(HEAD)[0] : text)

const day = (moment) => new Date(moment).toISOString().slice(0, 10)
const KINDS = {
  text: (value) => value,
  row: (name) => name.replace(HEAD, ' '),
  number: (value) => Number(value).toLocaleString('en'),
  day,
  last: (moment) => day(moment - 86400000),
}

/** The values of a mark: a plain list, or beside what is said of this mark alone. */
const datumOf = (data) => (Array.isArray(data) ? data : data.value)

/** What is told of a mark when it is pointed at: lines of text, never HTML. `told`: [{label, at, kind, words}]. */
function tell(series, datum, rows) {
  const box = document.createElement('div')
  for (const { label, at, kind = 'text', words } of series.told ?? []) {
    const value = words ? words[datum[at]] : kind === 'row' ? rows[datum[at]] : datum[at]
    if (value === null || value === undefined || value === '') continue
    const line = box.appendChild(document.createElement('div'))
    if (label) line.appendChild(document.createElement('span')).textContent = `${label} `
    line.appendChild(document.createElement('b')).textContent = KINDS[kind](value)
  }
  return box
}

/** One chart in one element. `picked(act, data)` hears which mark was chosen. */
export class Drawing {
  constructor(element, picked) {
    this.element = element
    this.picked = picked
    this.first = 0
  }

  /** Draw this chart; `look` is {dark, phone, room}, `room` being the height in pixels that rows may take. */
  show(chart, look) {
    const remade = this.look?.dark !== look.dark || !this.chart
    // A map stays where somebody has gone to, as long as it is the same one.
    this.zoom = this.chart && chart.aspect && this.given === chart ? this.part() : [WHOLE, WHOLE]
    this.given = chart
    this.look = look
    this.first = Math.min(this.first, Math.max(0, chart.rows - this.rows))
    this.element.style.height = `${this.height()}px`
    if (remade) {
      this.chart?.dispose()
      this.chart = echarts.init(this.element, look.dark ? 'svc-dark' : 'svc-light')
      this.chart.on('click', (happened) => this.click(happened))
    } else {
      this.chart.resize()
    }
    // What is told of a mark may just be on its way: its component stays, all else is made anew.
    this.chart.setOption(this.option(this.element.clientWidth), { replaceMerge: ['series', 'xAxis', 'yAxis', 'dataZoom'] })
  }

  get rowHeight() { return this.look.phone ? this.given.row.phone : this.given.row.px }

  /** How many rows there is room for. */
  get rows() { return this.given.row ? Math.min(this.given.rows, Math.max(4, Math.floor(this.look.room / this.rowHeight))) : 0 }

  /** The height that all rows would take beyond those that are seen. */
  get hidden() { return this.given.row ? (this.given.rows - this.rows) * this.rowHeight : 0 }

  /** Which rows are seen, of how many. */
  get range() { return `${this.first + 1}–${this.first + this.rows} / ${this.given.rows}` }

  height(width = this.element.clientWidth) {
    const plot = this.given.row ? this.rows * this.rowHeight : Math.min(this.given.height, width * (this.given.aspect ? 1 : 0.7))
    return plot + this.top() + this.bottom(width)
  }

  top() { return this.look.phone ? this.given.head.phone : this.given.head.px }

  /** Below the plot stand the axis' labels and the legend, in as many lines as it needs. */
  bottom(width) { return this.legendLines(width) * LEGEND_LINE + (this.given.row ? 10 : 46) }

  legendLines(width) {
    const names = this.given.option.series.map(({ name }) => name).filter(Boolean)
    let [lines, at] = [names.length ? 1 : 0, 0]
    for (const name of names) {
      const wide = widthOf(name) + 44
      if (at && at + wide > width - 16) { lines += 1; at = 0 }
      at += wide
    }
    return lines
  }

  /** Where the plot begins, after the labels of its rows. */
  left() {
    if (!this.given.row) return 46
    const written = shortened(this.look.phone)
    const widest = Math.max(0, ...this.given.option.yAxis.data.map((text) => widthOf(written(text))))
    return Math.min(widest, this.look.phone ? 100 : 260) + 14
  }

  option(width, { top = 0, dark = this.look.dark } = {}) {
    const { given, look } = this
    const colours = COLOURS[dark ? 'dark' : 'light']
    const named = (name) => colours[name] ?? colours.palette[name.slice(1)]
    const option = this.resolved(given.option, { ...look, colours, named })
    const grid = { top: top + this.top(), bottom: this.bottom(width), left: this.left(), right: 18, containLabel: false }
    option.grid = grid
    option.animation = false
    option.useUTC = true
    option.legend = { bottom: 4, left: 8, right: 8, type: 'plain', itemWidth: 14, itemHeight: 10, itemGap: 14 }
    option.tooltip = { trigger: 'item', confine: true, formatter: ({ seriesIndex, data }) => tell(given.option.series[seriesIndex], datumOf(data), given.option.yAxis.data) }
    if (given.row) this.window(option)
    if (given.aspect) this.fit(option, width - grid.left - grid.right, this.height(width) - this.top() - this.bottom(width))
    return option
  }

  /** The option with colours and shapes in place of their names. What stands in data is left as it is. */
  resolved(value, scope, key = '') {
    // Where a line is marked, no word of a record stands beside it.
    if (key === 'markLine') scope = { ...scope, marking: true }
    if ((key === 'data' && !scope.marking) || ['told', 'click', 'texts'].includes(key)) return value
    if (Array.isArray(value)) {
      return value.map((one, place) => (key === 'series' ? this.series(one, place, scope) : this.resolved(one, scope)))
    }
    if (value && typeof value === 'object') {
      return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, this.resolved(one, scope, name)]))
    }
    if (typeof value !== 'string' || value[0] !== '@') return value
    if (value === '@shortened') return shortened(scope.phone)
    if (value === '@stacked') return stacked(scope.phone)
    if (value === '@days') return scope.phone ? '{MM}-{dd}' : '{yyyy}-{MM}-{dd}'
    return scope.named(value.slice(1)) ?? value
  }

  series(given, place, scope) {
    const series = this.resolved(given, scope)
    const shape = SHAPES[given.shape]
    if (!shape) return series
    const colour = series.itemStyle.color
    const renderItem = (params, api) => shape({
      datum: given.data[params.dataIndex], series, api, colour, colours: scope.colours, area: params.coordSys,
    })
    return { ...series, type: 'custom', renderItem }
  }

  /** Only the rows that there is room for, from the first one on; the element around scrolls them. */
  window(option) {
    option.yAxis.axisLabel = {
      ...option.yAxis.axisLabel, width: this.left() - 12, overflow: 'break', lineHeight: 14, interval: 0, formatter: shortened(this.look.phone),
    }
    option.dataZoom = [{
      type: 'inside', yAxisIndex: 0, disabled: true, filterMode: 'filter', startValue: this.first, endValue: this.first + this.rows - 1,
    }]
  }

  /** Show the rows from this pixel of all rows on. */
  scroll(pixels) {
    const first = Math.round(pixels / this.rowHeight)
    if (first === this.first || !this.chart) return
    this.first = first
    this.chart.dispatchAction({ type: 'dataZoom', dataZoomIndex: 0, startValue: first, endValue: first + this.rows - 1 })
  }

  /** Widen one axis, so that a degree of latitude is as long as `aspect` degrees of longitude on the ground. */
  fit(option, width, height) {
    const { xAxis, yAxis } = option
    const perDegree = Math.min(width / ((xAxis.max - xAxis.min) * this.given.aspect), height / (yAxis.max - yAxis.min))
    const widen = (axis, span) => {
      const middle = (axis.min + axis.max) / 2
      Object.assign(axis, { min: middle - span / 2, max: middle + span / 2 })
    }
    widen(xAxis, width / perDegree / this.given.aspect)
    widen(yAxis, height / perDegree)
    const inside = { type: 'inside', filterMode: 'none', zoomOnMouseWheel: 'ctrl', moveOnMouseWheel: false }
    option.dataZoom = ['xAxisIndex', 'yAxisIndex'].map((axis, place) => ({
      ...inside, ...this.zoom[place], [axis]: 0,
      // A finger that strokes over the whole map scrolls the page; over a part of it, the part.
      moveOnMouseMove: this.zoom[place].end - this.zoom[place].start < 100,
    }))
  }

  /** Which part of a map is seen, in hundredths of each axis. */
  part() { return this.chart.getOption().dataZoom.map(({ start, end }) => ({ start, end })) }

  /** See more of a map (`by` over 1), less of it, or with 0 all. */
  magnify(by) {
    const zoomed = this.part().map(({ start, end }) => {
      const [middle, half] = by ? [(start + end) / 2, Math.min(50, Math.max(1, (end - start) / 2 / by))] : [50, 50]
      const from = Math.min(Math.max(middle - half, 0), 100 - 2 * half)
      return { start: from, end: from + 2 * half, moveOnMouseMove: half < 50 }
    })
    this.chart.setOption({ dataZoom: zoomed })
  }

  click({ seriesIndex, data }) {
    const { act, keys } = this.given.option.series[seriesIndex].click ?? {}
    if (act) this.picked(act, Object.fromEntries(Object.entries(keys).map(([name, at]) => [name, datumOf(data)[at]])))
  }

  /** A picture of what is seen, with its title, for paper: black on white whatever the page wears. */
  async picture() {
    const box = document.createElement('div')
    const [look, width] = [this.look, this.given.aspect ? MAP_WIDTH : PICTURE_WIDTH]
    Object.assign(box.style, { position: 'fixed', left: '-9999px', width: `${width}px` })
    document.body.append(box)
    try {
      this.look = { ...look, phone: false }
      this.zoom = this.given.aspect ? this.part() : this.zoom
      box.style.height = `${PICTURE_HEAD + this.height(width)}px`
      const paper = echarts.init(box, 'svc-light')
      const { title, lead } = this.given
      const long = { width: width - 32, overflow: 'break' }
      const head = { text: title, subtext: [lead, this.hidden ? this.range : ''].join('  '), left: 12, top: 8, textStyle: long, subtextStyle: long }
      paper.setOption({ ...this.option(width, { top: PICTURE_HEAD, dark: false }), title: head })
      const canvas = paper.renderToCanvas({ pixelRatio: 2, backgroundColor: '#fff' })
      paper.dispose()
      return await new Promise((resolve) => { canvas.toBlob(resolve, 'image/png') })
    } finally {
      this.look = look
      box.remove()
    }
  }

  dispose() { this.chart?.dispose() }
}
