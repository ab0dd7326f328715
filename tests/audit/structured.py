"""The JSON-LD of every page against schema.org's vocabulary, and against what Google asks of articles, profiles,
breadcrumbs and pictures (Search Central, structured data).
"""

import json
import re
from collections.abc import Iterator, Sequence
from datetime import datetime

from tests.audit.site import NODE_MODULES, NotChecked, Site
from tests.audit.vocabulary import Vocabulary

TYPES = NODE_MODULES / "schema-dts" / "dist" / "schema.d.ts"
SCRIPT = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)
TIME = re.compile(r'<time datetime="([^"]+)"')
RIGHTS = {"creator", "creditText", "copyrightNotice", "license"}


def check(site: Site) -> Sequence[str]:
    """What is wrong in any graph."""
    if not TYPES.is_file():
        raise NotChecked("the vocabulary is not installed")
    vocabulary, found = Vocabulary.read(TYPES), []
    for path in dict.fromkeys([*site.paths, "/authors/", "/topics/", "/corrections/", site.kinds["month"]]):
        page = site.get(path).text
        graphs = SCRIPT.findall(page)
        if len(graphs) != 1:
            found.append(f"{path} has {len(graphs)} graphs")
            continue
        whole = json.loads(graphs[0])
        for node in whole["@graph"]:
            found += vocabulary.complaints(node, f"{path} {node['@type']}")
        found += [f"{path}: {sentence}" for sentence in complaints(whole["@graph"], page)]
    return found


def complaints(graph: list[dict], page: str) -> Iterator[str]:
    """Google's rules for the nodes of one page."""
    nodes = list(every_node(graph))
    described = {node["@id"] for node in nodes if "@id" in node and len(node) > 1}
    for node in nodes:
        if len(node) == 1 and node.get("@id") not in described:
            yield f"{node} is described nowhere"
        match node.get("@type"):
            case ["NewsArticle", *_]:
                yield from of_article(node, page)
            case "ProfilePage":
                yield from () if node["mainEntity"].get("name") else ["a profile without a name"]
            case "BreadcrumbList":
                yield from of_breadcrumbs(node)
            case "ImageObject" if "credit" in node or RIGHTS & node.keys():
                yield from () if "contentUrl" in node else ["rights of a picture without its address"]
            case "SearchAction":
                yield from () if "{search_term_string}" in node["target"]["urlTemplate"] else ["no place for the words"]


def every_node(value: object) -> Iterator[dict]:
    """All nodes, those inside others too."""
    if isinstance(value, dict):
        yield value
        value = list(value.values())
    if isinstance(value, list):
        for each in value:
            yield from every_node(each)


def of_article(node: dict, page: str) -> Iterator[str]:
    """Headline, authors one by one with an address, dates with a zone that are those on the page."""
    if missing := {"headline", "author", "datePublished", "dateModified", "publisher"} - node.keys():
        yield f"an article without {sorted(missing)}"
    for author in node["author"]:
        if author["@type"] != "Person" or not author.get("url") or not author.get("name"):
            yield f"an author without name or address: {author}"
    published, modified = node["datePublished"], node["dateModified"]
    shown = TIME.findall(page)
    if not {published, modified} <= set(shown):
        yield f"{published} or {modified} is not on the page"
    if datetime.fromisoformat(published).tzinfo is None or modified < published:
        yield f"published {published} and changed {modified}"


def of_breadcrumbs(node: dict) -> Iterator[str]:
    """At least two steps, numbered from 1, each with a name and an address."""
    steps = node["itemListElement"]
    if [step["position"] for step in steps] != list(range(1, len(steps) + 1)) or len(steps) < 2:
        yield f"breadcrumbs are not numbered: {steps}"
    if not all(step.get("name") and step.get("item", "").startswith("http") for step in steps):
        yield f"a breadcrumb without name or address: {steps}"
