"""Links by which a reader passes an op-ed on: plain ones, which tell nobody anything until they are followed."""

from collections.abc import Mapping
from urllib.parse import quote

from django.conf import settings

from articles.models import Article

SERVICES: Mapping[str, str] = {
    "WhatsApp": "https://wa.me/?text={title}%20{url}",
    "Bluesky": "https://bsky.app/intent/compose?text={title}%20{url}",
    "LinkedIn": "https://www.linkedin.com/sharing/share-offsite/?url={url}",
}
MAIL = "mailto:?subject={title}&body={url}"


def share_links(article: Article) -> dict[str, str]:
    """The article's own `url`, a `mail` with it, and an address for each service by its name."""
    url = settings.OPED_BASE_URL + article.get_absolute_url()
    parts = {"title": quote(article.title), "url": quote(url)}
    services = {name: pattern.format(**parts) for name, pattern in SERVICES.items()}
    return {"url": url, "mail": MAIL.format(**parts)} | services
