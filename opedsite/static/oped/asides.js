// What an op-ed's editor has besides running text: the pull quote, a block, and the footnote, words that stand in
// the text where they belong and that the site numbers and moves below it.
import { InputRule, Mark, mergeAttributes, Node } from "django-prose-editor/editor"

export const PullQuote = Node.create({
  name: "pullQuote",
  group: "block",
  content: "paragraph+",
  defining: true,
  priority: 200, // asked before the blockquote, which has no class; after the paragraph, the block that Enter makes

  parseHTML: () => [{ tag: "blockquote.pull" }],
  renderHTML: ({ HTMLAttributes }) => ["blockquote", mergeAttributes(HTMLAttributes, { class: "pull" }), 0],
  addCommands() {
    return { togglePullQuote: () => ({ commands }) => commands.toggleWrap(this.name) }
  },
  addMenuItems({ menu, buttons }) {
    menu.defineItem({
      name: "pullQuote",
      groups: "nodes",
      button: buttons.material("format_size", "pull quote"),
      active: (editor) => editor.isActive("pullQuote"),
      enabled: (editor) => editor.isActive("paragraph"),
      command: (editor) => editor.chain().focus().togglePullQuote().run(),
    })
  },
})

export const Footnote = Mark.create({
  name: "footnote",
  priority: 1100, // outside of links and emphasis, so that a note with a link stays one note
  inclusive: false,

  parseHTML: () => [{ tag: "small.footnote" }],
  renderHTML: ({ HTMLAttributes }) => ["small", mergeAttributes(HTMLAttributes, { class: "footnote" }), 0],
  // Typed as it is in plain text: word((the note)).
  addInputRules() {
    return [new InputRule({
      find: /\(\(([^()]+)\)\)$/,
      handler: ({ state, range, match }) => {
        state.tr.replaceWith(range.from, range.to, state.schema.text(match[1].trim(), [this.type.create()]))
        state.tr.removeStoredMark(this.type)
      },
    })]
  },
  addMenuItems({ menu, buttons }) {
    menu.defineItem({
      name: "footnote",
      groups: "marks",
      button: buttons.text("¹", "footnote, also typed as ((note))"),
      active: (editor) => editor.isActive("footnote"),
      enabled: (editor) => editor.can().toggleMark("footnote"),
      command: (editor) => editor.chain().focus().toggleMark("footnote").run(),
    })
  },
})
