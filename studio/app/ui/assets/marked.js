export default function (component) {
  const { data, parentElement, setTriggerValue } = component
  const root = parentElement.querySelector(".marked")
  root.replaceChildren()
  for (const piece of data.pieces) {
    if (piece.index === undefined) {
      root.append(document.createTextNode(piece.text))
      continue
    }
    const mark = document.createElement("button")
    mark.type = "button"
    mark.className = piece.severity
    mark.title = piece.message
    mark.setAttribute("aria-label", piece.label + ":" + piece.text + "。" + piece.message)
    mark.append(document.createTextNode(piece.text))
    const sign = document.createElement("sup")
    sign.textContent = piece.sign
    mark.append(sign)
    mark.onclick = () => setTriggerValue("chosen", piece.index)
    root.append(mark)
  }
}
