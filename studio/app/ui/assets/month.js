const make = (tag, className, ...children) => {
  const element = document.createElement(tag)
  element.className = className
  element.append(...children.filter(Boolean))
  return element
}
const icon = (name, className) => {
  const element = make("span", "icon " + className, name)
  element.setAttribute("aria-hidden", "true")
  return element
}

export default function (component) {
  const { data, parentElement, setTriggerValue } = component
  const drawDay = (day) => {
    const rest = day.rest ? make("span", day.rest === "休" ? "off" : "work", day.rest) : null
    const cell = make(
      "button",
      ["day", day.outside && "outside", day.today && "today", day.blocked && "blocked"].filter(Boolean).join(" "),
      make("span", "date", String(day.number), rest),
      ...day.names.map((name) => (name.goes_on ? make("span", "name going") : make("span", "name", name.words))),
      make("span", "dots", ...day.dots.map((dot) => icon(dot.icon, dot.pillar + (dot.skipped ? " skipped" : "")))),
    )
    cell.type = "button"
    cell.dataset.date = day.date
    cell.title = day.hint
    cell.setAttribute("aria-label", day.spoken)
    cell.onclick = () => setTriggerValue("chosen", day.date)
    return make("span", "cell", cell)
  }
  const row = (className, children) => {
    const element = make("div", className, ...children)
    element.setAttribute("role", "row")
    return element
  }
  const cells = (days) =>
    days.map((day) => {
      const cell = drawDay(day)
      cell.setAttribute("role", "gridcell")
      cell.style.display = "contents"
      return cell
    })
  const names = data.names.map((name) => {
    const head = make("span", "", name)
    head.setAttribute("role", "columnheader")
    return head
  })
  parentElement.querySelector(".month").replaceChildren(row("row names", names), ...data.weeks.map((days) => row("row", cells(days))))
}
