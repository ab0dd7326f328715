"""The audit's own rules see what they are for."""

import json

import pytest

from tests.audit import feeds, structured
from tests.audit.vocabulary import Vocabulary

TYPES = """
interface ThingBase extends Partial<IdReference> {
    /** The name. */
    "name"?: SchemaValue<Text, "name">;
}
interface PersonBase extends ThingBase {
    "birthDate"?: SchemaValue<Date, "birthDate">;
    "knows"?: SchemaValue<Person | IdReference, "knows">;
}
export interface PersonLeaf extends PersonBase {
    "@type": "Person";
}
export type Person = PersonLeaf | Patient | string;
export interface PatientLeaf extends PersonBase {
    "@type": "Patient";
}
export type Patient = PatientLeaf;
"""
PUBLISHED = "2026-11-24T11:46Z"
ARTICLE = {
    "@type": ["NewsArticle", "OpinionNewsArticle"],
    "headline": "The river",
    "author": [{"@type": "Person", "name": "Leila", "url": "https://a.example/leila/"}],
    "publisher": {"@id": "#publisher"},
    "datePublished": PUBLISHED,
    "dateModified": PUBLISHED,
}
PUBLISHER = {"@id": "#publisher", "name": "The Table"}
PAGE = f'<time datetime="{PUBLISHED}">'
ITEM = {
    "id": "tag:1",
    "url": "https://a.example/1/",
    "title": "The river",
    "content_html": '<a href="https://a.example/2/">x</a>',
    "date_published": "2026-11-24T11:46:00Z",
    "authors": [{"name": "Leila"}],
}
FEED = {"version": "https://jsonfeed.org/version/1.1", "title": "x", "feed_url": "https://a.example/feed/json/"}


@pytest.mark.parametrize(
    ("node", "complaints"),
    [
        ({"@type": "Person", "name": "Leila", "knows": {"@type": "Patient", "birthDate": "1960-01-01"}}, 0),
        ({"@type": "Persona"}, 1),
        ({"@type": "Person", "nickname": "L"}, 2),
        ({"@type": "Person", "name": 7}, 0),
        ({"@type": "Person", "birthDate": 1960}, 1),
        ({"@type": "Person", "name": {"@type": "Patient"}}, 1),
    ],
)
def test_the_vocabulary_knows_classes_properties_and_their_values(node, complaints):
    assert len(Vocabulary(TYPES).complaints(node, "here")) == complaints


@pytest.mark.parametrize(
    "change",
    [
        {"headline": None},
        {"author": [{"@type": "Person", "name": "Leila and Jonas"}]},
        {"dateModified": "2026-11-25T11:46Z"},
        {"publisher": {"@id": "#nobody"}},
    ],
)
def test_googles_rules_for_an_article_are_looked_at(change):
    changed = {name: value for name, value in (ARTICLE | change).items() if value}

    assert list(structured.complaints([ARTICLE, PUBLISHER], PAGE)) == []
    assert list(structured.complaints([changed, PUBLISHER], PAGE)) != []


@pytest.mark.parametrize(
    "change",
    [
        {"id": 1},
        {"content_html": '<a class="x" href="/2/">x</a>'},
        {"date_published": "2026-11-24T11:46:00"},
        {"authors": None},
    ],
)
def test_a_json_feed_that_breaks_a_rule_is_found(change):
    def told(item):
        whole = FEED | {"items": [{name: value for name, value in item.items() if value}]}
        return list(feeds.of_json(json.dumps(whole), FEED["feed_url"]))

    assert told(ITEM) == []
    assert told(ITEM | change) != []
