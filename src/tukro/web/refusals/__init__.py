"""What the house says when a rule said no: one row per refusal, with the status of the answer.

A sentence names the facts that the refusal carries (``%(deadline_at)s``); they are formatted for the reader.
A test fails on a refusal without a row; in production the row of the base class would speak for it.
"""

from __future__ import annotations

import re

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tukro.kernel.errors import NotFound, Refused
from tukro.web import formats
from tukro.web.refusals.house import HOUSE
from tukro.web.refusals.money import MONEY
from tukro.web.refusals.people import PEOPLE
from tukro.web.refusals.posting import POSTING
from tukro.web.refusals.qualifications import QUALIFICATIONS
from tukro.web.refusals.vetting import VETTING
from tukro.web.refusals.words import Words as Words
from tukro.web.refusals.working import WORKING

WORDS: dict[type[Refused], Words] = {
    Refused: Words(_("That is not possible."), 422),
    NotFound: Words(_("This does not exist, or it is not yours."), 404),
    **MONEY,
    **HOUSE,
    **PEOPLE,
    **POSTING,
    **WORKING,
    **QUALIFICATIONS,
    **VETTING,
}


def refusal_message(refused: Refused) -> str:
    """The sentence for ``refused`` in the reader's language."""
    facts = {name: formats.fact(value) for name, value in refused.facts.items()}
    if isinstance(limit := refused.facts.get("limit"), int):
        facts["limit_size"] = formats.filesize(limit)
    return _words(refused).sentence(refused.facts) % facts


def refusal_status(refused: Refused) -> int:
    return _words(refused).status


def refusal_mend(refused: Refused, *, on: str = "") -> tuple[str, str] | None:
    """The address of the page where it can be mended, and what its link says; None where no page mends it.

    ``on``: the audience of the page that says so; who cannot open another audience's page is not sent there.
    """
    mend = _words(refused).mend
    if mend is None or (on and mend[0].partition(":")[0] != on):
        return None
    return reverse(mend[0]), str(mend[1])


def refusal_code(refused: Refused) -> str:
    """A stable name for machines: ``NothingLeft`` is ``nothing_left``."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", type(refused).__name__).lower()


def _words(refused: Refused) -> Words:
    return next(WORDS[kind] for kind in type(refused).__mro__ if kind in WORDS)
