// The moderators' queue by single keys. Each key presses a button of the page, and each button's form is sent in the
// background: the card leaves at once, and comes back if the server says otherwise.

import { post } from "./posting.js"

const queue = document.querySelector(".queue")
const list = document.getElementById("cards")
const undo = document.getElementById("undo")
const bulk = document.getElementById("bulk")
const help = document.getElementById("keys")
const HERE_EVERY = 15_000
const FEW = 8
let here = null
let last = Promise.resolve()
// The cards that left at each step, the latest last.
const left = []
let told = 0

queue.classList.add("scripted")
queue.querySelectorAll(".script").forEach((button) => { button.hidden = false })
cards().forEach((card) => choose(card, card.querySelector(".tick input").checked))
// On a phone the first card begins below the menu: its buttons come into reach.
moveTo(document.querySelector(".card:target") ?? cards()[0], { quietly: !matchMedia("(max-width: 40rem)").matches })
tell()
setInterval(() => document.hidden || tell(), HERE_EVERY)
document.addEventListener("visibilitychange", () => document.hidden || tell())

document.addEventListener("keydown", (event) => {
  const isTyping = event.target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]")
  if (event.key === "Escape") return leaveForm(event)
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) return event.target.form?.requestSubmit()
  if (isTyping || event.ctrlKey || event.metaKey || event.altKey || !queue.hasAttribute("data-keys")) return
  if (help.matches(":popover-open") && event.key !== "?") return
  if (press(event.key)) event.preventDefault()
})

document.addEventListener("submit", (event) => {
  const form = event.target
  if (form.id !== "undo" && form.id !== "bulk" && !form.closest("#cards .card")) return
  event.preventDefault()
  if (form.closest(".borrowed")) return saveEdit(form)
  const chosen = form.id === "undo" ? [] : form.id === "bulk" ? selected() : [form.closest(".card")]
  if (form.id === "bulk" && !chosen.length) return
  const data = new FormData(form, event.submitter)
  form.id === "undo" ? takeBack(form, data) : act(form, data, chosen)
})

list.addEventListener("click", (event) => {
  const edit = event.target.closest("a[data-key=e]")
  const card = event.target.closest(".card")
  if (card && card !== here) moveTo(card, { quietly: true })
  if (!edit || event.ctrlKey || event.metaKey || event.shiftKey) return
  event.preventDefault()
  borrow(card, edit.href)
})
// Reasons and a reply that open below the screen come into it.
list.addEventListener("toggle", (event) => event.target.open && event.target.scrollIntoView({ block: "nearest" }), true)
bulk.querySelector("[data-key=X]").addEventListener("click", () => {
  const isAll = selected().length === cards().length
  cards().forEach((card) => choose(card, !isAll))
})
list.addEventListener("change", (event) => event.target.matches(".tick input") && choose(event.target.closest(".card"), event.target.checked))

function cards() { return [...list.querySelectorAll(".card:not([hidden])")] }
function selected() { return cards().filter((card) => card.classList.contains("chosen")) }

// Presses what the key belongs to; false for a key that belongs to nothing.
function press(key) {
  if (key === "j" || key === "k") return step(key === "j" ? 1 : -1)
  if (key === "?") return help.togglePopover() || true
  if (key === "/") return document.getElementById("search").focus() || true
  if (key === "u") return !undo.querySelector("button").hidden && (undo.requestSubmit(), true)
  if (key === "x" && here) return choose(here, !here.classList.contains("chosen")) || true
  const isReason = /^[0-9]$/.test(key)
  const place = (selected().length && "ast".includes(key)) || key === "X" ? bulk : here
  const scope = isReason ? here?.querySelector("details.decline[open]") : place
  const button = scope?.querySelector(`[data-key="${CSS.escape(key)}"]`)
  if (!button) return false
  button.click()
  if (key === "r") here.querySelector(".reply[open] textarea")?.focus()
  return true
}

function step(by) {
  const all = cards()
  const to = all[all.indexOf(here) + by]
  if (to) moveTo(to)
  return true
}

