"""Workers' records, pushed down by the room that knows them, and what follows: levels and pauses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from django.db import transaction

from tukro.journal.actions import record
from tukro.kernel.actors import HOUSE, Actor
from tukro.kernel.errors import Refused
from tukro.people.models import Worker
from tukro.qualifications.actions.eligibility import facts_changed
from tukro.qualifications.models import SetRequirement, Standing, StandingPolicy
from tukro.qualifications.rules import LEVEL, NUMBER_APPROVED, PERCENTS
from tukro.qualifications.rules.levels import SuccessRule, Weighed, level_of, must_pause

COUNTED = ("submitted", "approved", "rejected", "returned", "abandoned")
_WEIGHED = ("level", "decided", "weight", "good", "others", "others_percent")


class BadStandingPolicy(Refused):
    """A number outside its limits. ``fields``: names of those at fault."""


@transaction.atomic
def push_standings(
    *,
    counts: Mapping[int, Mapping[str, int]],
    weighed: Mapping[int, Weighed] | None = None,
    now: datetime,
) -> None:
    """Keep the records of these workers (by key); what they may take is judged anew when they next look.

    ``weighed``: their latest decided work; who is left out stands at level 0. A level that changed is
    recorded: LevelChanged.
    """
    latest = weighed or {}
    before = dict(Standing.objects.filter(worker__in=counts).values_list("worker", "level"))
    rows = [_row(pk, counted, latest.get(pk, Weighed()), now) for pk, counted in sorted(counts.items())]
    Standing.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["worker"],
        update_fields=[*COUNTED, *_WEIGHED, "updated_at"],
    )
    _record_levels({row.worker_id: (before.get(row.worker_id, 0), row.level) for row in rows}, now)
    # Nobody asks for a record: there is nothing to judge.
    if SetRequirement.objects.filter(type_id__in=[NUMBER_APPROVED, LEVEL, *PERCENTS]).exists():
        facts_changed(counts)


def success_rule() -> SuccessRule:
    """The operator's rule of the success rate."""
    policy = StandingPolicy.objects.first() or StandingPolicy()
    return SuccessRule(
        policy.is_on, policy.least_percent, policy.window_days, policy.minimum, policy.pause_days
    )


@transaction.atomic
def change_success_rule(*, by: Actor, rule: SuccessRule, now: datetime) -> None:
    """The operator switches the rule on or off, or changes its numbers. Pauses under way go on.

    Refuses BadStandingPolicy.
    """
    limits = {"least_percent": (1, 100), "window_days": (1, 365), "minimum": (1, 1000), "pause_days": (1, 90)}
    wrong = [name for name, (least, most) in limits.items() if not least <= getattr(rule, name) <= most]
    if wrong:
        raise BadStandingPolicy(fields=wrong)
    fields = ("is_on", *limits)
    StandingPolicy.objects.bulk_create([StandingPolicy()], ignore_conflicts=True)
    policy = StandingPolicy.objects.select_for_update().get()
    changed = {
        name: [getattr(policy, name), getattr(rule, name)]
        for name in fields
        if getattr(policy, name) != getattr(rule, name)
    }
    if not changed:
        return
    for name in changed:
        setattr(policy, name, getattr(rule, name))
    policy.save()
    record(name="SuccessRuleChanged", actor=by, subject="success_rule", at=now, facts=changed)


def pause_from(worker: Worker, rule: SuccessRule, now: datetime) -> datetime:
    """Since when this worker's decisions count for the rule: after a pause everybody begins anew."""
    start = now - timedelta(days=rule.window_days)
    return max(start, worker.paused_until) if worker.paused_until else start


@transaction.atomic
def pause_unsuccessful(
    *, decisions: Mapping[int, tuple[int, int]], rule: SuccessRule, now: datetime
) -> list[int]:
    """Workers (by key) whose (approved, rejected) break the rule take no new work for its time.

    Work in hand, repairs and work of hire groups are not touched. Returns who was paused now.
    """
    failing = [
        pk
        for pk, (approved, rejected) in decisions.items()
        if must_pause(rule, approved=approved, rejected=rejected)
    ]
    until = now + timedelta(days=rule.pause_days)
    paused = []
    for worker in _not_paused(failing, now):
        worker.paused_until = until
        worker.save(update_fields=["paused_until"])
        approved, rejected = decisions[worker.pk]
        facts = {"until": until.isoformat(), "approved": approved, "rejected": rejected}
        record(name="WorkerPaused", actor=HOUSE, subject=worker.public_id, at=now, facts=facts)
        paused.append(worker.pk)
    return paused


@transaction.atomic
def end_pause(*, by: Actor, worker: Worker, now: datetime) -> None:
    """Staff let the worker go on at once; decisions before this do not count for the rule any more."""
    changed = Worker.objects.filter(pk=worker.pk, paused_until__gt=now).update(paused_until=now)
    if changed:
        record(name="WorkerPauseEnded", actor=by, subject=worker.public_id, at=now)


def _not_paused(pks: Iterable[int], now: datetime) -> list[Worker]:
    locked = Worker.objects.select_for_update(no_key=True).filter(pk__in=list(pks)).order_by("pk")
    return [worker for worker in locked if worker.paused_until is None or worker.paused_until <= now]


def _row(pk: int, counted: Mapping[str, int], latest: Weighed, now: datetime) -> Standing:
    return Standing(
        worker_id=pk,
        updated_at=now,
        level=level_of(latest),
        decided=latest.decided,
        weight=latest.weight,
        good=latest.good,
        others=latest.others,
        others_percent=latest.others_percent,
        **{name: counted[name] for name in COUNTED},
    )


def _record_levels(moved: Mapping[int, tuple[int, int]], now: datetime) -> None:
    changed = {pk: levels for pk, levels in moved.items() if levels[0] != levels[1]}
    if not changed:
        return
    for pk, public_id in Worker.objects.filter(pk__in=changed).order_by("pk").values_list("pk", "public_id"):
        before, after = changed[pk]
        facts = {"from": before, "to": after}
        record(name="LevelChanged", actor=HOUSE, subject=public_id, at=now, facts=facts)
