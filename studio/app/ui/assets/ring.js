const RADIUS = 54
const LENGTH = 2 * Math.PI * RADIUS
const GAP = 3

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
  circle("track")
  let begun = 0
  for (const { name, count } of data.parts) {
    const length = data.total ? (LENGTH * count) / data.total : 0
    const arc = circle(name)
    arc.style.strokeDasharray = `${Math.max(length - GAP, 0)} ${LENGTH}`
    arc.style.strokeDashoffset = -begun
    begun += length
  }
  ring.querySelector(".total").textContent = data.total
  ring.setAttribute("aria-label", data.label)
}
