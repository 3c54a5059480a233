const STEP = 30
const SNAP = 5
const LONG_PRESS = 350
const SLACK = 6
const EDGE = 70
const NEAR = 40
const MOVES = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP] }

const make = (tag, className, ...children) => {
  const element = document.createElement(tag)
  if (className) element.className = className
  element.append(...children.filter((child) => child !== null && child !== undefined))
  return element
}
const icon = (name) => {
  const element = make("span", "icon", name)
  element.setAttribute("aria-hidden", "true")
  return element
}
const sign = (name, words) => {
  const element = make("span", "", icon(name))
  element.title = words
  return element
}
const minuteOf = (time) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5))
const timeOf = (minute) => String(Math.floor(minute / 60)).padStart(2, "0") + ":" + String(minute % 60).padStart(2, "0")
const within = (minute, low, high) => Math.min(Math.max(minute, low), high)

export default function (component) {
  const { data, parentElement, setTriggerValue } = component
  const board = parentElement.querySelector(".board")
  const live = parentElement.querySelector(".live")
  const scope = parentElement.getRootNode()
  const slots = new Map(data.slots.map((slot) => [slot.id, slot]))
  let held = null

  const others = (date) => data.slots.filter((slot) => slot.date === date && slot.id !== held.id)
  const list = (date) => board.querySelector(`[data-date="${date}"] .slots`)
  const dayOf = (date) => data.days.find((day) => day.date === date)

  const fitting = (date, index) => {
    const near = others(date)
    const before = index > 0 ? minuteOf(near[index - 1].time) : null
    const after = index < near.length ? minuteOf(near[index].time) : null
    const low = before === null ? data.first : before + data.gap
    const high = after === null ? data.last : after - data.gap
    const minute = low > high ? ((before ?? data.first) + (after ?? data.last)) / 2 : within(minuteOf(held.time), low, high)
    return within(Math.round(minute / SNAP) * SNAP, data.first, data.last)
  }
  const unmark = () => {
    board.querySelectorAll(".marker").forEach((element) => element.remove())
    board.querySelectorAll(".target").forEach((element) => element.classList.remove("target"))
  }
  const aim = (date, minute) => {
    if (held.to && held.to.date === date && held.to.minute === minute) return
    held.to = { date, minute }
    unmark()
    const words = dayOf(date).name + " " + timeOf(minute)
    const next = [...list(date).querySelectorAll(".slot")].find(
      (card) => card.dataset.slot !== held.id && minuteOf(slots.get(card.dataset.slot).time) > minute,
    )
    list(date).insertBefore(make("li", "marker", "放到 " + words), next ? next.parentElement : null)
    list(date).closest(".day").classList.add("target")
    live.textContent = words
  }
  const put = (dropped) => {
    const { id, date, time, to, card, ghost } = held
    held = null
    unmark()
    ghost?.remove()
    card.classList.remove("held")
    if (dropped && to && (to.date !== date || timeOf(to.minute) !== time)) {
      live.textContent = "放到了 " + dayOf(to.date).name + " " + timeOf(to.minute)
      setTriggerValue("moved", { id, date: to.date, time: timeOf(to.minute) })
    } else live.textContent = "放回原处"
  }
  const hold = (slot, card) => {
    held = { ...slot, card }
    card.classList.add("held")
    live.textContent = "拿起了 " + slot.theme
  }

  const follow = (event) => {
    held.ghost.style.left = event.clientX - held.grip.x + "px"
    held.ghost.style.top = event.clientY - held.grip.y + "px"
    const page = document.querySelector('[data-testid="stMain"]')
    if (event.clientY < EDGE) page?.scrollBy(0, -14)
    if (event.clientY > window.innerHeight - EDGE) page?.scrollBy(0, 14)
    const under = (slack) => (day) => {
      const box = day.getBoundingClientRect()
      const { clientX: x, clientY: y } = event
      return x >= box.left && x <= box.right && y >= box.top - slack && y <= box.bottom + slack
    }
    const open = [...board.querySelectorAll(".day.open")]
    const column = open.find(under(0)) ?? open.find(under(NEAR))
    if (!column) {
      held.to = null
      return unmark()
    }
    const boxes = [...column.querySelectorAll(".slot")]
      .filter((card) => card.dataset.slot !== held.id)
      .map((card) => card.getBoundingClientRect())
    const outside = !boxes.length || event.clientY < boxes[0].top || event.clientY > boxes.at(-1).bottom + 24
    const index = boxes.filter((box) => (box.top + box.bottom) / 2 < event.clientY).length
    aim(column.dataset.date, outside ? minuteOf(held.time) : fitting(column.dataset.date, index))
  }
  const lift = (slot, card, event) => {
    const box = card.getBoundingClientRect()
    hold(slot, card)
    held.grip = { x: event.clientX - box.left, y: event.clientY - box.top }
    held.ghost = card.cloneNode(true)
    held.ghost.classList.replace("held", "ghost")
    held.ghost.style.width = box.width + "px"
    parentElement.querySelector(".frame").append(held.ghost)
    follow(event)
  }
  const grab = (slot, card) => (event) => {
    if (event.button !== 0 || held) return
    const start = { clientX: event.clientX, clientY: event.clientY }
    const touching = event.pointerType === "touch"
    const timer = touching ? setTimeout(() => lift(slot, card, start), LONG_PRESS) : null
    const move = (now) => {
      const far = Math.hypot(now.clientX - start.clientX, now.clientY - start.clientY) > SLACK
      if (held) follow(now)
      else if (far && touching) end()
      else if (far) lift(slot, card, now)
    }
    const still = (now) => held && now.cancelable && now.preventDefault()
    const escape = (now) => now.key === "Escape" && end()
    const end = (now) => {
      clearTimeout(timer)
      window.removeEventListener("pointermove", move)
      window.removeEventListener("pointerup", end)
      window.removeEventListener("pointercancel", end)
      window.removeEventListener("keydown", escape)
      card.removeEventListener("touchmove", still)
      if (!held) return
      card.dataset.dragged = "yes"
      setTimeout(() => delete card.dataset.dragged)
      put(now?.type === "pointerup")
    }
    window.addEventListener("pointermove", move)
    window.addEventListener("pointerup", end)
    window.addEventListener("pointercancel", end)
    window.addEventListener("keydown", escape)
    card.addEventListener("touchmove", still, { passive: false })
  }
  const steer = (slot, card) => (event) => {
    if (!held) {
      if (event.key !== " ") return
      event.preventDefault()
      hold(slot, card)
      return aim(slot.date, minuteOf(slot.time))
    }
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault()
      return put(true)
    }
    if (event.key === "Escape") return put(false)
    const step = MOVES[event.key]
    if (!step) return
    event.preventDefault()
    const open = data.days.filter((day) => day.open).map((day) => day.date)
    const at = open.indexOf(held.to.date)
    aim(open[within(at + step[0], 0, open.length - 1)] ?? held.to.date, within(held.to.minute + step[1], data.first, data.last))
  }

  const drawSlot = (slot, number) => {
    const tag = make("span", "tag", icon(slot.icon), " ", slot.label)
    const signs = make("span", "signs")
    if (slot.playbook) signs.append(sign("conversion_path", "剧本：" + slot.playbook))
    if (slot.locked) signs.append(sign("lock", "锁定，重排时不动"))
    const card = make(
      "button",
      ["slot", slot.pillar, slot.begun && "begun", slot.skipped && "skipped", slot.changing && "changing"].filter(Boolean).join(" "),
      make("span", "line", tag, make("time", "", slot.time), signs),
      make("span", "theme", slot.theme),
      make("span", "meta", icon(slot.channel_icon), " ", slot.meta),
      slot.why ? make("span", "why", slot.why) : null,
      slot.stale ? make("span", "status stale", icon("remove_shopping_cart"), " 产品不在售") : null,
      slot.status ? make("span", "status " + slot.status_colour, slot.status) : null,
    )
    card.type = "button"
    card.dataset.slot = slot.id
    card.title = slot.why
    card.setAttribute("aria-label", slot.spoken)
    card.setAttribute("aria-describedby", "how")
    card.onclick = () => card.dataset.dragged || held || setTriggerValue("opened", slot.id)
    if (slot.movable) {
      card.onpointerdown = grab(slot, card)
      card.onkeydown = steer(slot, card)
      card.onblur = () => held && !held.ghost && put(false)
      card.oncontextmenu = (event) => held && event.preventDefault()
    }
    const item = make("li", data.reveal ? "arriving" : "", card)
    if (data.reveal) item.style.animationDelay = number * data.pace + "ms"
    return item
  }
  const drawDay = (day) => {
    const title = make("h3", "", day.name, " ", make("span", "", day.short), " ")
    if (day.today) title.append(make("em", "", "今天"))
    const more = make("button", "more", icon("add"))
    more.type = "button"
    more.setAttribute("aria-label", day.name + "：加一条，或这天不发")
    more.onclick = () => setTriggerValue("day", day.date)
    const occasions = make(
      "ul",
      "occasions",
      ...day.occasions.map((item) => {
        const words = make("li", `${item.kind} ${item.phase}`, icon(item.icon), " ", item.words)
        words.title = item.hint
        return words
      }),
    )
    const mine = data.slots.filter((slot) => slot.date === day.date)
    const column = make(
      "section",
      ["day", day.today && "today", day.open ? "open" : "past", day.blocked && "blocked"].filter(Boolean).join(" "),
      make("div", "head", title, day.open ? more : null),
      make("div", "above", day.occasions.length ? occasions : null, day.heat ? make("div", "heat " + day.level, day.heat) : null),
      make("ol", "slots", ...(mine.length ? mine.map((slot) => drawSlot(slot, data.slots.indexOf(slot))) : [make("li", "empty", day.empty)])),
    )
    column.dataset.date = day.date
    column.setAttribute("aria-label", day.name + " " + day.short)
    return column
  }

  const focused = scope.activeElement?.dataset?.slot
  board.replaceChildren(...data.days.map(drawDay))
  if (focused && slots.has(focused)) board.querySelector(`[data-slot="${CSS.escape(focused)}"]`).focus()
}