function moveTo(card, { quietly = false } = {}) {
  here?.classList.remove("here")
  here?.querySelector("details.decline")?.removeAttribute("open")
  here = card ?? null
  document.dispatchEvent(new CustomEvent("oped:card", { detail: here }))
  if (!here) return
  here.classList.add("here")
  if (!quietly) {
    here.focus({ preventScroll: true })
    here.scrollIntoView({ block: "nearest" })
  }
  clearTimeout(told)
  told = setTimeout(tell, 1_000)
}

function choose(card, is) {
  card.classList.toggle("chosen", is)
  card.querySelector(".tick input").checked = is
  const number = selected().length
  bulk.classList.toggle("some", number > 0)
  bulk.querySelector("[data-selected]").textContent = `: ${number}`
}

// Sends the form; its cards leave at once, and come back with what the server says if it was not done.
function act(form, data, chosen) {
  const all = cards()
  const after = all.slice(all.indexOf(chosen.at(-1)) + 1).find((card) => !chosen.includes(card))
  const next = after ?? all.filter((card) => !chosen.includes(card)).at(-1)
  const isReply = form.closest(".reply")
  const leave = () => {
    chosen.forEach((card) => { choose(card, false); card.hidden = true })
    left.push(chosen)
    moveTo(next)
    finish()
  }
  // Words stay in sight until they are stored.
  if (!isReply) leave()
  send(form, data, isReply ? leave : () => {}, (error) => refuse(form, chosen, error))
}

// The cards of the last step come back at once, and leave again if the server does not put them back.
function takeBack(form, data) {
  const back = left.pop() ?? []
  back.forEach((card) => { card.hidden = false })
  if (back.length) moveTo(back.at(-1))
  const leave = () => {
    back.filter((card) => card.isConnected).forEach((card) => { card.hidden = true })
    if (here?.hidden) moveTo(cards()[0])
  }
  send(form, data, leave, (error) => { left.push(back); leave(); say(error, true) })
}

function send(form, data, whenDone, whenRefused) {
  if (here) data.set("here", here.dataset.pk)
  last = last.then(async () => {
    const answer = await ask(form.getAttribute("action"), data)
    if (answer.error) return whenRefused(answer.error)
    say(answer.said, false)
    undo.querySelector("button").hidden = !answer.left.undo
    for (const [name, words] of Object.entries(answer.left)) {
      queue.querySelectorAll(`[data-left=${name}]`).forEach((place) => { place.textContent = words })
    }
    show(answer)
    whenDone()
    finish()
  })
}

// An error of any kind is a sentence.
async function ask(url, data) {
  try {
    const response = await post(url, data, "application/json")
    if (response.headers.get("Content-Type")?.startsWith("application/json")) return await response.json()
    return { error: `The site refused this (${response.status}). Nothing was done.` }
  } catch {
    return { error: "The site can’t be reached. Nothing was done." }
  }
}

function refuse(form, chosen, error) {
  if (left.includes(chosen)) left.splice(left.indexOf(chosen), 1)
  chosen.forEach((card) => { card.hidden = false })
  const place = form.querySelector(".error")
  if (place) {
    place.textContent = error
    place.hidden = false
    form.querySelector("textarea").focus()
  } else {
    if (chosen[0]) moveTo(chosen[0])
    say(error, true)
  }
}

function say(words, isFailure) {
  undo.classList.toggle("failed", isFailure)
  undo.hidden = false
  undo.querySelector("p").textContent = words
}

// Cards as the server has them now, in the place where they were, else first; and what others have open.
function show({ cards: news, taken }) {
  for (const [pk, html] of Object.entries(news)) {
    const fresh = made(html)
    const old = document.getElementById(`c${pk}`)
    old ? old.replaceWith(fresh) : list.prepend(fresh)
    if (old === here || !here || !old || old.hidden) moveTo(fresh)
  }
  for (const card of cards()) {
    const line = card.querySelector(".taken")
    line.hidden = !taken[card.dataset.pk]
    line.querySelector("b").textContent = taken[card.dataset.pk] ?? ""
  }
}

