"""Who speaks with a badge: staff from the desk, an article's author through a personal link; and editors' picks."""

import re

import pytest
from django.urls import reverse

from articles import publishing
from comments import review
from comments.links import new_answering_link
from comments.models import AnsweringLink, Comment, Decision
from tests.factories import make_article, make_author, make_comment, make_staff
from tests.site_client import SiteClient

pytestmark = pytest.mark.django_db
STAFF, AUTHOR, PICK = '<span class="badge">Staff</span>', '<span class="badge">Author</span>', "badge pick"


def answer_url(article, parent=None):
    url = reverse("admin:comments_comment_answer", args=[article.pk])
    return f"{url}?to={parent.pk}" if parent else url


@pytest.fixture
def link():
    """An author's answering link, and an article of that author."""
    author = make_author("Leila Haddad")
    article = make_article(author=author)
    return new_answering_link(author, by="mira")[1], article


@pytest.mark.parametrize("role", ["Editors", "Moderators", "Owner"])
def test_staff_answer_from_the_desk_with_a_badge_and_at_once(desk, reader, role):
    article = make_article()
    parent = make_comment(article, "Is that so?", name="Ines")

    asked = desk(role).get(answer_url(article, parent))
    desk(role).post(answer_url(article, parent), {"body": "It is; see the plan.", "parent": str(parent.pk)})

    page = reader.get(article.get_absolute_url()).text
    assert "Is that so?" in asked.text
    assert "It is; see the plan." in page
    assert STAFF in page
    assert Comment.objects.get(badge="staff").parent == parent


def test_a_staff_comment_shows_a_name_and_never_the_log_in_name(reader):
    article = make_article()
    user = make_staff("Moderators", "mira.login")
    client = SiteClient()
    client.force_login(user)

    client.post(answer_url(article), {"body": "Nameless."})
    user.first_name, user.last_name = "Mira", "Okafor"
    user.save()
    client.post(answer_url(article), {"body": "With a name."})

    assert list(Comment.objects.order_by("pk").values_list("name", flat=True)) == ["Opinion", "Mira Okafor"]
    assert "mira.login" not in reader.get(article.get_absolute_url()).text
    assert Decision.objects.last().decided_by == "mira.login"


def test_staff_who_signed_the_article_speak_as_its_author(reader):
    article = make_article()
    user = make_staff("Editors")
    author = article.bylines.get().author
    author.user = user
    author.save()
    client = SiteClient()
    client.force_login(user)

    client.post(answer_url(article), {"body": "My own piece."})

    comment = Comment.objects.get()
    assert (comment.badge, comment.name, comment.status) == ("author", author.name, "approved")


def test_writers_and_strangers_do_not_comment_as_staff(desk, reader):
    article = make_article()

    writer = desk("Writers").post(answer_url(article), {"body": "Not me."})
    stranger = reader.post(answer_url(article), {"body": "Nor me."})

    assert (writer.status_code, stranger.status_code) == (403, 403)
    assert Comment.objects.count() == 0


def test_an_answer_that_is_refused_keeps_its_words(desk):
    article = make_article(comments_open=False)
    moderator = desk("Moderators")

    closed = moderator.post(answer_url(article), {"body": "Too late, I know."})
    empty = moderator.post(answer_url(article), {"body": " "})
    draft = moderator.get(reverse("admin:comments_comment_answer", args=[10**9]))

    assert (closed.status_code, empty.status_code, draft.status_code) == (409, 422, 404)
    assert "Too late, I know." in closed.text


def test_a_reader_cannot_claim_a_badge(reader):
    article = make_article()

    reader.post(
        reverse("comments:comment-post", args=[article.pk]),
        {"body": "I am staff.", "name": "Ana", "email": "a@b.example", "badge": "staff", "by": "mira"},
    )

    comment = Comment.objects.get()
    assert (comment.badge, comment.status) == ("", "pending")


@pytest.mark.parametrize(
    ("name", "finding"),
    [
        ("leila haddad", "looks like the author Leila Haddad"),
        ("Lеila Hаddаd", "looks like the author Leila Haddad"),
        ("MlRA OKAFOR", "looks like a member of staff"),
        ("Tomas R.", None),
    ],
)
def test_a_reader_whose_name_looks_like_an_authors_or_staffs_is_pointed_out_to_moderators(reader, desk, name, finding):
    article = make_article(author=make_author("Leila Haddad"))
    user = make_staff("Moderators")
    user.first_name, user.last_name = "Mira", "Okafor"
    user.save()

    reader.post(
        reverse("comments:comment-post", args=[article.pk]),
        {"body": "Believe me.", "name": name, "email": "a@b.example"},
    )

    findings = [found for found in Comment.objects.get().origin.findings if found.startswith("looks like")]
    assert findings == ([finding] if finding else [])
    assert (finding or "") in desk("Moderators").get(reverse("admin:comments_comment_changelist")).text


