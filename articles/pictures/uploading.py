"""The desk's verbs for pictures: store one that was uploaded, put another in its place, delete it."""

from dataclasses import dataclass
from io import BytesIO

from django.db import transaction
from django.utils import timezone

from articles.models import Image
from articles.pictures import files, renditions
from articles.pictures.reading import Picture

# What is kept is as good as the upload to the eye; renditions are made of it.
KEPT_QUALITY = 95
COLUMNS = ("key", "width", "height", "widths", "digest", "due_at")


@dataclass(frozen=True, slots=True)
class Stored:
    """Files that are on the disk and wait for their row."""

    key: str
    width: int
    height: int
    widths: list[int]
    digest: str


def store(picture: Picture) -> Stored:
    """Write the files of a picture, before anything in the database names them. Raises OSError; then none is left."""
    key = files.new_key()
    try:
        files.write(files.original(key), _kept(picture))
        widths = renditions.write_small(key, picture.pixels)
    except OSError:
        files.remove(key)
        raise
    return Stored(key, *picture.pixels.size, widths, picture.digest)


def use(stored: Stored, image: Image) -> None:
    """Make the picture of these files; whoever saves it names COLUMNS. The files before go when no page has them."""
    former = image.key
    image.key, image.digest = stored.key, stored.digest
    image.width, image.height, image.widths = stored.width, stored.height, stored.widths
    image.due_at = timezone.now()
    if former:
        transaction.on_commit(lambda: files.retire(former))


def delete(image: Image) -> None:
    """Delete a picture and its files, also what readers got. Raises ProtectedError if something uses it."""
    image.delete()
    transaction.on_commit(lambda: files.remove(image.key))


def _kept(picture: Picture) -> bytes:
    encoded = BytesIO()
    if picture.pixels.mode == "RGBA":
        picture.pixels.save(encoded, "PNG")
    else:
        picture.pixels.save(encoded, "JPEG", quality=KEPT_QUALITY, subsampling="4:4:4")
    return encoded.getvalue()
