"""Pictures in the desk: uploaded, described, chosen, replaced, deleted."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from articles.freshness import read_versions
from articles.models import Article, Author, Image, Publication
from articles.pictures import files, reading
from tests.factories import make_article, make_author, make_draft
from tests.pictures import XMP, make_image, photo

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]
ADD = "/admin/articles/image/add/"
LIST = "/admin/articles/image/"
# As `reading` sees it: nothing else was typed.
NOTHING_SAID = dict.fromkeys(("name", "alt", "caption", "credit", "copyright_notice", "licence_url"), "")


def upload(client, content, filename="ferry.jpg", address=ADD, **typed):
    file = {"file": SimpleUploadedFile(filename, content)} if content is not None else {}
    return client.post(address, NOTHING_SAID | typed | file, follow=True)


def form_of(image):
    return {name: getattr(image, name) for name in NOTHING_SAID}


def address_of(image):
    return f"/admin/articles/image/{image.pk}/change/"


def article_form(article, **changes):
    """What the article's form would send."""
    byline = article.bylines.get()
    return {
        "title": article.title, "standfirst": article.standfirst, "body": article.body, "slug": article.slug,
        "section": article.section_id, "language": article.language, "lead_image": article.lead_image_id or "",
        "comments_open": "on", "bylines-TOTAL_FORMS": 1, "bylines-INITIAL_FORMS": 1, "bylines-0-id": byline.pk,
        "bylines-0-article": article.pk, "bylines-0-author": byline.author_id, "bylines-0-position": 0,
    } | changes  # fmt: skip


@pytest.mark.parametrize("role", ["Editors", "Writers", "Owner"])
def test_editors_and_writers_upload(desk, role):
    response = upload(desk(role), photo(), alt="A small ferry")

    image = Image.objects.get()
    assert response.status_code == 200
    assert (image.name, image.alt, image.width, image.height) == ("ferry", "A small ferry", 1500, 1000)
    assert image.created_by is not None
    assert image.smallest_address in response.text


def test_moderators_and_strangers_do_not(desk, reader):
    assert upload(desk("Moderators"), photo()).status_code == 403
    assert upload(reader, photo()).status_code == 403
    assert not Image.objects.exists()


def test_words_of_the_file_fill_what_was_left_empty_and_can_be_changed(desk):
    client = desk("Editors")

    response = upload(client, photo(xmp=XMP.encode()), credit="Typed")

    image = Image.objects.get()
    assert (image.caption, image.credit) == ("The ferry at dawn", "Typed")
    assert image.copyright_notice == "© 2026 Harbour Press"
    assert "please check: alternative text, caption, copyright notice, licence" in response.text
    client.post(address_of(image), form_of(image) | {"caption": "At noon"})
    image.refresh_from_db()
    assert image.caption == "At noon"


def test_words_that_are_too_long_are_cut(desk):
    upload(desk("Editors"), photo(xmp=XMP.replace("Die", "").replace("The ferry at", "long " * 200).encode()))

    assert Image.objects.get().caption.endswith("…")


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (b"<svg onload='alert(1)'/>", "drawing.svg", "SVG and HTML can carry programs"),
        (b"<script>alert(1)</script>", "photo.jpg", "SVG and HTML can carry programs"),
        (photo()[:2000], "photo.jpg", "damaged or incomplete"),
        (b"", "photo.jpg", "empty"),
        (photo(), "photo.php", "must end in .jpg"),
        (photo() + b"\0" * reading.MAX_BYTES, "photo.jpg", "larger than 20 MB"),
        (None, "", "This field is required"),
    ],
)
def test_what_is_no_picture_is_refused_and_everything_typed_is_kept(desk, media, content, name, sentence):
    response = upload(desk("Editors"), content, name, alt="A small ferry", credit="Ana <&>")

    assert response.status_code == 200
    assert sentence in response.text
    assert "A small ferry" in response.text
    assert "Ana &lt;&amp;&gt;" in response.text
    assert not Image.objects.exists()
    assert not media.exists()


def test_a_mistake_elsewhere_stores_no_file(desk, media):
    response = upload(desk("Editors"), photo(), licence_url="javascript:alert(1)")

    assert "Give a web address" in response.text
    assert not media.exists()


def test_the_same_file_again_leads_to_the_first(desk):
    client, file = desk("Editors"), photo()
    first = make_image(file, name="Ferry <1>")

    page = upload(client, file)
    popup = upload(client, file, _popup="1")

    assert f'This picture is here already: <a href="{address_of(first)}">Ferry &lt;1&gt;</a>' in page.text
    assert f"{LIST}?_popup=1&amp;_to_field=id&amp;q={first.key}" in popup.text
    assert Image.objects.count() == 1


def test_a_full_disk_is_said_and_everything_typed_is_kept(desk, media):
    media.mkdir()
    (media / "served").write_text("no folder: nothing can be written below it")

    response = upload(desk("Editors"), photo(), alt="A small ferry")

    assert "the disk is full" in response.text
    assert "A small ferry" in response.text
    assert not Image.objects.exists()


def test_another_file_takes_the_place_of_a_picture(desk, reader, django_capture_on_commit_callbacks):
    image = make_image(caption="The 6.40")
    article = make_article(lead_image=image)
    former = image.key
    assert former in reader.get(article.get_absolute_url()).text

    with django_capture_on_commit_callbacks(execute=True):
        upload(desk("Editors"), photo((900, 900)), address=address_of(image), **form_of(image))

    image.refresh_from_db()
    text = reader.get(article.get_absolute_url()).text
    assert (image.width, image.caption) == (900, "The 6.40")
    assert image.key in text
    assert former not in text
    # Pages that are kept somewhere may show it for another day.
    assert reader.get(f"/media/{former}/320.webp").status_code == 200


