"""Pictures from the upload to the reader: renditions, their addresses, and what happens when files go astray."""

import os
import time
from datetime import timedelta
from io import BytesIO

import PIL.Image
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.freshness import read_versions
from articles.models import Article, Author, Image, Publication
from articles.pictures import files, reading, renditions, uploading
from opedsite import jobs
from tests.factories import make_article, make_author
from tests.pictures import XMP, gps_and_names, make_image, opened, photo

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]
IMMUTABLE = "public, max-age=31536000, immutable"


def complete(image):
    """What the worker does a moment after the upload."""
    assert renditions.make_due() == 1
    image.refresh_from_db()
    return image


def age(folder):
    """Let everything in the folder have lain there for two days."""
    before = time.time() - 2 * renditions.DAY
    for path in [folder, *folder.rglob("*")]:
        os.utime(path, (before, before))


def names_of(image):
    return sorted(path.name for path in files.served(image.key).iterdir())


def test_the_smallest_and_the_squares_are_there_at_once():
    image = make_image(photo((1500, 1000)))

    assert image.widths == [320]
    assert names_of(image) == ["320.webp", "square-192.webp", "square-384.webp", "square-96.webp"]
    assert image.share_address == ""


def test_a_job_makes_the_rest_and_enlarges_nothing():
    image = complete(make_image(photo((1500, 1000))))

    assert image.widths == [320, 640, 960, 1280, 1500]
    assert image.due_at is None
    for width in image.widths:
        assert opened(files.served(image.key, f"{width}.webp").read_bytes()).size == (width, round(width * 2 / 3))
    assert opened(files.served(image.key, "share.jpg").read_bytes()).size == (1200, 630)
    assert image.share_address == f"/media/{image.key}/share.jpg"


def test_a_wide_picture_has_no_rendition_wider_than_pages_need():
    assert complete(make_image(photo((2600, 1300)))).widths == [320, 640, 960, 1280, 1920]


def test_a_small_picture_has_one_of_its_own_width():
    image = complete(make_image(photo((200, 50), "PNG")))

    assert image.widths == [200]
    assert image.squares == []


def test_of_a_portrait_the_upper_middle_becomes_the_square():
    image = complete(make_image(photo((600, 1200))))

    square = opened(files.served(image.key, "square-96.webp").read_bytes())

    # Blue above the middle of the picture, green below: the square lies higher than the middle.
    blue, green = square.getpixel((48, 4)), square.getpixel((48, 92))
    assert blue[2] > blue[1]
    assert green[1] > green[2]
    assert square.getpixel((48, 52))[2] > square.getpixel((48, 52))[1]


def test_what_shows_through_stays_so_but_for_those_who_share():
    half = PIL.Image.new("RGBA", (800, 600), (200, 0, 0, 0))
    file = BytesIO()
    half.save(file, "PNG")

    image = complete(make_image(file.getvalue()))

    assert opened(files.served(image.key, "640.webp").read_bytes()).getpixel((5, 5))[3] == 0
    assert opened(files.served(image.key, "share.jpg").read_bytes()).getpixel((5, 5)) == (255, 255, 255)


def test_no_file_on_the_disk_says_where_or_by_whom_it_was_taken(media):
    complete(make_image(photo((1500, 1000), exif=gps_and_names(), xmp=XMP.encode(), comment=b"ana@example.org")))
    complete(make_image(photo((300, 200), "PNG", exif=gps_and_names())))

    everything = [path.read_bytes() for path in media.rglob("*") if path.is_file()]

    assert len(everything) == 5 + 3 + 2 + 1 + 2 + 2
    for content in everything:
        assert b"Ana" not in content
        assert b"example" not in content
        assert not opened(content).getexif()
        assert b"Exif" not in content
        assert b"EXIF" not in content


