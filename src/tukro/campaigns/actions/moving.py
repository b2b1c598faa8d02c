"""Moving house: what a requester took along from Mechanical Turk comes to stand here, all or nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO, TypeVar

from django.db import transaction

from tukro.campaigns.actions.projects import create_project
from tukro.campaigns.rules import former_files, plans
from tukro.campaigns.rules.faults import Unreadable
from tukro.campaigns.rules.former_files import Known, Results, Terms
from tukro.campaigns.rules.plans import Plan
from tukro.journal.actions import record
from tukro.kernel.money import Money
from tukro.people.models import Requester
from tukro.qualifications.actions.pool import Former, bring_workers
from tukro.qualifications.actions.types import create_type
from tukro.qualifications.models import QualificationType

Said = TypeVar("Said")
_CATEGORY = "other"
_REWARD = Money.parse("0.05")


@dataclass(frozen=True, slots=True)
class Luggage:
    """Open files of the old market. ``template``: the HTML of a project, whose name is ``name``."""

    results: Sequence[BinaryIO] = ()
    workers: Sequence[BinaryIO] = ()
    template: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Moved:
    """What stands here now: public ids of the project ('' when there was none) and of types by name."""

    project_id: str
    type_ids: dict[str, str]
    workers: int


@transaction.atomic
def move_in(*, requester: Requester, luggage: Luggage, now: datetime) -> Moved:
    """Make the project, the qualification types and the list of former workers.

    Types and workers that are there already are told anew; a template becomes a new project each time.

    Raises Unreadable. Refuses BadPlan, CategoryRefused, AsksForSecrets, BadFormerId and what making a
    qualification type refuses.
    """
    results = [_read(former_files.read_results, file) for file in luggage.results]
    known = former_files.together(
        results=[one.workers for one in results],
        workers=[_read(former_files.read_workers, file) for file in luggage.workers],
    )
    type_ids = _types_for(requester, known, now)
    brought = bring_workers(requester=requester, workers=[_former(one, type_ids) for one in known], now=now)
    project_id = _project(requester, luggage, results, now) if luggage.template else ""
    facts = {"project": project_id, "types": sorted(type_ids.values()), "workers": brought}
    record(name="RequesterMovedIn", actor=requester.actor, subject=requester.public_id, at=now, facts=facts)
    return Moved(project_id, type_ids, brought)


def _read(read: Callable[[BinaryIO], Said], file: BinaryIO) -> Said:
    """What the file says; when it cannot be read, Unreadable names it."""
    try:
        return read(file)
    except Unreadable as unreadable:
        raise Unreadable(*unreadable.faults, file=getattr(file, "name", "")) from None


def _types_for(requester: Requester, known: Sequence[Known], now: datetime) -> dict[str, str]:
    """The requester's type for each name in the files: the one that is there, or a new one."""
    found = {}
    for name in sorted({name for one in known for name in one.scores}):
        there = QualificationType.objects.filter(
            requester=requester, name__iexact=name, removed_at=None
        ).first()
        kind = there or create_type(requester=requester, name=name, description=name, now=now)
        found[name] = kind.public_id
    return found


def _former(one: Known, type_ids: dict[str, str]) -> Former:
    return Former(
        former_id=one.former_id,
        values={type_ids[name]: score for name, score in one.scores.items()},
        block_reason=one.block_reason,
        approved=one.approved,
        rejected=one.rejected,
    )


def _project(requester: Requester, luggage: Luggage, results: Sequence[Results], now: datetime) -> str:
    plan = _plan(luggage, results[0].terms if results else None)
    return create_project(requester=requester, plan=plan, now=now).public_id


def _plan(luggage: Luggage, terms: Terms | None) -> Plan:
    """The template with the terms of the batch, where a batch was brought; else with defaults to change."""
    name = luggage.name[: plans.MAX_NAME]
    if terms is None:
        return Plan(
            kind="template",
            name=name,
            title=name,
            description=name,
            category=_CATEGORY,
            reward=_REWARD,
            template=luggage.template,
        )
    return Plan(
        kind="template",
        name=name,
        title=terms.title[: plans.MAX_TITLE],
        description=terms.description[: plans.MAX_DESCRIPTION],
        keywords=terms.keywords[: plans.MAX_KEYWORDS],
        category=_CATEGORY,
        reward=terms.reward,
        template=luggage.template,
        places=min(terms.places or 1, plans.MAX_PLACES),
        duration_seconds=_within(terms.duration_seconds, plans.DURATIONS, plans.HOUR),
        auto_approve_seconds=_within(terms.auto_approve_seconds, plans.AUTO_APPROVALS, 3 * plans.DAY),
        lifetime_seconds=_within(terms.lifetime_seconds, plans.LIFETIMES, 7 * plans.DAY),
    )


def _within(value: int | None, limits: tuple[int, int], default: int) -> int:
    least, most = limits
    return default if value is None else min(max(value, least), most)
