// Pictures in the desk: a form shows the picture that was chosen in a window of its own, and an upload shows itself
// before it is sent. Without this the number of a picture can be typed, and the server says what is too large.

const $ = window.django.jQuery

document.querySelectorAll(".chooser").forEach((chooser) => {
  const field = chooser.querySelector("input")
  const chosen = chooser.querySelector(".chosen")
  const remove = chooser.querySelector("button")
  const show = async () => {
    remove.hidden = !field.value
    const answer = field.value && await fetch(chooser.dataset.card.replace("/0/", `/${encodeURIComponent(field.value)}/`))
    chosen.innerHTML = answer && answer.ok ? await answer.text() : ""
  }
  field.classList.add("unseen")
  field.tabIndex = -1
  remove.hidden = !field.value
  remove.addEventListener("click", () => { field.value = ""; show() })
  // Django's own script tells of a choice through jQuery, which no other listener hears.
  $(field).on("change", show)
})

document.querySelectorAll("input[type=file][data-max-bytes]").forEach((field) => {
  const image = new Image()
  image.className = "thumbnail"
  image.alt = ""
  field.addEventListener("change", () => {
    const [file] = field.files
    const isTooLarge = file && file.size > Number(field.dataset.maxBytes)
    field.setCustomValidity(isTooLarge ? `This file is larger than ${field.dataset.maxBytes / 1024 / 1024} MB.` : "")
    field.reportValidity()
    URL.revokeObjectURL(image.src)
    image.remove()
    if (file && !isTooLarge) {
      image.src = URL.createObjectURL(file)
      field.after(image)
    }
  })
})