def test_the_pages_that_show_a_picture_follow_when_it_is_complete(reader):
    image = make_image(alt="A ferry", caption="The 6.40", credit="Ana")
    article = make_article(lead_image=image)
    assert "640.webp" not in reader.get(article.get_absolute_url()).text

    complete(image)

    text = reader.get(article.get_absolute_url()).text
    assert f"/media/{image.key}/640.webp 640w" in text
    assert 'alt="A ferry"' in text
    assert "<span>The 6.40</span> <small>Ana</small>" in text


def test_a_portrait_is_seen_on_the_authors_page_and_on_their_op_eds(reader):
    author = make_author()
    article = make_article(author=author)
    pages = [author.get_absolute_url(), article.get_absolute_url()]
    assert all('<span class="face"' in reader.get(page).text for page in pages)

    image = make_image()
    Author.objects.filter(pk=author.pk).update(portrait=image)
    complete(image)

    assert all(f"/media/{image.key}/square-96.webp" in reader.get(page).text for page in pages)


def test_a_logo_changes_every_page():
    image = make_image()
    Publication.objects.update_or_create(pk=1, defaults={"logo": image})
    before = read_versions(["site"]).versions.get("site", 0)

    complete(image)

    assert read_versions(["site"]).versions["site"] == before + 1


@pytest.mark.parametrize("shown_on", ["article", "author"])
def test_pictures_and_portraits_cost_no_query_more(client, shown_on):
    article = make_article()
    author = article.bylines.get().author
    address = {"article": article.get_absolute_url(), "author": author.get_absolute_url()}[shown_on]

    def queries():
        with CaptureQueriesContext(connection) as captured:
            text = client.get(address).text
        return len(captured), "/media/" in text

    client.get(address)
    without = queries()
    Author.objects.filter(pk=author.pk).update(portrait=make_image())
    Article.objects.filter(pk=article.pk).update(lead_image=make_image())

    assert without == (queries()[0], False)


def test_a_rendition_is_served_for_ever(reader):
    image = make_image()

    response = reader.get(image.address(320))

    assert response.status_code == 200
    assert response["Content-Type"] == "image/webp"
    assert response["Cache-Control"] == IMMUTABLE
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Disposition"] == "inline"
    assert response["Content-Length"] == str(len(response.content))
    assert "Set-Cookie" not in response
    assert "Vary" not in response
    assert opened(response.content).format == "WEBP"


def test_who_has_a_rendition_does_not_get_it_again(reader):
    address = make_image().address(320)
    etag = reader.get(address)["ETag"]

    again = reader.get(address, headers={"If-None-Match": etag})
    other = reader.get(address, headers={"If-None-Match": '"other"'})

    assert (again.status_code, again.content, again["Cache-Control"]) == (304, b"", IMMUTABLE)
    assert other.status_code == 200


def test_head_says_what_get_would(reader):
    address = make_image().address(320)

    head, get = reader.head(address), reader.get(address)

    assert (head.status_code, head.content) == (200, b"")
    assert head["Content-Length"] == get["Content-Length"]


@pytest.mark.parametrize(
    "path",
    [
        "{key}",
        "{key}/",
        "{key}/321.webp",
        "{key}/640.webp",
        "{key}/320.jpg",
        "{key}/320.webp/",
        "{key}/original",
        "{key}/../../originals/{key}",
        "{key}/%2e%2e/%2e%2e/originals/{key}",
        "{key}/..%2f..%2foriginals%2f{key}",
        "../originals/{key}",
        "originals/{key}",
        "served/{key}/320.webp",
        "0123456789abcdef/320.webp",
        "{upper}/320.webp",
        "{key}/320.webp%00.html",
        "{key}/٣٢٠.webp",
        "",
    ],
)
def test_nothing_but_a_rendition_has_an_address(reader, path):
    image = make_image()

    response = reader.get("/media/" + path.format(key=image.key, upper=image.key.upper() + "A"))

    assert response.status_code in (301, 400, 404)
    if response.status_code == 301:
        assert reader.get(response["Location"]).status_code == 404


