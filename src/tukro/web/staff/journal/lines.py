"""Events as lines of a page: when, what, who, and the facts in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tukro.journal.models import Event
from tukro.kernel.actors import Actor, actor_of
from tukro.web.staff.journal.facts import Shown, shown
from tukro.web.staff.who import addresses_of
from tukro.web.words.events import EVENTS

# Subjects that are no person or thing: the rules and books of the house.
HOUSE_SUBJECTS: dict[str, str | Promise] = {
    "categories": gettext_lazy("Rules for kinds of work"),
    "identity_policy": gettext_lazy("Rules for identity checks"),
    "joining": gettext_lazy("Rules for joining"),
    "joining_policy": gettext_lazy("Proofs before the first withdrawal"),
    "ledger": gettext_lazy("Proofs of the ledger"),
    "lottery_policy": gettext_lazy("Rules for lots"),
    "messages": gettext_lazy("Rules for messages"),
    "money_policy": gettext_lazy("Rules of money"),
    "payouts": gettext_lazy("Withdrawals written to files"),
    "sanctions_policy": gettext_lazy("Likeness to sanctions lists"),
    "sharing": gettext_lazy("Shared signals"),
    "success_rule": gettext_lazy("Rule for a success rate"),
    "tax_policy": gettext_lazy("Tax year"),
    "taxes": gettext_lazy("Lists of tax forms"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """``who`` says what kind of person it was; ``who_id`` which one, and is not for translation."""

    at: datetime
    what: str
    who: str
    who_id: str
    facts: list[Shown]


def lines_of(events: Iterable[Event]) -> list[Line]:
    """These events in words, in their order; the staff among the actors are found in one query."""
    found = list(events)
    staff = addresses_of(actor_of(event.actor) for event in found)
    return [_line(event, staff) for event in found]


def _line(event: Event, staff: Mapping[str, str]) -> Line:
    actor = actor_of(event.actor)
    return Line(
        at=event.at,
        what=str(EVENTS.get(event.name, event.name)),
        who=_who(actor),
        who_id=staff.get(actor.id, actor.id) if actor.kind == "staff" else actor.id,
        facts=shown(event.name, event.facts),
    )


def _who(actor: Actor) -> str:
    match actor.kind:
        case "house":
            return _("The house")
        case "staff":
            return _("Staff")
        case "worker":
            return _("Worker")
        case "requester":
            return _("Requester")
        case "user":
            return _("Person")
