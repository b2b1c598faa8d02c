"""What a review file would do, and what it did: counted by verdict and by what each line meets."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final, TypedDict

from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.expressions import Combinable

from tukro.campaigns.models import ReviewFile, ReviewLine, Verdict
from tukro.kernel.money import Money
from tukro.work.models import Assignment, AssignmentState

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

_APPLIES: Final = Q(
    verdict=Verdict.APPROVE, stands__in=[AssignmentState.SUBMITTED, AssignmentState.REJECTED]
) | Q(verdict=Verdict.REJECT, stands=AssignmentState.SUBMITTED)
_SAME: Final = Q(verdict=Verdict.APPROVE, stands=AssignmentState.APPROVED) | Q(
    verdict=Verdict.REJECT, stands=AssignmentState.REJECTED
)


class _Standing(TypedDict):
    stands: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What confirming a review file would do, as things stand now; of one that is done, what it did."""

    approve: int
    reject: int
    overturn: int
    overturn_cost: Money  # from the balance: money of these places has gone back already
    unchanged: int  # the verdict is what stands already
    overtaken: int  # decided otherwise since the file was read, and left so

    @property
    def applies(self) -> int:
        return self.approve + self.reject + self.overturn


@dataclass(frozen=True, slots=True)
class Overtaken:
    """A line that was not done, or would not be."""

    line: ReviewLine
    stands: str  # the state of its assignment


def plan_of(review_file: ReviewFile, *, now: datetime) -> Plan:
    """Count what confirming would do at ``now``, or did."""
    met = _standing_lines(review_file, now).values_list("verdict", "stands").order_by()
    rows = met.annotate(Count("pk"), Count("assignment__released_at"))
    counts = {(verdict, stands): count for verdict, stands, count, _gone_back in rows}
    gone_back = {(verdict, stands): count for verdict, stands, _count, count in rows}
    released = gone_back.get((Verdict.APPROVE, AssignmentState.REJECTED), 0)
    approve = counts.pop((Verdict.APPROVE, AssignmentState.SUBMITTED), 0)
    overturn = counts.pop((Verdict.APPROVE, AssignmentState.REJECTED), 0)
    reject = counts.pop((Verdict.REJECT, AssignmentState.SUBMITTED), 0)
    unchanged = counts.pop((Verdict.APPROVE, AssignmentState.APPROVED), 0)
    unchanged += counts.pop((Verdict.REJECT, AssignmentState.REJECTED), 0)
    return Plan(
        approve=approve,
        reject=reject,
        overturn=overturn,
        overturn_cost=review_file.batch.task_type.price * released,
        unchanged=unchanged,
        overtaken=sum(counts.values()),
    )


def overtaken(review_file: ReviewFile, *, now: datetime, limit: int) -> list[Overtaken]:
    """The first lines whose answer was decided otherwise since the file was read."""
    lines = _standing_lines(review_file, now).exclude(_APPLIES | _SAME).select_related("assignment")
    return [Overtaken(line, line.stands) for line in lines.order_by("pk")[:limit]]


def standing(now: datetime) -> Combinable:
    """Of a review line: the state of its assignment.

    What silence has approved can be rejected no more, though the sweep may not have come to it yet; a verdict
    that approves it too still pays it.
    """
    its = Assignment.objects.filter(pk=OuterRef("assignment_id"))
    silence = its.filter(state=AssignmentState.SUBMITTED, auto_approve_at__lte=now)
    return Case(
        When(Q(Exists(silence), verdict=Verdict.REJECT), then=Value(AssignmentState.APPROVED.value)),
        default=Subquery(its.values("state")),
    )


def _standing_lines(
    review_file: ReviewFile, now: datetime
) -> QuerySet[WithAnnotations[ReviewLine, _Standing]]:
    """The lines with what ``stands``: now, or when the file was done. Of old files nobody kept it."""
    if review_file.applied_at is None:
        return review_file.lines.annotate(stands=standing(now))
    return review_file.lines.exclude(met="").annotate(stands=F("met"))
