/** Put a style sheet into the page that came with a part fetched later. */
export function wear(sheet) {
  document.head.append(Object.assign(document.createElement('style'), { textContent: sheet }))
}