def test_a_rendition_can_not_be_posted_to(reader):
    assert reader.post(make_image().address(320)).status_code == 405


def test_a_rendition_that_is_gone_is_404_and_made_again(reader, media):
    image = complete(make_image())
    for path in files.served(image.key).iterdir():
        path.unlink()
    assert reader.get(image.address(640)).status_code == 404

    renditions.tidy()
    complete(image)

    assert reader.get(image.address(640)).status_code == 200


def test_a_folder_that_can_not_be_read_is_no_server_error(reader):
    image = make_image()
    files.served(image.key, "320.webp").unlink()
    files.served(image.key, "320.webp").mkdir()

    assert reader.get(image.address(320)).status_code == 503


def test_a_picture_without_its_original_waits_and_stops_no_other(caplog):
    lost, whole = make_image(), make_image()
    files.original(lost.key).unlink()

    assert renditions.make_due() == 1

    lost.refresh_from_db()
    whole.refresh_from_db()
    assert (lost.widths, whole.due_at) == ([320], None)
    assert lost.due_at > timezone.now() + timedelta(minutes=5)
    assert "FileNotFoundError" in caplog.text


def test_a_damaged_original_is_tried_again_later():
    image = make_image()
    files.original(image.key).write_bytes(b"\xff\xd8\xff\xe0 damaged")

    assert renditions.make_due() == 0
    assert Image.objects.get().widths == [320]


def test_a_picture_that_another_worker_makes_is_left_to_it():
    image = make_image()
    Image.objects.filter(pk=image.pk).update(due_at=timezone.now() + renditions.CLAIM)

    assert renditions.make_due() == 0


def test_of_two_workers_that_saw_the_same_picture_one_has_it():
    seen = make_image()

    assert [renditions.claim(seen), renditions.claim(seen)] == [True, False]


def test_a_picture_that_was_replaced_meanwhile_is_not_marked_as_complete():
    image = make_image()
    stale = Image.objects.get()
    uploading.use(uploading.store(reading.read(photo((900, 600)))), image)
    image.save()

    assert renditions.make(stale) is False

    image.refresh_from_db()
    assert image.widths == [320]
    assert complete(image).widths == [320, 640, 900]


def test_the_worker_calls_both_jobs():
    image = make_image()

    ran = jobs.run_due()

    assert {"make renditions of pictures", "tidy the files of pictures"} <= set(ran)
    image.refresh_from_db()
    assert image.due_at is None


def test_a_full_disk_leaves_no_file_behind(media):
    picture = reading.read(photo())
    media.mkdir(parents=True)
    (media / "served").write_text("no folder: nothing can be written below it")

    with pytest.raises(OSError, match="served"):
        uploading.store(picture)

    assert not any(path.is_file() for path in (media / "originals").iterdir())


def test_files_without_a_picture_go_after_a_day(media):
    kept, young = make_image(), uploading.store(reading.read(photo()))
    orphan = uploading.store(reading.read(photo()))
    part = media / "originals" / "0123456789abcdef.1234.part"
    part.write_bytes(b"half")
    age(media)
    files.retire(young.key)

    renditions.tidy()

    left = {path.name for path in (media / "originals").iterdir()}
    assert left == {kept.key, young.key}
    assert not files.served(orphan.key).exists()


def test_with_the_wrong_database_no_file_is_deleted(media, caplog):
    for _ in range(renditions.FEW + 1):
        files.write(files.original(files.new_key()), b"x")
    age(media)

    renditions.tidy()

    assert len(list((media / "originals").iterdir())) == renditions.FEW + 1
    assert "right database" in caplog.text


def test_files_that_are_not_ours_are_left_alone(media):
    make_image()
    strange = media / "originals" / "holiday.jpg"
    strange.write_bytes(b"x")
    age(media)

    renditions.tidy()

    assert strange.exists()
