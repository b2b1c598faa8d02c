"""Why withdrawals are held: in short for staff, as a sentence for the person, and where they can mend it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tukro.money.models import CHOSEN_BY_STAFF, PayoutHold
from tukro.web.words.taxes import FORMS

NAMES: dict[str, Promise] = {
    "staff": _("A closer look"),
    "owner": _("Somebody else may use the account"),
    "papers": _("An answer or a paper is missing"),
    "work": _("The work is looked into"),
    "identity": _("Who the person is"),
    "tax": _("Tax form missing"),
    "sanctions": _("Name like one on a sanctions list"),
    "provider": _("The provider contradicts our books"),
}
CHOICES = [(code.value, NAMES[code]) for code in CHOSEN_BY_STAFF]
SENTENCES: dict[str, Promise] = {
    "staff": _(
        "Our staff look closer before it is sent. You need not do anything unless they ask you something."
    ),
    "owner": _("Somebody else may have signed in to your account. Change your password and write to us."),
    "papers": _("We need an answer or a paper from you. Write to us if you do not know which."),
    "work": _("Our staff look into some of your work. We tell you when they are done."),
    "identity": _("Our staff have to be sure that it is you. Write to us if you can help."),
    "tax": _("The law asks us for a tax form of yours first. Give it, and this goes on by itself."),
    "sanctions": _(
        "Your name is like one on a public sanctions list. Our staff compare them; often it is not you."
    ),
    "provider": _("The bank or wallet says something else than our books. Our staff find out what is right."),
}


def note_in_words(note: str) -> str | Promise:
    """What staff read beside a hold: a colleague's own words, or the form that the house waits for."""
    return FORMS.get(note.removeprefix("form "), note)


def held_for(note: str) -> str:
    """The same where the kind of hold does not stand beside it."""
    words = note_in_words(note)
    return note if words == note else f"{NAMES['tax']}: {words}"


@dataclass(frozen=True, slots=True)
class Why:
    """A hold as its person reads it."""

    sentence: Promise
    told: str
    since: datetime
    code: str


def why(hold: PayoutHold) -> Why:
    return Why(SENTENCES[hold.code], hold.told, hold.held_at, hold.code)


def against_person(holds: Iterable[PayoutHold]) -> list[Why]:
    """What is said once, above the list of withdrawals."""
    return [why(hold) for hold in holds if hold.payout_id is None]


def against_payouts(holds: Iterable[PayoutHold]) -> dict[int, Promise]:
    """What is said beside single withdrawals, by the withdrawal's key."""
    return {hold.payout_id: SENTENCES[hold.code] for hold in holds if hold.payout_id is not None}
