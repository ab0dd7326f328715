"""What editors fill in at the desk: an article, its bylines, an author, a page."""

from datetime import datetime

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone

from articles import html
from articles.models import Article, Author, Correction, Page
from articles.rich_text import RichTextWidget


class ArticleForm(forms.ModelForm):
    """An article as it is written."""

    class Meta:
        model = Article
        fields = (
            "title", "standfirst", "lead_image", "body", "disclosure", "section", "topics", "answers", "language",
            "published_at", "changed_at", "slug", "comments_open", "comments_close_at",
        )  # fmt: skip
        widgets = {
            "body": RichTextWidget(headings=True),
            "standfirst": forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
            "disclosure": forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
            "topics": forms.CheckboxSelectMultiple(),
            "title": forms.TextInput(attrs={"class": "vTextField title", "dir": "auto"}),
        }
        help_texts = {
            "published_at": "Leave empty to publish at once; a later time schedules it. "
            f"Time zone: {settings.TIME_ZONE}."
        }

    def clean_body(self) -> str:
        """What is published keeps a text."""
        body: str = self.cleaned_data["body"]
        is_empty = not html.shows_text(html.clean_article(body, settings.LANGUAGE_CODE).html)
        if is_empty and self.instance.status == Article.Status.PUBLISHED:
            raise ValidationError("A published article needs a text. Withdraw it first to empty it.")
        return body

    def clean_published_at(self) -> datetime | None:
        """A scheduled article whose date is emptied goes out at once."""
        at: datetime | None = self.cleaned_data["published_at"]
        is_emptied = at is None and self.instance.status == Article.Status.PUBLISHED
        return timezone.now() if is_emptied else at

    def clean_answers(self) -> Article | None:
        """Another op-ed, and none that answers this one in turn."""
        answered: Article | None = self.cleaned_data["answers"]
        earlier, seen = answered, {self.instance.pk}
        while earlier is not None:
            if earlier.pk in seen:
                raise ValidationError("An op-ed can’t answer itself, nor one that answers it.")
            seen.add(earlier.pk)
            earlier = earlier.answers
        return answered


class CorrectionForm(forms.ModelForm):
    """A correction."""

    class Meta:
        model = Correction
        fields = ("text", "made_at")
        widgets = {"text": RichTextWidget(headings=False)}


class BylineFormSet(forms.BaseInlineFormSet):
    """The authors of an article."""

    def clean(self) -> None:
        """What is published keeps an author."""
        super().clean()
        kept = [form for form in self.forms if form.cleaned_data.get("author") and not form.cleaned_data.get("DELETE")]
        if not kept and self.instance.status == Article.Status.PUBLISHED and not any(self.errors):
            raise ValidationError("A published article needs an author.")


class AuthorForm(forms.ModelForm):
    """An author with a bio."""

    class Meta:
        model = Author
        fields = ("name", "slug", "portrait", "bio", "website", "user")
        widgets = {"bio": RichTextWidget(headings=False)}


class PageForm(forms.ModelForm):
    """A standing page."""

    class Meta:
        model = Page
        fields = ("title", "slug", "body", "position")
        widgets = {"body": RichTextWidget(headings=True)}
