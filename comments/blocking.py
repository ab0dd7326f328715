"""Who is blocked: an address, all addresses of a domain, or a network, until a date or for ever."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from ipaddress import ip_network
from typing import Any

import idna
from django.db.models import Q, QuerySet
from django.utils import timezone

from articles.statements import Statement
from comments.models import Block, Comment, Commenter
from comments.privacy import email_key, keyed_hash, network_of


def block(kind: str, value: str, *, by: str, until: datetime | None = None, note: str = "") -> Block:
    """Block a sender, or change how long and why. Raises ValueError for what is no address, domain or network."""
    made = {"until": until, "note": note, "made_by": by, "made_at": timezone.now()}
    return Block.objects.update_or_create(kind=kind, key=key_of(kind, value), defaults=made)[0]


def key_of(kind: str, value: str) -> str:
    """What is stored of a value: a keyed hash of an address, the others in their one spelling. Raises ValueError."""
    value = value.strip()
    if kind == Block.Kind.ADDRESS:
        if "@" not in value:
            raise ValueError("Give a complete email address.")
        return address_key(email_key(value))
    if kind == Block.Kind.DOMAIN:
        return domain_key(value.removeprefix("@"))
    network = ip_network(value, strict=False)
    # Of an address we keep no more than this around a comment.
    around = network_of(str(network.network_address))
    if network.num_addresses > 1 and str(network) != around:
        raise ValueError("Give one address, or a network of the form 192.0.2.0/24 or 2001:db8:7::/48.")
    return str(around)


def block_writer(comment: Comment, *, by: str) -> Block | None:
    """Block the address that a comment was sent with; None if it is not known any more."""
    commenter = Commenter.objects.filter(origins__comment=comment).first()
    if commenter is None:
        return None
    made = {"until": None, "note": f"comment {comment.pk}", "made_by": by, "made_at": timezone.now()}
    key = address_key(commenter.email_key)
    return Block.objects.update_or_create(kind=Block.Kind.ADDRESS, key=key, defaults=made)[0]


def block_on(person: Commenter) -> Block | None:
    """The block of a person's own address that is in force; blocks of domains and networks are not looked for."""
    found = Block.objects.filter(kind=Block.Kind.ADDRESS, key=address_key(person.email_key))
    return found.filter(in_force(timezone.now())).first()


def is_blocked(comment: Comment) -> bool:
    """The address that a comment was sent with is blocked already."""
    person = Commenter.objects.filter(origins__comment=comment).first()
    return person is not None and block_on(person) is not None


def in_force(now: datetime) -> Q:
    """Blocks that are not over."""
    return Q(until=None) | Q(until__gt=now)


def unblock_writer(comment: Comment) -> int:
    """Let the writer of a comment in again; 0 if nobody had blocked their address, else 1."""
    person = Commenter.objects.filter(origins__comment=comment).first()
    key = address_key(person.email_key) if person else ""
    return Block.objects.filter(kind=Block.Kind.ADDRESS, key=key).delete()[0]


def unblock(pk: int) -> int:
    """Let a sender in again; 0 if somebody did that before, else 1."""
    return Block.objects.filter(pk=pk).delete()[0]


def blocks_of(person: str, network: str | None) -> tuple[Statement[Block], dict[str, Any]]:
    """What is to be asked about the blocks that apply to a sender, for `blocked_as`. `person` is an `email_key`."""
    host = person.rpartition("@")[2]
    labels = host.split(".") if host else []
    domains = [".".join(labels[place:]) for place in range(len(labels))]
    named = {f"domain{place}": domain for place, domain in enumerate(domains)}
    sender = {"now": timezone.now(), "person": address_key(person), "network": network or ""}
    return _kinds_in_force(len(domains)), sender | named


def blocked_as(kinds: Sequence[Sequence[str]]) -> str:
    """Which block applies, in words for a moderator; "" for none. `kinds` is the answer to `blocks_of`."""
    return f"the {kinds[0][0]}" if kinds else ""


@cache
def _kinds_in_force(domains: int) -> Statement[Block]:
    """The kind of a block that applies to an address in a domain with so many names."""

    def build(now: datetime, person: str, network: str, **domains: str) -> "QuerySet[Block, tuple[str]]":
        applies = (
            Q(kind=Block.Kind.ADDRESS, key=person)
            | Q(kind=Block.Kind.DOMAIN, key__in=list(domains.values()))
            | Q(kind=Block.Kind.NETWORK, key=network)
        )
        return Block.objects.filter(in_force(now)).filter(applies).order_by("kind").values_list("kind")[:1]

    named: dict[str, type] = {f"domain{place}": str for place in range(domains)}
    return Statement(build, now=datetime, person=str, network=str, **named)


def address_key(person: str) -> str:
    """The keyed hash by which a blocked address is known."""
    return keyed_hash("block", person)


def domain_key(domain: str) -> str:
    """A domain in its one spelling. Raises ValueError."""
    try:
        return str(idna.encode(domain.rstrip("."), uts46=True).decode("ascii"))
    except idna.IDNAError as error:
        raise ValueError("Give a domain like example.org.") from error
