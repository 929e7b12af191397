/** A short name of a text, the same where the bundle is built and where it runs: FNV-1a over UTF-16, twice 32 bits. */
export function hashOf(text) {
  let one = 0x811c9dc5
  let two = 0x9747b28c
  for (let i = 0; i < text.length; i++) {
    const sign = text.charCodeAt(i)
    one = Math.imul(one ^ sign, 0x01000193)
    two = Math.imul(two ^ sign, 0x85ebca6b)
  }
  return [one, two].map((half) => (half >>> 0).toString(36).padStart(7, '0')).join('')
}