def test_a_changed_caption_is_on_the_page_at_once(desk, reader):
    image = make_image(caption="The 6.40")
    article = make_article(lead_image=image)
    assert "The 6.40" in reader.get(article.get_absolute_url()).text

    desk("Editors").post(address_of(image), form_of(image) | {"caption": "The 6.50"})

    assert "The 6.50" in reader.get(article.get_absolute_url()).text


def test_words_change_without_losing_renditions_made_meanwhile(desk):
    image = make_image()
    client = desk("Editors")
    client.get(address_of(image))
    Image.objects.update(widths=[320, 640], due_at=None)

    client.post(address_of(image), form_of(image) | {"alt": "New"})

    image.refresh_from_db()
    assert (image.alt, image.widths, image.due_at) == ("New", [320, 640], None)


def test_a_picture_in_use_is_not_deleted_and_says_what_uses_it(desk):
    image = make_image()
    make_draft(title="A ferry is a road", lead_image=image)
    Author.objects.filter(pk=make_author("Leila Haddad").pk).update(portrait=image)
    client = desk("Editors")

    question = client.get(f"/admin/articles/image/{image.pk}/delete/")
    client.post(f"/admin/articles/image/{image.pk}/delete/", {"post": "yes"})

    assert "A ferry is a road" in question.text
    assert "Leila Haddad" in question.text
    assert "A ferry is a road" in client.get(address_of(image)).text
    assert Image.objects.filter(pk=image.pk).exists()
    assert files.original(image.key).exists()


def test_the_logo_is_not_deleted(desk):
    image = make_image()
    Publication.objects.update_or_create(pk=1, defaults={"logo": image})

    desk("Owner").post(f"/admin/articles/image/{image.pk}/delete/", {"post": "yes"})

    assert Image.objects.filter(pk=image.pk).exists()


def test_a_deleted_picture_leaves_no_file(desk, reader, media, django_capture_on_commit_callbacks):
    image = make_image()

    with django_capture_on_commit_callbacks(execute=True):
        desk("Editors").post(f"/admin/articles/image/{image.pk}/delete/", {"post": "yes"})

    assert not Image.objects.exists()
    assert reader.get(f"/media/{image.key}/320.webp").status_code == 404
    assert not [path for path in media.rglob("*") if path.is_file()]


def test_writers_look_and_change_nothing(desk):
    image = make_image(alt="A ferry")
    client = desk("Writers")

    assert "A ferry" in client.get(address_of(image)).text
    assert client.post(address_of(image), form_of(image) | {"alt": "x"}).status_code == 403
    assert client.post(f"/admin/articles/image/{image.pk}/delete/", {"post": "yes"}).status_code == 403


def test_the_list_shows_pictures_and_finds_them_by_their_words(desk):
    ferry, bus = make_image(caption="The ferry"), make_image(alt="")
    client = desk("Editors")

    text = client.get(LIST).text
    found = client.get(f"{LIST}?q=ferry").text

    assert ferry.smallest_address in text
    assert '<span class="standing pending">missing</span>' in text
    assert ferry.smallest_address in found
    assert bus.smallest_address not in found


@pytest.mark.parametrize("role", ["Editors", "Writers"])
def test_an_op_ed_gets_a_picture_that_its_form_shows(desk, role):
    image = make_image(alt="", credit="Ana")
    client = desk(role)
    client.post("/admin/articles/author/add/", {"name": "x"})
    article = make_draft()
    Article.objects.filter(pk=article.pk).update(created_by=client.session["_auth_user_id"])
    address = f"/admin/articles/article/{article.pk}/change/"

    response = client.post(address, article_form(article, lead_image=image.pk, _continue="1"), follow=True)

    article.refresh_from_db()
    assert article.lead_image == image
    assert image.smallest_address in response.text
    assert "has no alternative text" in response.text
    assert f'name="lead_image" value="{image.pk}"' in response.text


@pytest.mark.parametrize("typed", ["x", "-1", "9" * 30, "0", "٣", "1 OR 1=1"])
def test_a_number_that_is_no_picture_is_refused_with_the_form(desk, typed):
    article = make_draft()

    response = desk("Editors").post(
        f"/admin/articles/article/{article.pk}/change/", article_form(article, lead_image=typed)
    )

    assert response.status_code == 200
    assert "errorlist" in response.text


def test_an_author_gets_a_portrait_and_their_page_follows(desk):
    image, author = make_image(), make_author()
    before = read_versions([f"author-{author.pk}"]).versions.get(f"author-{author.pk}", 0)

    desk("Editors").post(
        f"/admin/articles/author/{author.pk}/change/",
        {"name": author.name, "slug": author.slug, "bio": author.bio, "portrait": image.pk},
    )

    author.refresh_from_db()
    assert author.portrait == image
    assert read_versions([f"author-{author.pk}"]).versions[f"author-{author.pk}"] == before + 1


def test_the_card_of_a_picture_is_for_those_who_may_see_it(desk, reader):
    image = make_image(alt='A "ferry"', credit="Ana <b>")
    card = f"/admin/articles/image/{image.pk}/card/"

    text = desk("Writers").get(card).text

    assert "A &quot;ferry&quot;" in text
    assert "Ana &lt;b&gt;" in text
    assert desk("Moderators").get(card).status_code == 403
    assert reader.get(card).status_code == 302
    assert desk("Editors").get("/admin/articles/image/0/card/").status_code == 404
