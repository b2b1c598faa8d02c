"""Why a worker cannot see or take some work: each thing that stands in the way, with what removes it."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tukro.people.models import Worker, WorkerState
from tukro.qualifications.rules import ADULT, LOCALE, NUMBER_APPROVED, PERCENTS
from tukro.web import formats
from tukro.web.words.requirements import country, sentence, value_words
from tukro.work.queries import Asked, GroupDetails
from tukro.work.rules import QUEUE_LIMIT


@dataclass(frozen=True, slots=True)
class Obstacle:
    """What stands in the way. ``url`` and ``label``: where it is removed; empty when only others can.

    ``bars``: the work cannot be taken before, so the way out is the page's main button.
    """

    words: str
    url: str = ""
    label: str | Promise = ""
    bars: bool = True


@dataclass(frozen=True, slots=True)
class Needed:
    """One requirement: whether the worker has it, what they have of it, and the way to it."""

    words: str
    met: bool
    own: str
    url: str
    label: str | Promise


def obstacles(worker: Worker, details: GroupDetails) -> list[Obstacle]:
    """Everything beside the requirements, which the page lists by themselves; empty when the way is free."""
    found = []
    if worker.state != WorkerState.ACTIVE:
        account = reverse("account:request_worker")
        found.append(Obstacle(_("Your worker account may not take work now."), account, _("More about it")))
    if details.own:
        words = _("This is your own work. You can look at it here as workers do; others do it.")
        found.append(Obstacle(words, reverse("requester:home"), _("Your requester’s pages")))
    # Work of hire groups goes on in a pause.
    if details.paused_until and not details.group.for_group:
        words = _("You take a pause until %(when)s.") % {"when": formats.moment(details.paused_until)}
        found.append(Obstacle(words, reverse("worker:qualifications"), _("Your record")))
    if details.in_hand >= QUEUE_LIMIT:
        words = _("You have %(count)s tasks in hand, and more are not possible. Finish or return one.")
        said = words % {"count": formats.number(details.in_hand)}
        found.append(Obstacle(said, reverse("worker:queue"), _("Tasks in hand")))
    if details.group.liking == "hidden":
        words = _("You have hidden this work or its requester, so your list does not show it.")
        found.append(Obstacle(words, reverse("worker:marks"), _("Show it again"), bars=False))
    return found


def needed(asked: Asked) -> Needed:
    """A requirement of the group beside what the worker has."""
    type_id = asked.requirement.type_id
    url, label = ("", "") if asked.met else _way(asked)
    return Needed(
        sentence(asked.requirement, name=asked.name), asked.met, _own(type_id, asked.value), url, label
    )


def _own(type_id: str, value: int | str | None) -> str:
    if value is None or value == "":
        return ""
    return country(value) if isinstance(value, str) else value_words(type_id, value)


def _way(asked: Asked) -> tuple[str, str | Promise]:
    type_id = asked.requirement.type_id
    if asked.obtainable:
        return reverse("worker:qualification", args=[type_id]), _GET_IT
    if type_id in (*PERCENTS, NUMBER_APPROVED):
        return reverse("worker:qualifications"), _RECORD
    if type_id == LOCALE:
        return _way_to_place(asked)
    if type_id == ADULT:
        return reverse("worker:qualifications"), _ADULT
    return "", _GIVEN


def _way_to_place(asked: Asked) -> tuple[str, str | Promise]:
    """The state within a country workers say themselves; the country itself staff change."""
    if any(place.startswith(f"{asked.value}-") for place in asked.requirement.locales):
        return reverse("worker:qualifications"), _STATE
    return reverse("account:country"), _COUNTRY


_GET_IT = gettext_lazy("Get it")
_RECORD = gettext_lazy("Grows with approved work: your record")
_STATE = gettext_lazy("Say in which state you live")
_COUNTRY = gettext_lazy("The country where you work: if it is wrong, have it changed")
_ADULT = gettext_lazy("You can allow it yourself")
_GIVEN = gettext_lazy("Only the requester or the staff give it")
