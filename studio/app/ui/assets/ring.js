const RADIUS = 54
const LENGTH = 2 * Math.PI * RADIUS
const GAP = 3
const timers = new WeakMap()

export default function (component) {
  const { data, parentElement } = component
  const ring = parentElement.querySelector(".ring")
  const group = ring.querySelector("g")
  const circle = (name) => {
    let found = group.querySelector("." + name)
    if (!found) {
      found = document.createElementNS("http://www.w3.org/2000/svg", "circle")
      found.setAttribute("class", name)
      found.setAttribute("r", RADIUS)
      found.setAttribute("cx", 70)
      found.setAttribute("cy", 70)
      group.append(found)
    }
    return found
  }
  const draw = (parts) => {
    const total = parts.reduce((sum, part) => sum + part.count, 0)
    let begun = 0
    for (const { name, count } of parts) {
      const length = total ? (LENGTH * count) / total : 0
      const arc = circle(name)
      arc.style.strokeDasharray = `${Math.max(length - GAP, 0)} ${LENGTH}`
      arc.style.strokeDashoffset = -begun
      begun += length
    }
    ring.querySelector(".total").textContent = total
  }
  circle("track")
  ring.setAttribute("aria-label", data.label)
  clearInterval(timers.get(parentElement))
  if (!data.arriving.length || matchMedia("(prefers-reduced-motion: reduce)").matches) return draw(data.parts)
  let shown = 0
  const timer = setInterval(() => {
    const here = data.arriving.slice(0, (shown += 1))
    draw(data.parts.map(({ name }) => ({ name, count: here.filter((pillar) => pillar === name).length })))
    if (shown >= data.arriving.length) clearInterval(timer)
  }, data.pace)
  timers.set(parentElement, timer)
}
