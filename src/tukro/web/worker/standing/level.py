"""A worker's level: where it stands, what the next one needs, what each opens; and the success rate."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from tukro.kernel.money import Money
from tukro.money.queries import policy
from tukro.qualifications.actions.standing import pause_from, success_rule
from tukro.qualifications.models import Standing
from tukro.qualifications.queries import standing_of
from tukro.qualifications.rules.levels import (
    HALF_LIFE,
    LEVELS,
    OTHERS,
    REACH,
    Ahead,
    Level,
    Weighed,
    ahead,
    proved,
)
from tukro.web.entry.access import WorkerRequest, worker_required
from tukro.web.entry.answers import wants_json
from tukro.work.queries.of_worker.decided import decisions_since, open_by_level


@dataclass(frozen=True, slots=True)
class Step:
    """A level with what it opens: from which reward on the house asks for it, and what asks for it now."""

    level: Level
    reached: bool
    house: Money | None
    groups: int
    best: Money | None


@require_GET
@worker_required
def level(request: WorkerRequest) -> HttpResponse:
    """The rule as it is published, and the worker's own figures in it."""
    now, worker, rule = timezone.now(), request.worker, success_rule()
    standing = standing_of(worker)
    weighed = _weighed(standing)
    steps = _steps(standing.level)
    if wants_json(request):
        return JsonResponse(_data(standing.level, weighed))
    since = pause_from(worker, rule, now)
    approved, rejected = decisions_since({worker.pk: since}).get(worker.pk, (0, 0)) if rule.is_on else (0, 0)
    context = {
        "standing": standing,
        "proved": proved(weighed) / 100,
        "ahead": _ahead(weighed),
        "steps": steps,
        "half_life": HALF_LIFE,
        "reach": REACH,
        "others_part": 1 / OTHERS,
        "rule": rule,
        "least": rule.least_percent / 100,
        "approved": approved,
        "decided": approved + rejected,
        "rate": approved / (approved + rejected) if approved + rejected else None,
        "paused_until": worker.paused_until if worker.paused_until and worker.paused_until > now else None,
    }
    return render(request, "worker/standing/level.html", context)


def _weighed(standing: Standing) -> Weighed:
    # Until it is counted anew, a record from before the rule of other requesters is taken as it was.
    others = standing.decided if standing.others is None else standing.others
    percent = 100.0 if standing.others_percent is None else standing.others_percent
    return Weighed(standing.decided, standing.weight, standing.good, others, percent)


def _steps(reached: int) -> list[Step]:
    thresholds, asked = policy().level_rewards, open_by_level()
    steps = []
    for one in LEVELS:
        least = thresholds[one.no - 1] if one.no <= len(thresholds) else 0
        groups, best = asked.get(one.no, (0, None))
        steps.append(Step(one, one.no <= reached, Money(least) if least else None, groups, best))
    return steps


def _ahead(weighed: Weighed) -> dict[str, object] | None:
    step: Ahead | None = ahead(weighed)
    if step is None:
        return None
    return {
        "level": step.level.no,
        "decided": step.decided,
        "wanted": step.level.decided,
        "share": step.level.proved / 100,
        "has_share": step.proved >= step.level.proved,
        "others": step.others,
        "others_wanted": step.level.others,
        "others_share": step.others_percent / 100,
        "has_others_share": step.others_percent >= step.level.proved,
        "has_others": weighed.others > 0,
    }


def _data(reached: int, weighed: Weighed) -> dict[str, object]:
    return {
        "level": reached,
        "decided": weighed.decided,
        "proved_percent": round(proved(weighed), 2),
        "others": weighed.others,
        "others_percent": round(weighed.others_percent, 2),
        "levels": [
            {
                "level": one.no,
                "decided": one.decided,
                "others": one.others,
                "proved_percent": one.proved,
            }
            for one in LEVELS
        ],
    }