function made(html, what = ".card") {
  return new DOMParser().parseFromString(html, "text/html").querySelector(what)
}

// Says which card is open here, and hears what became of the others.
function tell() {
  clearTimeout(told)
  const data = new FormData()
  data.set("csrfmiddlewaretoken", undo.elements.csrfmiddlewaretoken.value)
  data.set("next", undo.elements.next.value)
  if (here) data.set("here", here.dataset.pk)
  cards().forEach((card) => data.append("seen", card.querySelector(".tick input").value))
  last = last.then(async () => {
    const answer = await ask(queue.dataset.here, data)
    if (!answer.error) show({ cards: Object.fromEntries(Object.entries(answer.cards).filter(([pk]) => isUntouched(pk))), taken: answer.taken })
  })
}

// Still shown, and nobody is typing in it.
function isUntouched(pk) {
  const card = document.getElementById(`c${pk}`)
  return card && !card.hidden && !card.querySelector(".borrowed, .reply[open]")
}

// When few cards are left, the next ones come; when none is, the page says so.
function finish() {
  const more = queue.querySelector(".more a")
  if (more && cards().length < FEW && !more.dataset.asked) {
    more.dataset.asked = "yes"
    fetch(more.href).then((response) => response.text()).then((html) => {
      const page = new DOMParser().parseFromString(html, "text/html")
      page.querySelectorAll("#cards .card").forEach((card) => document.getElementById(card.id) ?? list.append(card))
      const onward = page.querySelector(".more")
      onward ? more.parentElement.replaceWith(onward) : more.parentElement.remove()
      if (!here || here.hidden) moveTo(cards()[0])
      finish()
    }).catch(() => { delete more.dataset.asked })
  }
  queue.querySelector(".empty").hidden = cards().length > 0 || Boolean(queue.querySelector(".more"))
}

// The edit page's own form, in the card.
async function borrow(card, url) {
  if (card.querySelector(".borrowed")) return card.querySelector(".borrowed textarea").focus()
  const place = document.createElement("div")
  place.className = "borrowed"
  if (!put(place, await (await fetch(url)).text(), url)) return say("This can’t be edited now: you are logged out, or it is gone.", true)
  card.append(place)
  place.querySelector("textarea")?.focus()
}

// Shows the form of a page; false if it has none.
function put(place, html, url) {
  const page = new DOMParser().parseFromString(html, "text/html")
  const form = page.querySelector("#content-main form.reply-form")
  if (!form) return false
  place.replaceChildren(...[page.querySelector("#content-main > [role=alert]"), form].filter(Boolean))
  form.setAttribute("action", url)
  return true
}

async function saveEdit(form) {
  const card = form.closest(".card")
  const url = form.getAttribute("action")
  const response = await post(url, new FormData(form), "text/html").catch(() => null)
  if (response?.ok) {
    form.closest(".borrowed").remove()
    left.push([])
    const data = new FormData(card.querySelector(".verbs"))
    data.set("card", card.dataset.pk)
    const answer = await ask(queue.dataset.here, data)
    show(answer.error ? { cards: {}, taken: {} } : answer)
    say(answer.error ?? "Saved. It stays where it is.", Boolean(answer.error))
  } else if (response?.status < 500 && response.headers.get("Content-Type")?.startsWith("text/html")) {
    const html = await response.text()
    // A page without the form is a refusal; the words stay where they are.
    if (!put(form.closest(".borrowed"), html, url)) say(`${made(html, "h1").textContent}. Nothing was saved.`, true)
  } else say("The site can’t be reached. Nothing was saved.", true)
}

function leaveForm(event) {
  const open = event.target.closest(".reply[open], .borrowed") ?? here?.querySelector("details.decline[open]")
  if (!open) return event.target.matches("#search") && event.target.blur()
  if (open.matches(".borrowed")) open.remove()
  else open.removeAttribute("open")
  here?.focus({ preventScroll: true })
}
