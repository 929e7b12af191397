// The widgets of one page: which class is which, where their state comes from, how an output is shown.
import { JupyterLuminoWidget, put_buffers, shims } from '@jupyter-widgets/base'
import * as base from '@jupyter-widgets/base'
import { CONTROL_COMM_PROTOCOL_VERSION, CONTROL_COMM_TARGET, ManagerBase } from '@jupyter-widgets/base-manager'

import * as vue from './vue_widgets.js'
import * as vuetify from './vuetify_widgets.js'

const ASK_AGAIN_MS = 5000

// What few pages show comes only when a page shows it.
const MODULES = {
  '@jupyter-widgets/base': () => base,
  'jupyter-vue': () => vue,
  'jupyter-vuetify': () => vuetify,
  ipecharts: () => import('./charts.js'),
}

export class Manager extends ManagerBase {
  constructor(kernel) {
    super()
    this.kernel = kernel
    this.comms = new shims.services.CommManager(kernel)
  }

  /**
   * Make the models of all widgets that the kernel has, and from then on each one as it comes.
   *
   * What the kernel says before it answers is in the answer; what it says after waits until all models are made.
   */
  async load() {
    const comm = await this.comms.new_comm(CONTROL_COMM_TARGET, {}, {}, { version: CONTROL_COMM_PROTOCOL_VERSION })
    const ask = () => comm.send({ method: 'request_states' }, {})
    // An answer can be lost to a socket so young that the kernel has not heard of it.
    const again = setInterval(ask, ASK_AGAIN_MS)
    await new Promise((resolve, reject) => {
      comm.on_msg((answer) => {
        this.made ??= this.make(answer.content.data, answer.buffers).then(resolve, reject)
        return this.made
      })
      ask()
    }).finally(() => clearInterval(again))
    comm.close()
  }

  async make({ states, buffer_paths: paths }, buffers) {
    this.comms.register_target(this.comm_target_name, (comm, opening) => this.handle_comm_open(comm, opening))
    paths.forEach(([id, ...path], place) => put_buffers(states[id].state, [path], [buffers[place]]))
    await Promise.all(Object.entries(states).map(([id, { state, ...model }]) => {
      const comm = new shims.services.Comm(this.kernel.createComm(this.comm_target_name, id))
      // One that cannot be made keeps none of the others from the screen.
      return this.new_model({ ...model, model_id: id, comm }, state).catch((error) => console.error(error))
    }))
  }

  async loadClass(name, module) {
    const loaded = await MODULES[module]?.()
    const found = loaded?.[name] ?? await loaded?.classNamed?.(name)
    if (!found) throw new Error(`There is no ${name} of ${module} here`)
    return found
  }

  /** Show a widget in an element; resolves when it is drawn. */
  async show(id, element) {
    const view = await this.create_view(await this.get_model(id))
    JupyterLuminoWidget.attach(view.luminoWidget, element)
    await view.displayed
    await view.drawn
  }
}
