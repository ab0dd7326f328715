// The history of a writer in a panel beside the queue: the middle of its own page, fetched when it is opened.

import { post } from "./posting.js"

const panel = document.getElementById("history")
let opener = null

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-key=h], #history a[href*='before=']")
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return
  event.preventDefault()
  if (!panel.contains(link)) {
    if (!panel.hidden && opener?.href === link.href) return close()
    opener = link
  }
  fill(link.href)
})
panel.addEventListener("submit", (event) => {
  event.preventDefault()
  const form = event.target
  fill(form.action, new FormData(form, event.submitter))
})
panel.querySelector(".close").addEventListener("click", close)
document.addEventListener("keydown", (event) => event.key === "Escape" && !panel.hidden && close())
// It belongs to the card that it was opened from.
document.addEventListener("oped:card", (event) => !panel.hidden && !event.detail?.contains(opener) && close({ quietly: true }))

async function fill(url, sent) {
  const response = await (sent ? post(url, sent, "text/html") : fetch(url)).catch(() => null)
  const page = response && new DOMParser().parseFromString(await response.text(), "text/html")
  const history = page?.querySelector(".history")
  // A page without a history is a refusal, or the log-in; words that were typed stay in the panel.
  if (!history) return say(page ? `${page.querySelector("h1").textContent}. Nothing was done.` : "The site can’t be reached. Nothing was done.")
  const said = [...page.querySelectorAll(".messagelist li")].map((line) => line.textContent).join(" ")
  panel.querySelector(".history")?.remove()
  panel.append(history)
  panel.hidden = false
  say(said)
  panel.scrollTop = 0
  const wrong = history.querySelector("[aria-invalid=true]") ?? history.querySelector("#history-head")
  wrong.focus({ preventScroll: true })
}

function say(words) {
  panel.hidden = false
  panel.querySelector("[role=status]").textContent = words
}

function close({ quietly = false } = {}) {
  panel.hidden = true
  if (!quietly) opener?.closest(".card")?.focus({ preventScroll: true })
}
