"""The rich-text field of the desk: django-prose-editor's editor, started by our own module under the strict CSP."""

from django import forms
from django_prose_editor.widgets import prose_editor_admin_media
from js_asset import ImportMap, Media, Script

EDITOR = Media(
    # By the import map, so that the browser finds the hashed file.
    importmap=ImportMap({"oped/asides": "oped/asides.js"}),
    js=[Script("oped/rich-text.js", type="module")],
)


class RichTextWidget(forms.Textarea):
    """A textarea that `rich-text.js` turns into an editor; with JavaScript off it takes HTML.

    `headings` says whether the text may have sub-headings, lists and quotations (an article) or not (a bio).
    """

    def __init__(self, *, headings: bool) -> None:
        super().__init__({"data-rich-text": "article" if headings else "bio", "rows": 24 if headings else 6})

    @property
    def media(self) -> forms.Media:
        """The editor's style sheets, its import map, and our module."""
        media: forms.Media = prose_editor_admin_media + EDITOR
        return media

    def use_required_attribute(self, initial: object) -> bool:
        """The textarea is hidden behind the editor, where the browser could not show its complaint."""
        return False
