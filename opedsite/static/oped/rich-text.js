// Turns every textarea[data-rich-text] into an editor. Our own start-up, because the package's default one
// injects a <style> element, which the site's Content-Security-Policy forbids.
import {
  Blockquote, Bold, BulletList, Document, Dropcursor, Editor, Gapcursor, HardBreak, Heading, History,
  HorizontalRule, Italic, Link, ListItem, Menu, OrderedList, Paragraph, Text,
} from "django-prose-editor/editor"
import { Footnote, PullQuote } from "oped/asides"

const basics = [Document, Paragraph, Text, HardBreak, Bold, Italic, Link, History, Menu, Dropcursor, Gapcursor]
const extensions = {
  bio: basics,
  article: [...basics, Heading.configure({ levels: [2, 3] }), Blockquote, BulletList, OrderedList, ListItem, HorizontalRule, PullQuote, Footnote],
}
// What other programs put on the clipboard: styles that the policy refuses, levels of heading that we don't have.
const fromClipboard = (html) => html
  .replace(/<(style|script|head|meta|link|o:p)\b[^>]*>(?:[\s\S]*?<\/\1>)?/gi, "")
  .replace(/\s(?:style|class(?!="(?:pull|footnote)")|on\w+)\s*=\s*(?:"[^"]*"|'[^']*'|[^\s>]+)/gi, "")
  .replace(/<(\/?)h1\b/gi, "<$1h2")
  .replace(/<(\/?)h[4-6]\b/gi, "<$1h3")
  .replace(/<\/t[dh]>/gi, " $&")
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
    editorProps: { transformPastedHTML: fromClipboard, attributes: { dir: "auto", "aria-label": label ? label.textContent.trim().replace(/:$/, "") : "Text", role: "textbox", "aria-multiline": "true" } },
    onUpdate({ editor }) {
      const html = editor.getHTML()
      textarea.value = isEmpty(html) ? "" : html
      textarea.dispatchEvent(new Event("input", { bubbles: true }))
    },
  })
  label?.addEventListener("click", () => editor.commands.focus())
}

document.querySelectorAll("textarea[data-rich-text]").forEach(start)

// Words that were typed and not sent are worth a question before they go.
const form = document.querySelector("form:has(textarea[data-rich-text])")
let isChanged = false
form?.addEventListener("input", () => { isChanged = true })
form?.addEventListener("submit", () => { isChanged = false })
window.addEventListener("beforeunload", (event) => { if (isChanged) event.preventDefault() })
