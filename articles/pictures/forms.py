"""What staff fill in for a picture, and how they choose one in another form."""

from pathlib import PurePath
from typing import Any

from django import forms
from django.contrib.admin.options import IS_POPUP_VAR
from django.contrib.admin.widgets import ForeignKeyRawIdWidget
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db.models import CharField
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from js_asset import Media, Script

from articles.models import Image
from articles.pictures import reading, uploading
from articles.pictures.words import Words

MEGABYTES = reading.MAX_BYTES // 1024 // 1024
TYPES = "image/jpeg,image/png,image/webp,image/avif,image/gif"
SCRIPT = Media(js=[Script("oped/pictures.js", type="module")])


# What is said of a picture.
SAID = ("name", "alt", "caption", "credit", "copyright_notice", "licence_url")


class ImageForm(forms.ModelForm):
    """A file and what must be said of it. After a valid form `stored` names files that wait for their row."""

    file = forms.FileField(
        label="Picture",
        widget=forms.FileInput(attrs={"accept": TYPES, "data-max-bytes": reading.MAX_BYTES}),
        help_text=f"JPEG, PNG, WebP, AVIF or GIF, {MEGABYTES} MB at most. Where and with what it was taken is removed; "
        "caption, credit and rights are read from the file where you leave them empty.",
    )

    class Meta:
        model = Image
        fields = SAID
        widgets = {
            "alt": forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
            "caption": forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.stored: uploading.Stored | None = None
        self.was_read: list[str] = []
        self.picture: reading.Picture | None = None
        if "name" not in self.fields:  # who may only look has no fields
            return
        self.fields["name"].required = False
        self.fields["name"].help_text = "For staff: how you find it again. Empty: the name of the file."
        if self.instance.pk:
            self.fields["file"].required = False
            self.fields["file"].label = "Another file"

    def clean_file(self) -> UploadedFile | None:
        """Something that may be a picture, by its name and size."""
        file: UploadedFile | None = self.cleaned_data["file"]
        if file is None:
            return None
        if file.size is None or file.size > reading.MAX_BYTES:
            raise ValidationError(f"This file is larger than {MEGABYTES} MB. Save the picture smaller.")
        extension = PurePath(file.name or "").suffix.removeprefix(".").lower()
        # What claims to be an SVG or a page gets the sentence for what it is.
        if extension not in (*reading.EXTENSIONS, "svg", "html", "htm", "heic"):
            raise ValidationError("The name of the file must end in .jpg, .png, .webp, .avif or .gif.")
        return file

    def clean(self) -> dict[str, Any]:
        """Read the picture, and let what it says fill what nobody typed."""
        found: dict[str, Any] = super().clean() or self.cleaned_data
        file = found.get("file")
        if file is not None:
            self._read(file, found)
        found["name"] = found.get("name") or self.instance.name
        return found

    def _post_clean(self) -> None:
        """With nothing to complain of, bring the picture to the disk, before its row."""
        super()._post_clean()  # type: ignore[misc]
        if self.picture is None or self.errors:
            return
        try:
            self.stored = uploading.store(self.picture)
        except OSError:
            self.add_error("file", "The picture could not be stored: the disk is full or can’t be written to.")

    def _read(self, file: UploadedFile, found: dict[str, Any]) -> None:
        data = file.read()
        digest = reading.digest_of(data)
        if first := Image.objects.filter(digest=digest).first():
            self.add_error("file", ValidationError(self._here_already(first)))
            return
        try:
            self.picture = reading.read(data)
        except reading.NotAPicture as refusal:
            self.add_error("file", str(refusal))
            return
        self._fill_in(self.picture.words, file.name or "", found)

    def _fill_in(self, words: Words, filename: str, found: dict[str, Any]) -> None:
        """What the file says goes where nobody typed something else."""
        for name in Words.__slots__:
            text = cut(getattr(words, name), length_of(name))
            if text and not found.get(name) and name not in self.errors:
                found[name] = text
                self.was_read.append(str(self.fields[name].label or name).lower())
        if not self.instance.name:
            found["name"] = found.get("name") or cut(PurePath(filename).stem, length_of("name")) or "Picture"

    def _here_already(self, first: Image) -> SafeString:
        if first.pk == self.instance.pk:
            return format_html("This is the file that is here already.")
        address = reverse("admin:articles_image_change", args=[first.pk])
        if IS_POPUP_VAR in self.data:  # where a click on its name chooses it
            address = f"{reverse('admin:articles_image_changelist')}?_popup=1&_to_field=id&q={first.key}"
        return format_html('This picture is here already: <a href="{}">{}</a>.', address, first.name)

    @property
    def media(self) -> forms.Media:
        """The chosen file is shown before it is sent, and one that is too large is not sent at all."""
        media: forms.Media = super().media + SCRIPT
        return media


class PictureChooser(ForeignKeyRawIdWidget):
    """The chosen picture itself, with buttons that open the list of all and the form for a new one."""

    template_name = "admin/articles/image/chooser.html"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Adds the picture, and whence the script gets another one."""
        context: dict[str, Any] = super().get_context(name, value, attrs)
        image = Image.objects.filter(pk=value).first() if str(value or "").isdecimal() else None
        context |= {"image": image, "add_url": reverse("admin:articles_image_add") + "?_to_field=id&_popup=1"}
        return context

    def _render(self, template_name: str, context: Any, renderer: Any = None) -> SafeString:
        # Django's renderer of forms knows the templates of packages only.
        return render_to_string(template_name, context)

    @property
    def media(self) -> forms.Media:
        """Shows another picture when another is chosen."""
        media: forms.Media = SCRIPT
        return media


def length_of(name: str) -> int:
    """How long a text of a picture may be."""
    field = Image._meta.get_field(name)
    return (isinstance(field, CharField) and field.max_length) or 0


def cut(text: str, length: int) -> str:
    """The text, or its beginning and an ellipsis."""
    return text if len(text) <= length else f"{text[: length - 1].rstrip()}…"
