"""Each check of the policy by itself, and how the ruling is made of findings."""

import pytest

from comments.policy import CHECKS, Evidence, Finding, Mode, Rules, Verdict, judge


def evidence(**changes):
    known = {
        "name": "Ana", "website": "", "body": "A calm remark.", "honeypot": "", "approved_before": 3,
        "refused_before": 0,
    }  # fmt: skip
    return Evidence(**known | changes)


@pytest.mark.parametrize(
    ("changes", "verdict", "reasons"),
    [
        ({}, Verdict.APPROVE, []),
        ({"honeypot": "x"}, Verdict.SPAM, ["filled in the hidden field"]),
        ({"body": "see https://a.example/"}, Verdict.APPROVE, []),
        ({"body": "https://a.example/ www.b.example"}, Verdict.HOLD, ["2 links"]),
        ({"body": '<a href="//a">1</a> <A HREF=b>2</A> http://c'}, Verdict.HOLD, ["3 links"]),
        ({"approved_before": 0}, Verdict.APPROVE, ["first comment"]),
        ({"blocked": "the domain"}, Verdict.SPAM, ["the domain is blocked"]),
        ({"refused_before": 2}, Verdict.HOLD, ["2 refused before"]),
        ({"body": "THIS IS AN OUTRAGE AND YOU KNOW IT"}, Verdict.HOLD, ["mostly capitals"]),
        ({"namesake": "the author Leila Haddad"}, Verdict.HOLD, ["looks like the author Leila Haddad"]),
        (
            {"namesake": "a reader whose address is confirmed"},
            Verdict.HOLD,
            ["looks like a reader whose address is confirmed"],
        ),
        ({"body": "NATO"}, Verdict.APPROVE, []),
        ({"body": "یہ ایک لمبا اور پرسکون تبصرہ ہے جو بڑے حروف نہیں جانتا"}, Verdict.APPROVE, []),
    ],
)
def test_a_check_says_what_it_finds_in_plain_words(changes, verdict, reasons):
    ruling = judge(evidence(**changes), Rules(mode=Mode.PUBLISH))

    assert (ruling.verdict, ruling.reasons) == (verdict, reasons)


def test_by_default_everything_waits_for_a_moderator():
    assert judge(evidence(), Rules()).verdict is Verdict.HOLD


@pytest.mark.parametrize(
    ("badge", "verdict"), [("", Verdict.HOLD), ("author", Verdict.HOLD), ("staff", Verdict.APPROVE)]
)
def test_while_everything_is_held_known_readers_and_authors_wait_too(badge, verdict):
    rules = Rules(mode=Mode.KNOWN, held="Held: all comments wait")

    ruling = judge(evidence(is_known=True, badge=badge), rules)

    assert ruling.verdict is verdict
    assert ("Held: all comments wait" in ruling.reasons) == (verdict is Verdict.HOLD)


def test_the_gravest_finding_rules_and_all_are_kept():
    ruling = judge(evidence(honeypot="x", approved_before=0), Rules())

    assert ruling.verdict is Verdict.SPAM
    assert ruling.reasons == ["filled in the hidden field", "first comment"]


def test_a_check_of_ones_own_is_a_function_in_a_list():
    def mentions_the_moon(evidence, rules):
        return Finding(Verdict.SPAM, "the moon") if "moon" in evidence.body else None

    ruling = judge(evidence(body="O moon"), Rules(), [*CHECKS, mentions_the_moon])

    assert ruling.reasons == ["the moon"]
