export default function (component) {
  const { data, parentElement, setTriggerValue } = component
  const root = parentElement.querySelector(".phone")
  const text = root.querySelector(".text")
  const fold = root.querySelector(".fold")
  const copy = root.querySelector(".copy")
  root.classList.toggle("chat", !data.moments)
  root.querySelector(".avatar").textContent = data.name.slice(0, 1)
  root.querySelector(".name").textContent = data.name
  root.querySelector(".meta").textContent = data.meta
  const comment = root.querySelector(".comment")
  comment.textContent = data.comment ? "首评：" + data.comment : ""
  comment.hidden = !data.comment
  const grid = root.querySelector(".grid")
  grid.replaceChildren()
  grid.hidden = !data.image
  if (data.image) {
    const tile = document.createElement("div")
    tile.textContent = "配图：" + data.image
    grid.append(tile)
  }
  if (text.textContent !== data.text) {
    text.textContent = data.text
    text.classList.toggle("folded", data.moments)
  }
  const folded = () => data.moments && text.scrollHeight > text.clientHeight + 2
  const showFold = () => {
    fold.hidden = !(folded() || (data.moments && fold.dataset.open === "1"))
    fold.textContent = text.classList.contains("folded") ? "全文" : "收起"
  }
  fold.onclick = () => {
    text.classList.toggle("folded")
    fold.dataset.open = text.classList.contains("folded") ? "0" : "1"
    showFold()
  }
  requestAnimationFrame(showFold)
  copy.hidden = !data.can_copy
  copy.onclick = async () => {
    let done = false
    try {
      await navigator.clipboard.writeText(data.text)
      done = true
    } catch {
      const area = document.createElement("textarea")
      area.value = data.text
      document.body.append(area)
      area.select()
      done = document.execCommand("copy")
      area.remove()
    }
    copy.textContent = done ? "已复制，去微信粘贴" : "复制不了，请长按文字选择"
    copy.classList.toggle("done", done)
    setTimeout(() => { copy.textContent = "复制这一条"; copy.classList.remove("done") }, 4000)
    if (done) setTriggerValue("copied", true)
  }
}
