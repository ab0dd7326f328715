// Suggests op-eds, authors and topics below the field of the search page; without it the form works as ever.
// A combobox with a list (WAI-ARIA Authoring Practices): the focus stays in the field, arrows choose, Enter opens.

const form = document.querySelector("form[data-suggest]")
const field = form?.elements.namedItem("q")

if (field) {
  const wait = 150
  const list = document.createElement("ul")
  const said = document.createElement("p")
  let chosen = -1
  let timer
  let asking

  list.id = "suggestions"
  list.className = "suggestions"
  list.hidden = true
  list.setAttribute("role", "listbox")
  list.setAttribute("aria-label", form.dataset.suggestions)
  said.className = "unseen"
  said.setAttribute("role", "status")
  field.after(list, said)
  const facts = { role: "combobox", autocomplete: "off", "aria-autocomplete": "list", "aria-controls": list.id, "aria-expanded": "false" }
  for (const [name, value] of Object.entries(facts)) field.setAttribute(name, value)

  field.addEventListener("input", () => {
    clearTimeout(timer)
    asking?.abort()
    if (field.value.trim().length < 2) close()
    else timer = setTimeout(suggest, wait)
  })
  field.addEventListener("keydown", (event) => {
    if (event.isComposing || list.hidden) return
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step) choose(chosen + step)
    else if (event.key === "Enter" && chosen >= 0) open(list.children[chosen])
    else if (event.key === "Escape") close()
    else return
    event.preventDefault()
  })
  field.addEventListener("blur", close)
  // A press must not take the focus from the field before the click arrives.
  list.addEventListener("pointerdown", (event) => event.preventDefault())
  list.addEventListener("click", (event) => open(event.target.closest("li")))

  async function suggest() {
    asking = new AbortController()
    try {
      const answer = await fetch(`${form.dataset.suggest}?q=${encodeURIComponent(field.value)}`, { signal: asking.signal })
      if (answer.ok) show((await answer.json()).suggestions)
    } catch { /* typed on meanwhile, or no connection: the form still sends */ }
  }

  function show(suggestions) {
    if (!suggestions.length || document.activeElement !== field) return close()
    list.replaceChildren(...suggestions.map(option))
    list.hidden = false
    field.setAttribute("aria-expanded", "true")
    said.textContent = `${form.dataset.suggestions}: ${suggestions.length}`
    choose(-1)
  }

  function option({ kind, text, url, language }, number) {
    const item = document.createElement("li")
    const label = document.createElement("bdi")
    const what = document.createElement("span")
    item.id = `suggestion-${number}`
    item.setAttribute("role", "option")
    item.dataset.url = url
    label.textContent = text
    if (language) label.lang = language
    what.textContent = form.dataset[kind]
    item.append(label, " ", what)
    return item
  }

  function open(item) {
    if (item) location.assign(item.dataset.url)
  }

  function choose(number) {
    const count = list.children.length
    chosen = number < -1 ? count - 1 : number >= count ? -1 : number
    for (const [place, item] of [...list.children].entries()) item.setAttribute("aria-selected", String(place === chosen))
    if (chosen < 0) return field.removeAttribute("aria-activedescendant")
    field.setAttribute("aria-activedescendant", list.children[chosen].id)
    list.children[chosen].scrollIntoView({ block: "nearest" })
  }

  function close() {
    clearTimeout(timer)
    asking?.abort()
    list.hidden = true
    chosen = -1
    said.textContent = ""
    field.setAttribute("aria-expanded", "false")
    field.removeAttribute("aria-activedescendant")
  }
}
