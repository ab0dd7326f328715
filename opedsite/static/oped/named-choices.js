// Select2 puts a field of its own in front of Django's autocomplete and gives it no name: it gets that of the label.
function nameOf(select) {
  return document.querySelector(`label[for="${select.id}"]`)?.textContent.trim().replace(/:$/, "")
}

function nameField(select) {
  for (const part of select.parentElement.querySelectorAll(".select2 [role=combobox], .select2 [role=textbox]")) {
    part.removeAttribute("aria-labelledby")
    part.setAttribute("aria-label", nameOf(select))
  }
}

// It comes when it likes, so we look when it has come.
for (const select of document.querySelectorAll("select.admin-autocomplete")) {
  nameField(select)
  new MutationObserver(() => nameField(select)).observe(select.parentElement, { childList: true })
}
