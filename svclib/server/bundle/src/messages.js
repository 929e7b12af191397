// Jupyter's messages on a websocket, in the binary form of its subprotocol "v1.kernel.websocket.jupyter.org": a count of
// offsets, the offsets (all 64 bits, little endian), then channel, header, parent, metadata, content, and any buffers.
export const PROTOCOL = 'v1.kernel.websocket.jupyter.org'
const HEADED = ['header', 'parent_header', 'metadata', 'content']

export function encode(message) {
  const text = new TextEncoder()
  const parts = [text.encode(message.channel), ...HEADED.map((part) => text.encode(JSON.stringify(message[part])))]
  for (const buffer of message.buffers) {
    parts.push(ArrayBuffer.isView(buffer)
      ? new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength) : new Uint8Array(buffer))
  }
  const offsets = [8 * (parts.length + 2)]
  for (const part of parts) offsets.push(offsets.at(-1) + part.byteLength)
  const bytes = new Uint8Array(offsets.at(-1))
  const view = new DataView(bytes.buffer)
  ;[offsets.length, ...offsets].forEach((number, place) => view.setBigUint64(8 * place, BigInt(number), true))
  parts.forEach((part, place) => bytes.set(part, offsets[place]))
  return bytes.buffer
}

export function decode(data) {
  const view = new DataView(data)
  const number = (place) => Number(view.getBigUint64(8 * place, true))
  const offsets = Array.from({ length: number(0) }, (_, place) => number(place + 1))
  const text = new TextDecoder()
  const part = (place) => text.decode(new Uint8Array(data, offsets[place], offsets[place + 1] - offsets[place]))
  const message = { channel: part(0), buffers: [] }
  HEADED.forEach((name, place) => { message[name] = JSON.parse(part(place + 1)) })
  for (let place = HEADED.length + 1; place < offsets.length - 1; place++) {
    message.buffers.push(new DataView(data, offsets[place], offsets[place + 1] - offsets[place]))
  }
  return message
}
