"""Findings are told apart by the words that the policy gives them."""

import json
import re
from dataclasses import replace

import pytest

from comments.findings import KINDS, kinds_of
from comments.policy import CHECKS, Evidence, Rules, is_held_with_all
from comments.words import entries_of

WRITER = Evidence(name="Ana", website="", body="Words.", honeypot="", approved_before=0, refused_before=0)
RULES = Rules(old_after_days=3, held_words=entries_of("casino"), blocked_words=entries_of("poker"))
ODD = {
    "blocked": {"blocked": "the address"},
    "hidden-field": {"honeypot": "x"},
    "blocked-word": {"body": "poker"},
    "held-word": {"email": "ana@casino.example"},
    "links": {"body": "https://a.example/ https://b.example/"},
    "namesake": {"namesake": "the author “Žofia”"},
    "refused": {"refused_before": 2},
    "capitals": {"body": "NO " * 20},
    "old": {"article_age_days": 4},
    "first": {},
}


@pytest.mark.parametrize("code", ODD)
def test_each_kind_is_told_by_what_the_policy_says_and_also_as_stored(code):
    evidence = replace(WRITER, **ODD[code])
    said = [found.reason for check in CHECKS if (found := check(evidence, RULES))]
    kind = next(kind for kind in KINDS if kind.code == code)

    assert kind in kinds_of(said)
    assert all(re.search(kind.pattern, json.dumps(said, ensure_ascii=is_ascii)) for is_ascii in (True, False))


def test_every_check_of_the_policy_has_a_kind_but_the_moderators_own_switch():
    assert len(KINDS) == len(CHECKS) - 1
    assert is_held_with_all in CHECKS
    assert set(ODD) == {kind.code for kind in KINDS}


def test_a_word_of_a_list_is_no_other_kind():
    said = ['held word “"3 links" first comment”', "held word “mostly capitals”"]

    assert [kind.code for kind in kinds_of(said)] == ["held-word"]
    assert not re.search(KINDS[4].pattern, json.dumps(said))
