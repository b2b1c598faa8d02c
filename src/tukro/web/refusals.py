"""What the house says when a rule said no: one row per refusal, with the status of the answer.

A sentence names the facts that the refusal carries (``%(deadline_at)s``); they are formatted for the reader.
A test fails on a refusal without a row; in production the row of the base class would speak for it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tukro.kernel.errors import NotFound, Refused
from tukro.web import formats


@dataclass(frozen=True, slots=True)
class Words:
    """A lazy sentence with named facts, and the HTTP status that goes with it."""

    message: str | Promise
    status: int = 422


WORDS: dict[type[Refused], Words] = {
    Refused: Words(_("That is not possible."), 422),
    NotFound: Words(_("This does not exist, or it is not yours."), 404),
}


def refusal_message(refused: Refused) -> str:
    """The sentence for ``refused`` in the reader's language."""
    facts = {name: formats.fact(value) for name, value in refused.facts.items()}
    return str(_words(refused).message) % facts


def refusal_status(refused: Refused) -> int:
    return _words(refused).status


def refusal_code(refused: Refused) -> str:
    """A stable name for machines: ``NothingLeft`` is ``nothing_left``."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", type(refused).__name__).lower()


def _words(refused: Refused) -> Words:
    return next(WORDS[kind] for kind in type(refused).__mro__ if kind in WORDS)
