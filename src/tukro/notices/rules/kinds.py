"""What people are told about, by which ways, and what they may turn off.

A kind is what a person chooses by; one kind may have many occasions. The ways: ``site`` (the bell and its
page), ``mail`` and ``push`` (a message of the browser or phone, on devices where the person allowed it).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Way(StrEnum):
    SITE = "site"
    MAIL = "mail"
    PUSH = "push"


@dataclass(frozen=True, slots=True)
class Kind:
    """``usual``: the ways by which it is told to those who chose nothing. ``fixed``: ways that stay on."""

    code: str
    usual: frozenset[Way]
    fixed: frozenset[Way] = frozenset()
    for_workers: bool = True
    for_requesters: bool = False


ALL = frozenset(Way)
_SITE_AND_MAIL = frozenset({Way.SITE, Way.MAIL})
_SITE_AND_PUSH = frozenset({Way.SITE, Way.PUSH})
_KINDS = (
    # Decisions about the account itself reach everyone: who could not know would miss their rights.
    Kind("account", ALL, fixed=_SITE_AND_MAIL, for_requesters=True),
    Kind("payout", ALL),
    Kind("bonus", ALL),
    Kind("rejection", ALL),
    Kind("revision", ALL, for_requesters=True),  # its time is limited
    Kind("message", ALL, for_requesters=True),
    Kind("appeal", ALL, for_requesters=True),
    Kind("invitation", ALL),
    Kind("qualification", _SITE_AND_MAIL),
    Kind("level", _SITE_AND_MAIL),
    Kind("alert", _SITE_AND_PUSH),  # often, and soon stale
    Kind("posting", _SITE_AND_MAIL, for_workers=False, for_requesters=True),
    Kind("silence", _SITE_AND_MAIL, for_workers=False, for_requesters=True),
)
KINDS: Mapping[str, Kind] = {kind.code: kind for kind in _KINDS}


def ways_of(kind: str, chosen: Mapping[str, frozenset[Way]]) -> frozenset[Way]:
    """By which ways someone is told of ``kind``, whose choices are ``chosen`` (kind → ways)."""
    known = KINDS[kind]
    return chosen.get(kind, known.usual) | known.fixed


def choosable(*, worker: bool, requester: bool) -> list[Kind]:
    """The kinds that can happen to someone of these roles. Someone of no role yet is shown a worker's."""
    return [
        kind
        for kind in KINDS.values()
        if (kind.for_workers and (worker or not requester)) or (kind.for_requesters and requester)
    ]


def first_paragraph(text: str) -> str:
    """What a letter says before its first empty line, in one line: the words of a notice.

    With the next paragraph, where the first announces it.
    """
    first, *others = text.strip().split("\n\n", 2)
    said = [first, *others[:1]] if first.endswith(":") else [first]
    return " ".join(" ".join(said).split())
