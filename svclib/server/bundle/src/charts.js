// ipecharts' widgets. Its own front end is not published as a package; this is what its Python side speaks to.
// Left out: functions sent as text (`__ipecharts_jsfn__`), by which a name typed into a form could run code.
import { DOMWidgetModel, DOMWidgetView, WidgetModel, unpack_models } from '@jupyter-widgets/base'
import * as echarts from 'echarts'

import { register } from './chart_theme.js'

register(echarts)
window.svcPage.wear('.svc-chart-width { width: 100%; } .svc-chart-height { height: 500px; }')

/** Traits with which a chart is made: when one changes, it is made anew. */
const MAKING = {
  device_pixel_ratio: 'devicePixelRatio',
  renderer: 'renderer',
  use_dirty_rect: 'useDirtyRect',
  use_coarse_pointer: 'useCoarsePointer',
  pointer_size: 'pointerSize',
  width: 'width',
  height: 'height',
  locale: 'locale',
}

class ChartModel extends DOMWidgetModel {
  static serializers = { ...DOMWidgetModel.serializers, option: { deserialize: unpack_models } }
}
export class EChartsRawWidgetModel extends ChartModel {}
export class EChartsWidgetModel extends ChartModel {}

/** A part of a chart's option as a widget of its own: its traits are the option's, other parts among them. */
class OptionModel extends WidgetModel {
  static serializers = new Proxy({}, {
    get: (_, name) => (String(name).startsWith('_') ? undefined : { deserialize: unpack_models }),
  })
}

/** A part's model, whatever its name: what it may hold is ECharts' to know. */
export function classNamed(name) {
  return name.endsWith('Model') ? OptionModel : undefined
}

function plain(value) {
  if (value instanceof WidgetModel) {
    const { unknown_attrs: unknown, ...known } = value.attributes
    const set = Object.entries({ ...known, ...unknown })
      .filter(([name, one]) => !name.startsWith('_') && one !== null && one !== undefined)
    return Object.fromEntries(set.map(([name, one]) => [name, plain(one)]))
  }
  if (Array.isArray(value)) return value.map(plain)
  if (value && Object.getPrototypeOf(value) === Object.prototype) {
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, plain(one)]))
  }
  return value
}

function parts(value) {
  if (value instanceof WidgetModel) return [value, ...Object.values(value.attributes).flatMap(parts)]
  return Array.isArray(value) ? value.flatMap(parts) : []
}

class ChartView extends DOMWidgetView {
  initialize(parameters) {
    super.initialize(parameters)
    this.handlers = new Map()
    this.listenTo(this.model, 'change', this.changed)
    // The widget's layout, which comes later, takes away what it does not set.
    this.listenTo(this, 'layout-changed', this.setStyle)
    this.listenTo(this.model, 'msg:custom', this.heard)
    this.drawn = new Promise((resolve) => { this.drawnNow = resolve })
    this.measured = new ResizeObserver(() => { if (this.el.clientWidth > 10 && this.el.clientHeight > 10) this.chart?.resize() })
  }

  render() {
    super.render()
    this.setStyle()
    this.displayed.then(() => {
      this.make()
      this.measured.observe(this.el)
      this.drawnNow()
    })
  }

  /** In place of the base's, whose `style` is a widget; a chart's is a plain object. */
  setStyle() {
    for (const side of ['width', 'height']) {
      this.el.classList.toggle(`svc-chart-${side}`, ['auto', null].includes(this.model.get(side)))
    }
    for (const [name, value] of Object.entries(this.model.get('style') ?? {})) {
      this.el.style.setProperty(name.replace(/[A-Z]/g, (sign) => `-${sign.toLowerCase()}`), value)
    }
  }

  make() {
    this.chart?.dispose()
    const given = (trait) => (this.model.get(trait) === 'auto' ? undefined : this.model.get(trait) ?? undefined)
    const making = Object.entries(MAKING).map(([trait, name]) => [name, given(trait)])
    const theme = this.model.get('theme') ?? `svc-${document.documentElement.dataset.svcTheme}`
    this.chart = echarts.init(this.el, theme, Object.fromEntries(making))
    this.draw()
    this.send({ action: 'widget_init' })
  }

  draw() {
    const option = this.model.get('option')
    this.stopListening(undefined, 'change', this.draw)
    for (const part of parts(option)) this.listenTo(part, 'change', this.draw)
    this.chart?.setOption(plain(option))
  }

  changed() {
    const names = Object.keys(this.model.changed)
    if (names.includes('style')) this.setStyle()
    if (names.some((name) => name === 'theme' || name in MAKING)) this.make()
    else this.draw()
  }

  heard({ action, payload }) {
    if (action === 'dispatch_action') this.chart?.dispatchAction(payload)
    else if (action === 'register_event') this.listen(payload)
    else if (action === 'unregister_event') this.unlisten(payload)
  }

  listen({ event, query, handler_id: handlerId }) {
    const handler = (happened) => {
      const params = JSON.parse(JSON.stringify(happened, (name, value) => (name === 'event' ? undefined : value)))
      this.send({ action: 'event_handler_params', payload: { event, handlerId, params } })
    }
    this.handlers.set(handlerId, { event, handler })
    if (query === '__all__') this.chart?.on(event, handler)
    else this.chart?.on(event, query, handler)
  }

  unlisten({ event, id_to_remove: ids }) {
    for (const [id, one] of this.handlers) {
      if (one.event !== event || (ids && !ids.includes(id))) continue
      this.chart?.off(event, one.handler)
      this.handlers.delete(id)
    }
  }

  remove() {
    this.measured.disconnect()
    this.chart?.dispose()
    return super.remove()
  }
}
export class EChartsRawWidgetView extends ChartView {}
export class EChartsWidgetView extends ChartView {}
