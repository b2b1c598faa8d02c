"""What the house says when a rule said no: one row per refusal, with the status of the answer.

A sentence names the facts that the refusal carries (``%(deadline_at)s``); they are formatted for the reader.
A test fails on a refusal without a row; in production the row of the base class would speak for it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tukro.campaigns.actions.reviewing import (
    FileHasFaults,
    ReviewColumnsMissing,
    ReviewFileTooLarge,
    ReviewFileUnreadable,
)
from tukro.kernel.errors import NotFound, Refused
from tukro.money.actions.deposits import AmountNotPositive, AmountTooLarge
from tukro.money.actions.payouts import (
    BadDetails,
    BelowMinimum,
    NotWholeCents,
    PayoutNotMovable,
    ReasonMissing,
    ReferenceMissing,
)
from tukro.money.actions.policy import BadPolicy
from tukro.money.actions.refusals import AlreadyPaid, HoldExhausted, InsufficientFunds
from tukro.web import formats
from tukro.web.uploads import FileEmpty, FileKindRefused, FileTooLarge, ImageTooLarge
from tukro.work.actions.reviewing import BonusRefused, TokenReused


@dataclass(frozen=True, slots=True)
class Words:
    """A lazy sentence with named facts, and the HTTP status that goes with it."""

    message: str | Promise
    status: int = 422


WORDS: dict[type[Refused], Words] = {
    Refused: Words(_("That is not possible."), 422),
    NotFound: Words(_("This does not exist, or it is not yours."), 404),
    # money
    InsufficientFunds: Words(_("The balance does not cover it: %(needed)s needed, %(available)s available.")),
    AmountNotPositive: Words(_("The amount must be more than nothing.")),
    AmountTooLarge: Words(_("That is more than is accepted at once: at most %(limit)s.")),
    BelowMinimum: Words(_("The smallest amount is %(minimum)s.")),
    NotWholeCents: Words(_("Amounts have at most two decimals.")),
    BadDetails: Words(_("These details cannot be right. Check them and try once more.")),
    PayoutNotMovable: Words(_("This withdrawal has moved on since you looked. Reload the page."), 409),
    ReasonMissing: Words(_("Say why: a reason is needed.")),
    ReferenceMissing: Words(_("Give the reference number of the bank or wallet.")),
    BadPolicy: Words(_("These fees and limits contradict each other.")),
    AlreadyPaid: Words(_("This work was paid before. Nothing was paid twice."), 409),
    HoldExhausted: Words(_("The money set aside for this task does not cover the payment."), 409),
    # reviewing
    BonusRefused: Words(_("A bonus needs work that was handed in, an amount and a reason.")),
    TokenReused: Words(_("This bonus form was used for another bonus. Load the page again."), 409),
    ReviewFileTooLarge: Words(_("The file is too large. It may have %(limit_size)s."), 413),
    ReviewFileUnreadable: Words(
        _("This is not a CSV file in UTF-8. Save the result file again as CSV UTF-8.")
    ),
    ReviewColumnsMissing: Words(_("The file lacks these columns: %(columns)s.")),
    FileHasFaults: Words(_("Mend the lines that are listed, then upload the file again.")),
    # files
    FileEmpty: Words(_("The file is empty.")),
    FileTooLarge: Words(_("The file is too large. Files of this kind may have %(limit_size)s."), 413),
    FileKindRefused: Words(
        _("Only pictures, PDF documents, and sound or video recordings can be handed in.")
    ),
    ImageTooLarge: Words(_("The picture has too many pixels: at most %(limit)s are possible.")),
}


def refusal_message(refused: Refused) -> str:
    """The sentence for ``refused`` in the reader's language."""
    facts = {name: formats.fact(value) for name, value in refused.facts.items()}
    if isinstance(limit := refused.facts.get("limit"), int):
        facts["limit_size"] = formats.filesize(limit)
    return str(_words(refused).message) % facts


def refusal_status(refused: Refused) -> int:
    return _words(refused).status


def refusal_code(refused: Refused) -> str:
    """A stable name for machines: ``NothingLeft`` is ``nothing_left``."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", type(refused).__name__).lower()


def _words(refused: Refused) -> Words:
    return next(WORDS[kind] for kind in type(refused).__mro__ if kind in WORDS)
