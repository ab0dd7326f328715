// Makes an op-ed's page nicer; everything works without it. Its words come from the page, in the page's language.
// The buttons for sharing appear where the browser can do what they say.
// The form moves below the comment being answered, keeps a draft while the tab is open, counts characters,
// and remembers who you are in this browser's own storage if you ask for it.

const copy = document.querySelector("[data-copy]")
if (copy && navigator.clipboard) {
  copy.parentElement.hidden = false
  const label = copy.textContent
  copy.addEventListener("click", async () => {
    await navigator.clipboard.writeText(copy.dataset.copy)
    copy.textContent = copy.dataset.done
    setTimeout(() => { copy.textContent = label }, 3000)
  })
}
const share = document.querySelector("[data-share]")
if (share && navigator.share) {
  share.parentElement.hidden = false
  share.addEventListener("click", () => {
    // Whoever closes the sheet has changed their mind.
    navigator.share({ title: share.dataset.title, url: share.dataset.share }).catch(() => {})
  })
}

const form = document.querySelector("form.reply-form")
const section = document.getElementById("reply")

if (form && section) {
  const field = (name) => form.elements.namedItem(name)
  const title = document.getElementById("reply-title")
  const home = document.createComment("the form's own place")
  section.before(home)

  moveBelowAnswered()
  rememberMe()
  keepDraft()
  countCharacters()

  function moveBelowAnswered() {
    const cancel = document.createElement("button")
    cancel.type = "button"
    cancel.className = "quiet-button"
    cancel.textContent = section.dataset.cancel
    cancel.hidden = true
    title.after(cancel)
    const plainTitle = title.dataset.plain

    document.addEventListener("click", (event) => {
      const link = event.target.closest("a[data-reply]")
      if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return
      event.preventDefault()
      const comment = link.closest(".comment")
      section.querySelectorAll("[data-answered]").forEach((line) => line.remove())
      field("parent").value = link.dataset.reply
      title.textContent = title.dataset.answering.replace("%(name)s", () => comment.querySelector("header b").textContent)
      cancel.hidden = false
      comment.append(section)
      field("body").focus({ preventScroll: true })
      section.scrollIntoView({ block: "nearest" })
    })

    cancel.addEventListener("click", () => {
      const comment = section.closest(".comment")
      field("parent").value = ""
      title.textContent = plainTitle
      cancel.hidden = true
      home.after(section)
      comment?.querySelector("a[data-reply]")?.focus()
    })
  }

  function rememberMe() {
    const key = "oped.commenter"
    const names = ["name", "email", "website"]
    const tick = field("remember")
    if (!tick) return
    tick.closest(".tick").hidden = false
    const stored = read(localStorage, key)
    if (stored) {
      tick.checked = true
      for (const name of names) field(name).value ||= stored[name] ?? ""
    }
    const store = () => {
      if (tick.checked) write(localStorage, key, Object.fromEntries(names.map((name) => [name, field(name).value])))
      else forget(localStorage, key)
    }
    tick.addEventListener("change", store)
    form.addEventListener("submit", store)
  }

  // A draft is kept, with what it answers, until its form was sent and came back without an error.
  function keepDraft() {
    const key = `oped.draft ${form.getAttribute("action")}`
    const body = field("body")
    const draft = read(sessionStorage, key)
    if (draft?.sent && !document.querySelector(".summary")) forget(sessionStorage, key)
    else if (draft?.body && !body.value) restore(draft)
    const store = (sent) => write(sessionStorage, key, { body: body.value, parent: field("parent").value, sent })
    body.addEventListener("input", () => store(false))
    document.addEventListener("click", () => body.value && store(false))
    form.addEventListener("submit", (event) => store(!event.submitter?.hasAttribute("formaction")))
  }

  function restore(draft) {
    field("body").value = draft.body
    if (draft.parent && !field("parent").value) document.querySelector(`a[data-reply="${CSS.escape(draft.parent)}"]`)?.click()
  }

  function countCharacters() {
    const body = field("body")
    const most = Number(body.dataset.most)
    const left = document.createElement("p")
    left.className = "hint count"
    left.setAttribute("aria-live", "polite")
    body.closest(".field").append(left)
    const show = () => {
      const rest = most - [...body.value].length
      const said = rest < 0 ? section.dataset.over : rest < 500 ? section.dataset.left : ""
      left.textContent = said.replace("%(number)s", Math.abs(rest))
    }
    body.addEventListener("input", show)
    show()
  }
}

// Storage may be switched off, full or hold anything; none of that is the form's trouble.
function read(storage, key) {
  try { return JSON.parse(storage.getItem(key)) } catch { return null }
}
function write(storage, key, value) {
  try { storage.setItem(key, JSON.stringify(value)) } catch { /* full or forbidden */ }
}
function forget(storage, key) {
  try { storage.removeItem(key) } catch { /* forbidden */ }
}
