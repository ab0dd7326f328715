// Turns every textarea[data-rich-text] into an editor. Our own start-up, because the package's default one
// injects a <style> element, which the site's Content-Security-Policy forbids.
import {
  Blockquote, Bold, BulletList, Document, Dropcursor, Editor, Gapcursor, HardBreak, Heading, History,
  HorizontalRule, Italic, Link, ListItem, Menu, OrderedList, Paragraph, Text,
} from "django-prose-editor/editor"

const basics = [Document, Paragraph, Text, HardBreak, Bold, Italic, Link, History, Menu, Dropcursor, Gapcursor]
const extensions = {
  bio: basics,
  article: [...basics, Heading.configure({ levels: [2, 3] }), Blockquote, BulletList, OrderedList, ListItem, HorizontalRule],
}
const isEmpty = (html) => /^<(\w+)[^>]*><\/\1>$/.test(html)

function start(textarea) {
  if (textarea.closest(".prose-editor")) return
  const frame = document.createElement("div")
  frame.className = "prose-editor"
  textarea.before(frame)
  frame.append(textarea)
  const label = document.querySelector(`label[for="${textarea.id}"]`)
  const editor = new Editor({
    element: frame,
    extensions: extensions[textarea.dataset.richText],
    content: textarea.value,
    injectCSS: false,
    editable: !textarea.disabled,
    editorProps: { attributes: { "aria-label": label ? label.textContent.trim().replace(/:$/, "") : "Text", role: "textbox", "aria-multiline": "true" } },
    onUpdate({ editor }) {
      const html = editor.getHTML()
      textarea.value = isEmpty(html) ? "" : html
      textarea.dispatchEvent(new Event("input", { bubbles: true }))
    },
  })
  label?.addEventListener("click", () => editor.commands.focus())
}

document.querySelectorAll("textarea[data-rich-text]").forEach(start)
