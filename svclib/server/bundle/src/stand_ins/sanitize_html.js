// Markup in a widget's description is shown as the text it is: nothing here sanitizes, so nothing can slip through.
const SIGNS = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

export default (text) => text.replace(/[&<>"]/g, (sign) => SIGNS[sign])
