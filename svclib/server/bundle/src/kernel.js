// The page's kernel at the other end of a websocket: comms, and whether it still lives. It has the part of JupyterLab's
// kernel connection that the widget manager asks for (createComm, registerCommTarget), not its plug-in system.
import { PROTOCOL, decode, encode } from './messages.js'

const DEAD = new Set(['dead', 'restarting', 'autorestarting'])
const LONGEST_PAUSE_MS = 5000

export class Kernel {
  /** `told(what)` hears 'ended' when the kernel is gone, 'cut' when the server is not to be reached, 'connected'. */
  constructor({ base, id }, told) {
    this.id = id
    this.told = told
    this.session = crypto.randomUUID?.() ?? String(Math.random()).slice(2)
    this.state = new URL(`${base}api/kernels/${id}`, location.href)
    const address = new URL(`${this.state.href}/channels?session_id=${this.session}`)
    address.protocol = address.protocol.replace('http', 'ws')
    this.address = address.href
    this.targets = new Map()
    this.comms = new Map()
    this.futures = new Map()
    this.unsent = []
    this.pause = 250
    this.sent = 0
    // One message after the other: what a message makes is there before the next one speaks to it.
    this.dealing = Promise.resolve()
    this.connect()
  }

  connect() {
    const socket = new WebSocket(this.address, [PROTOCOL])
    socket.binaryType = 'arraybuffer'
    socket.onopen = () => {
      this.pause = 250
      this.socket = socket
      this.unsent.splice(0).forEach((bytes) => socket.send(bytes))
      this.told('connected')
    }
    socket.onmessage = ({ data }) => {
      const message = decode(data)
      this.dealing = this.dealing.then(() => this.deal(message)).catch((error) => console.error(error))
    }
    socket.onclose = () => {
      this.socket = undefined
      if (!this.over) this.reconnect()
    }
  }

  /** The server keeps what the kernel said meanwhile for this session. A kernel it no longer knows is not waited for. */
  async reconnect() {
    try {
      const answer = await fetch(this.state, { redirect: 'manual' })
      if (answer.type === 'opaqueredirect' || (answer.status >= 400 && answer.status < 500)) { this.end(); return }
    } catch {
      this.told('cut')
    }
    setTimeout(() => this.connect(), this.pause)
    this.pause = Math.min(2 * this.pause, LONGEST_PAUSE_MS)
  }

  end() {
    this.over = true
    this.told('ended')
    this.socket?.close()
  }

  createComm(target, id = crypto.randomUUID?.() ?? `${this.session}-${this.sent}`) {
    const comm = new Comm(this, target, id)
    this.comms.set(id, comm)
    return comm
  }

  registerCommTarget(target, opened) {
    this.targets.set(target, opened)
    return { dispose: () => this.targets.delete(target) }
  }

  send(type, content, metadata = {}, buffers = []) {
    this.sent += 1
    const header = {
      msg_id: `${this.session}-${this.sent}`, msg_type: type, session: this.session, username: '', version: '5.3',
      date: new Date().toISOString(),
    }
    const future = { msg: { header } }
    this.futures.set(header.msg_id, future)
    const bytes = encode({ channel: 'shell', header, parent_header: {}, metadata, content, buffers })
    if (this.socket) this.socket.send(bytes)
    else this.unsent.push(bytes)
    return future
  }

  async deal(message) {
    const { channel, content, header, parent_header: parent } = message
    const future = this.futures.get(parent.msg_id)
    if (channel === 'shell') { future?.onReply?.(message); return }
    if (channel !== 'iopub') return
    const comm = this.comms.get(content.comm_id)
    if (header.msg_type === 'comm_open') await this.opened(message)
    else if (header.msg_type === 'comm_msg') await comm?.onMsg?.(message)
    else if (header.msg_type === 'comm_close') {
      this.comms.delete(content.comm_id)
      await comm?.onClose?.(message)
    }
    future?.onIOPub?.(message)
    if (header.msg_type !== 'status') return
    if (content.execution_state === 'idle') this.futures.delete(parent.msg_id)
    if (DEAD.has(content.execution_state)) this.end()
  }

  async opened(message) {
    const { comm_id: id, target_name: target } = message.content
    const opened = this.targets.get(target)
    if (opened) await opened(this.createComm(target, id), message)
  }
}

class Comm {
  constructor(kernel, target, id) {
    Object.assign(this, { kernel, targetName: target, commId: id })
  }

  open(data = {}, metadata, buffers) {
    return this.kernel.send('comm_open', { comm_id: this.commId, target_name: this.targetName, data }, metadata, buffers)
  }

  send(data, metadata, buffers) {
    return this.kernel.send('comm_msg', { comm_id: this.commId, data }, metadata, buffers)
  }

  close(data = {}, metadata, buffers) {
    this.kernel.comms.delete(this.commId)
    return this.kernel.send('comm_close', { comm_id: this.commId, data }, metadata, buffers)
  }
}