def test_an_author_answers_through_the_link_with_a_badge_and_without_an_account(reader, link):
    url, article = link
    comment = make_comment(article, "Why so late?", name="Ines")

    overview = reader.get(url)
    page = reader.get(f"{url}{article.pk}/?reply_to={comment.pk}")
    sent = reader.post(f"{url}{article.pk}/", {"body": "Because nobody asked.", "parent": str(comment.pk)})

    public = reader.get(article.get_absolute_url()).text
    assert f'href="{url}{article.pk}/#comments"' in overview.text
    assert f'action="{url}{article.pk}/"' in page.text
    assert 'name="email"' not in page.text
    assert (overview["Cache-Control"], page["Cache-Control"]) == ("private, no-store", "private, no-store")
    assert sent.status_code == 303
    assert "Because nobody asked." in public
    assert AUTHOR in public
    assert Comment.objects.get(badge="author").parent == comment
    assert url not in public


def test_a_revoked_link_opens_and_posts_nothing(reader, desk, link):
    url, article = link
    stored = AnsweringLink.objects.get()

    desk("Editors").post(
        reverse("admin:comments_answeringlink_changelist"), {"action": "revoke", "_selected_action": [stored.pk]}
    )

    assert reader.get(url).status_code == 404
    assert reader.get(f"{url}{article.pk}/").status_code == 404
    assert reader.post(f"{url}{article.pk}/", {"body": "Still me?"}).status_code == 404
    assert Comment.objects.count() == 0


def test_an_authors_link_speaks_only_below_the_authors_own_published_op_eds(reader, link):
    url, article = link
    other = make_article()
    publishing.withdraw(article)

    assert reader.get(f"{url}{other.pk}/").status_code == 404
    assert reader.post(f"{url}{other.pk}/", {"body": "Not mine."}).status_code == 404
    assert reader.post(f"{url}{article.pk}/", {"body": "Withdrawn."}).status_code == 404
    assert "No op-ed of yours" in reader.get(url).text


def test_a_foreign_site_cannot_use_an_authors_link_and_the_words_come_back(reader, link):
    url, article = link
    stranger = SiteClient(headers={"Sec-Fetch-Site": "cross-site"})

    response = stranger.post(f"{url}{article.pk}/", {"body": "Did I write this?"})

    assert response.status_code == 403
    assert "Did I write this?" in response.text
    assert stranger.post(f"{url}{article.pk}/").status_code == 403
    assert reader.post(f"{url}{article.pk}/").status_code == 422
    assert Comment.objects.count() == 0


def test_an_authors_answer_waits_only_if_the_policy_objects(reader, link):
    url, article = link

    reader.post(f"{url}{article.pk}/", {"body": "See https://a.example/ and https://b.example/."})

    comment = Comment.objects.get()
    assert comment.status == "pending"
    assert comment.origin.findings == ["2 links"]


def test_the_desk_shows_a_new_link_once_and_keeps_only_its_hash(desk):
    author = make_author("Leila Haddad")
    editor = desk("Editors")

    made = editor.post(reverse("admin:comments_answeringlink_add"), {"author": str(author.pk)}, follow=True)
    again = editor.get(reverse("admin:comments_answeringlink_changelist"))

    path = re.search(r"http://127.0.0.1:8000(/comments/answer/[\w-]+/)", made.text)[1]
    assert SiteClient().get(path).status_code == 200
    assert path not in again.text
    assert path.split("/")[3] not in str(AnsweringLink.objects.values())


def test_moderators_and_writers_make_no_links(desk):
    url = reverse("admin:comments_answeringlink_add")

    assert [desk(role).get(url).status_code for role in ("Moderators", "Writers")] == [403, 403]


def test_editors_picks_stand_first_and_are_marked(reader, desk):
    article = make_article()
    make_comment(article, "An early remark.")
    picked = make_comment(article, "The one to read.")

    desk("Moderators").post(reverse("admin:comments_comment_decide", args=[picked.pk, "pick"]))

    page = reader.get(article.get_absolute_url()).text
    assert page.index("The one to read.") < page.index("An early remark.")
    assert PICK in page
    assert page.count(f'id="comment-{picked.pk}"') == 1


def test_a_pick_on_a_later_page_still_stands_first_and_links_to_its_place(reader):
    article = make_article()
    for number in range(51):
        last = make_comment(article, f"Remark {number}.")
    review.pick(Comment.objects.filter(pk=last.pk), by="mira")

    page = reader.get(article.get_absolute_url()).text

    assert "Remark 50." in page
    assert f'href="/comments/{last.pk}/"' in page
    assert page.index("Remark 50.") < page.index("Remark 0.")


def test_what_is_not_published_is_no_pick(reader, desk):
    article = make_article()
    pending = make_comment(article, "Not yet.", status="pending")
    removed = make_comment(article, "Not any more.")
    review.pick(Comment.objects.all(), by="mira")
    review.trash(Comment.objects.filter(pk=removed.pk), by="mira")

    page = reader.get(article.get_absolute_url()).text

    assert not Comment.objects.get(pk=pending.pk).is_pick
    assert "Not any more." not in page
    assert PICK not in page
    assert "Editors’ picks" not in page


def test_a_pick_can_be_taken_back(reader, desk):
    article = make_article()
    comment = make_comment(article, "The one to read.")
    review.pick(Comment.objects.all(), by="mira")

    desk("Moderators").post(reverse("admin:comments_comment_decide", args=[comment.pk, "unpick"]))

    assert PICK not in reader.get(article.get_absolute_url()).text
