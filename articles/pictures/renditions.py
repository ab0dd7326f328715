"""What readers get of a picture: WebP in several widths, squares for faces, one JPEG for those who share a link.

The smallest width and the squares are made while the picture is stored, so that it is on its pages at once; the rest
takes seconds and is made by a job. Each file has its final name from the start and always the same pixels, so two
workers that make the same do no harm.
"""

import logging
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from functools import partial
from io import BytesIO

import PIL.Image
from django.db import transaction
from django.utils import timezone
from PIL import ImageOps

from articles import publishing
from articles.models import Image
from articles.models.image import SQUARES, wanted_widths
from articles.pictures import files
from articles.pictures.reading import BROKEN, one_at_a_time

logger = logging.getLogger(__name__)
Pixels = PIL.Image.Image
QUALITY = 78
# A WebP encoder's effort: a job has time, an upload has not.
THOROUGH, QUICK = 6, 3
SHARE_SIZE = (1200, 630)
# Eyes are in the upper third of a portrait.
MIDDLE = (0.5, 0.35)
# So long a worker keeps a picture to itself, and so long after a failure it is tried again.
CLAIM = timedelta(minutes=10)
# Mail and the rest of the jobs wait for their turn.
PICTURES_A_TURN = 5
DAY = 24 * 60 * 60.0
# So many files without a row are a mishap of uploads. More, and more than there are pictures, are the wrong database.
FEW = 20


def write_small(key: str, pixels: Pixels) -> list[int]:
    """What a page can begin with; the widths that are there then. Raises OSError."""
    smallest = wanted_widths(pixels.width)[0]
    files.write(files.served(key, f"{smallest}.webp"), _scaled(pixels, smallest, QUICK))
    for side in SQUARES:
        if side <= min(pixels.size):
            files.write(files.served(key, f"square-{side}.webp"), _square(pixels, side))
    return [smallest]


def make_due() -> int:
    """Make what is missing of pictures, some a turn; the number that are complete now."""
    made = 0
    due = Image.objects.filter(due_at__lte=timezone.now()).order_by("due_at")[:PICTURES_A_TURN]
    for image in due:
        made += claim(image) and make(image)
    return made


def claim(image: Image) -> bool:
    """True for the one worker that has it now; one that dies leaves it to be tried again."""
    mine = Image.objects.filter(pk=image.pk, due_at=image.due_at).update(due_at=timezone.now() + CLAIM)
    return bool(mine)


def make(image: Image) -> bool:
    """All renditions of one picture; its pages follow. False if that can't be now."""
    try:
        widths = write_all(image.key)
    except BROKEN as reason:  # among them OSError: no original, no room, a folder that is not ours
        logger.warning("picture %s has no renditions: %s", image.pk, type(reason).__name__)
        return False
    with transaction.atomic():
        # Another file may have come in its place meanwhile.
        is_current = Image.objects.filter(pk=image.pk, key=image.key).update(widths=widths, due_at=None)
        if is_current:
            publishing.image_changed(image)
    return bool(is_current)


def write_all(key: str) -> list[int]:
    """Write every rendition of an original that lacks; the widths. Raises one of BROKEN."""
    with one_at_a_time, PIL.Image.open(files.original(key)) as pixels:
        pixels.load()
        widths = wanted_widths(pixels.width)
        for name, encode in _wanted(pixels).items():
            path = files.served(key, name)
            if not path.exists():
                files.write(path, encode())
    return widths


def tidy() -> None:
    """Delete files that no picture needs, a day after they came; have made again what is missing."""
    keys = dict(Image.objects.filter(due_at=None).values_list("key", "pk"))
    known = {*keys, *Image.objects.exclude(due_at=None).values_list("key", flat=True)}
    orphans = files.keys_older_than(DAY) - set(Image.objects.values_list("key", flat=True))
    if len(orphans) > max(FEW, len(known)):
        logger.error("%d pictures are in no row: is this the right database? None is deleted.", len(orphans))
    else:
        for key in orphans:
            files.remove(key)
    files.remove_parts_older_than(DAY)
    incomplete = [pk for key, pk in keys.items() if not files.served(key, "share.jpg").exists()]
    Image.objects.filter(pk__in=incomplete, due_at=None).update(due_at=timezone.now())


def _wanted(pixels: Pixels) -> Mapping[str, Callable[[], bytes]]:
    """The name of each rendition, and what makes it; the one that `tidy` looks for is the last."""
    return dict(_each(pixels))


def _each(pixels: Pixels) -> Iterator[tuple[str, Callable[[], bytes]]]:
    for width in wanted_widths(pixels.width):
        yield f"{width}.webp", partial(_scaled, pixels, width, THOROUGH)
    for side in SQUARES:
        if side <= min(pixels.size):
            yield f"square-{side}.webp", partial(_square, pixels, side)
    yield "share.jpg", partial(_share, pixels)


def _scaled(pixels: Pixels, width: int, effort: int) -> bytes:
    height = max(1, round(pixels.height * width / pixels.width))
    return _webp(pixels.resize((width, height), PIL.Image.Resampling.LANCZOS, reducing_gap=3.0), effort)


def _square(pixels: Pixels, side: int) -> bytes:
    return _webp(ImageOps.fit(pixels, (side, side), PIL.Image.Resampling.LANCZOS, centering=MIDDLE), THOROUGH)


def _webp(pixels: Pixels, effort: int) -> bytes:
    encoded = BytesIO()
    pixels.save(encoded, "WEBP", quality=QUALITY, method=effort)
    return encoded.getvalue()


def _share(pixels: Pixels) -> bytes:
    """On white where something shows through: JPEG is what every program that shows links can read."""
    fitted = ImageOps.fit(pixels, SHARE_SIZE, PIL.Image.Resampling.LANCZOS, centering=MIDDLE).convert("RGBA")
    encoded = BytesIO()
    on_white = PIL.Image.alpha_composite(PIL.Image.new("RGBA", SHARE_SIZE, "white"), fitted)
    on_white.convert("RGB").save(encoded, "JPEG", quality=82, optimize=True, progressive=True)
    return encoded.getvalue()
