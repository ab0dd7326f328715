"""The rules that the tree is built on, kept by tests: one way of imports, two doors for a comment's status."""

import ast
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from opedsite.page_keys import PARAMETERS

ROOT = Path(__file__).resolve().parents[2]
APPS = ("articles", "comments", "opedsite")
DOORS = {"comments/submission.py", "comments/review.py"}
# Articles have a status too; its one door is this.
ARTICLE_DOOR = "articles/publishing.py"


def writes_of_status(source):
    """Lines that set a status: an assignment to `.status`, `update(status=…)`, or a Comment made by hand."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if any(isinstance(target, ast.Attribute) and target.attr == "status" for target in targets):
                yield node.lineno
        elif isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            writes = name in ("update", "create", "get_or_create", "update_or_create", "bulk_update", "setattr")
            names_status = any(word.arg == "status" for word in node.keywords) or any(
                isinstance(each, ast.Constant) and each.value == "status" for each in ast.walk(node)
            )
            if (writes and names_status) or name == "Comment" or is_made_by_manager(node):
                yield node.lineno


def is_made_by_manager(call):
    made = ("create", "bulk_create", "get_or_create", "update_or_create", "bulk_update")
    return ast.unparse(call.func) in {f"Comment.objects.{name}" for name in made}


def sources():
    for app in APPS:
        for path in sorted((ROOT / app).rglob("*.py")):
            name = str(path.relative_to(ROOT))
            if "/migrations/" not in name and name not in DOORS | {ARTICLE_DOOR}:
                yield name, path.read_text(encoding="utf-8")


def test_a_comments_status_is_written_in_submission_and_review_only():
    found = [f"{name}:{line}" for name, source in sources() for line in writes_of_status(source)]

    assert found == []


@pytest.mark.parametrize(
    "planted",
    [
        "comment.status = 'approved'",
        "Comment.objects.filter(pk=1).update(status='approved')",
        "Comment.objects.create(name='x')",
        "Comment(article=a, status='approved').save()",
        "Comment.objects.bulk_update(rows, ['status'])",
        "setattr(comment, 'status', 'approved')",
    ],
)
def test_the_test_above_would_see_a_third_door(planted):
    assert list(writes_of_status(planted)) == [1]


@pytest.mark.parametrize(
    ("module", "planted"),
    [
        ("articles/views.py", "from comments.models import Comment"),
        ("comments/review.py", "from opedsite.models import JobRun"),
        ("comments/policy.py", "from comments.views.posting import comment_post"),
        ("articles/querysets.py", "from articles.publishing import publish"),
    ],
)
def test_one_import_the_wrong_way_breaks_the_check(tmp_path, module, planted):
    for app in APPS:
        shutil.copytree(ROOT / app, tmp_path / app, ignore=shutil.ignore_patterns("static", "demo", "__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    linter = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"]
    before = subprocess.run(linter, cwd=tmp_path, capture_output=True, text=True, check=False)

    path = tmp_path / module
    path.write_text(path.read_text() + f"\n{planted}\n")
    after = subprocess.run(linter, cwd=tmp_path, capture_output=True, text=True, check=False)

    assert before.returncode == 0, before.stdout
    assert after.returncode != 0


@pytest.mark.parametrize("module", ["policy", "words"])
def test_the_policy_knows_no_database_request_or_settings(module):
    imported = {
        name.name if isinstance(node, ast.Import) else node.module
        for node in ast.walk(ast.parse((ROOT / f"comments/{module}.py").read_text()))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in node.names
    }

    allowed = {"re", "unicodedata", "collections.abc", "dataclasses", "enum", "functools", "comments.words"}
    assert imported - allowed == set()


def test_only_cleaned_html_is_printed_without_escaping():
    unsafe = [
        f"{path.relative_to(ROOT)}: {line.strip()}"
        for path in (ROOT / "templates").rglob("*.html")
        if "oped" not in path.parts[-2:-1] and "layout" not in path.parts
        for line in path.read_text().splitlines()
        if "|safe" in line and "_html|safe" not in line
    ]

    assert unsafe == []


# The desk's own views; its addresses never enter the page cache.
READS_QUERIES_ITSELF = {
    "articles/parameters.py", "articles/desk.py", "articles/front_page_admin.py",
    "comments/admin/answering.py", "comments/admin/filters.py",
    "comments/admin/history.py", "comments/admin/log.py", "comments/admin/queue.py", "comments/admin/queue_head.py",
    "opedsite/desk.py", "opedsite/kept_words.py",
}  # fmt: skip


def readers_of_queries(source):
    """Lines that read a query: `request.GET`, or the text that it is made from."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute) and node.attr in ("GET", "get_full_path", "build_absolute_uri"):
            yield node.lineno


def parameters_asked(source):
    """The names that a view asks for: the second argument of `asked` and of `page_number`."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("asked", "page_number"):
            yield from (each.value for each in node.args[1:] if isinstance(each, ast.Constant))


def test_the_page_cache_knows_every_parameter_that_readers_pages_depend_on():
    elsewhere = [
        f"{name}:{line}"
        for name, source in sources()
        if name not in READS_QUERIES_ITSELF
        for line in readers_of_queries(source)
    ]
    asked = {each for _, source in sources() for each in parameters_asked(source)}

    assert elsewhere == [], "read it with articles.parameters.asked"
    assert asked == set(PARAMETERS), "every parameter has its rule in opedsite/page_keys.py"


def test_no_template_of_readers_prints_the_address_that_was_asked():
    found = [
        str(path.relative_to(ROOT))
        for path in (ROOT / "templates").rglob("*.html")
        if "admin" not in path.parts
        and re.search(r"request\.(GET|META|get_full_path|build_absolute_uri|headers|COOKIES)", path.read_text())
    ]

    assert found == []


def test_the_top_level_holds_what_it_may():
    allowed = {
        "manage.py", "pyproject.toml", "opedsite", "articles", "comments", "templates", "tests",
        "README.md", "Makefile", "LICENSE", "docs",
    }  # fmt: skip
    found = {path.name for path in ROOT.iterdir() if not path.name.startswith(".") and path.suffix != ".lock"}

    assert found - allowed == set()


def test_the_settings_example_names_every_setting_that_the_environment_can_give():
    read = set(
        re.findall(r'env\.\w+\("([A-Z_]+)"|env\.int\(\'([A-Z_]+)\'', (ROOT / "opedsite/settings.py").read_text())
    )
    names = {first or second for first, second in read}
    example = set(re.findall(r"^#?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))

    assert names - example == set()
    assert {name for name in example - names if not name.startswith(("OPED_DEMO", "OPED_OWNER"))} == set()
