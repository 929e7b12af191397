// The widgets' base keeps a jQuery object of each view's element and never asks it for anything; jQuery itself costs a
// page a twentieth of a second.
export default function $(element) {
  if (!new.target) return new $(element)
  this[0] = element
  this.length = 1
}
