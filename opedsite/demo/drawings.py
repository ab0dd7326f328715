"""The demo's own drawings: the picture that an op-ed opens with, and the authors' portraits."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from articles.models import Article, Author, Image
from articles.pictures import reading, uploading

FOLDER = Path(__file__).parent
CREDIT = "Drawn for this demo"


def hang(articles: dict[str, Article], authors: dict[str, Author]) -> Iterator[Image]:
    """Store each drawing and give it to what it was made for."""
    for row in json.loads((FOLDER / "drawings.json").read_text(encoding="utf-8")):
        if "author" in row:
            author = authors[row["author"]]
            author.portrait = _store(row, name=author.name)
            author.save(update_fields=["portrait"])
            yield author.portrait
        else:
            article = articles[row.get("article", row["file"])]
            article.lead_image = _store(row, name=article.title, credit=CREDIT)
            article.save(update_fields=["lead_image"])
            yield article.lead_image


def _store(row: dict[str, Any], **said: str) -> Image:
    picture = reading.read((FOLDER / "pictures" / f"{row['file']}.webp").read_bytes())
    image = Image(alt=row["alt"], caption=row.get("caption", ""), **said)
    uploading.use(uploading.store(picture), image)
    image.save()
    return image
