"""How requesters treat workers: counted as the journal grows, each event once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from statistics import median, quantiles

from django.db import transaction

from tukro.journal.models import Event
from tukro.kernel.actors import HOUSE
from tukro.kernel.money import Money
from tukro.people.models import Requester
from tukro.work.actions.following import next_events
from tukro.work.models import Assignment, Conduct
from tukro.work.rules import CONDUCT_KEPT, CONDUCT_SAMPLE

_DECIDED = frozenset(("AssignmentApproved", "AssignmentRejected"))
_COUNTED = _DECIDED | {"AssignmentSentBack", "AssignmentReturned"}
_BROKEN = frozenset(("broken", "unclear"))


@transaction.atomic
def refresh_conduct(*, now: datetime) -> int:
    """Add to requesters' conduct what happened since. Returns how many events were read."""
    events = next_events("conduct")
    by_requester: dict[int, list[tuple[Event, Assignment]]] = defaultdict(list)
    for event, assignment in _with_assignments(event for event in events if event.name in _COUNTED):
        by_requester[assignment.requester_id].append((event, assignment))
    messages = _messages(events)
    for requester_id in sorted(by_requester.keys() | messages.keys()):
        Conduct.objects.get_or_create(requester_id=requester_id, defaults={"counted_at": now})
        conduct = Conduct.objects.select_for_update().get(requester_id=requester_id)
        for event, assignment in by_requester.get(requester_id, ()):
            _count(conduct, event, assignment)
        for event in messages.get(requester_id, ()):
            _count_message(conduct, event)
        _measure(conduct)
        conduct.counted_at = now
        conduct.save()
    return len(events)


def _with_assignments(events: Iterable[Event]) -> list[tuple[Event, Assignment]]:
    told = list(events)
    known = {
        one.public_id: one
        for one in Assignment.objects.filter(public_id__in={event.subject for event in told}).select_related(
            "task__task_type"
        )
    }
    return [(event, known[event.subject]) for event in told if event.subject in known]


def _messages(events: Iterable[Event]) -> dict[int, list[Event]]:
    """What was written between workers and requesters, by requester."""
    sent = [event for event in events if event.name == "MessageSent" and "requester" in event.facts]
    named = {event.facts["requester"] for event in sent}
    known = dict(Requester.objects.filter(public_id__in=named).values_list("public_id", "pk")) if sent else {}
    by_requester: dict[int, list[Event]] = defaultdict(list)
    for event in sent:
        if event.facts["requester"] in known:
            by_requester[known[event.facts["requester"]]].append(event)
    return by_requester


def _count_message(conduct: Conduct, event: Event) -> None:
    """A worker's message asks; the requester's next one in that conversation is the reply."""
    conversation, at = event.facts["conversation"], event.at.timestamp()
    if event.actor.startswith("worker:"):
        if conversation not in conduct.unanswered:
            conduct.asked += 1
            latest = [*conduct.unanswered.items(), (conversation, at)][-CONDUCT_KEPT:]
            conduct.unanswered = dict(latest)
    elif conversation in conduct.unanswered:
        conduct.replied += 1
        wait = max(0, int(at - conduct.unanswered.pop(conversation)))
        conduct.reply_waits = [*conduct.reply_waits, wait][-CONDUCT_KEPT:]


def _count(conduct: Conduct, event: Event, assignment: Assignment) -> None:
    match event.name:
        case "AssignmentSentBack":
            conduct.sent_back += 1
        case "AssignmentReturned":
            conduct.returned += 1
            conduct.broken += event.facts.get("reason") in _BROKEN
        case "AssignmentRejected":
            conduct.rejected += 1
            _keep(conduct, event, assignment)
        case "AssignmentApproved":
            conduct.approved += 1
            # Who gave themselves no time to review asked for approval at once.
            conduct.silent += event.actor == str(HOUSE) and assignment.auto_approve_seconds > 0
            if assignment.rejected_at is not None:  # it is kept when a rejection is overturned
                conduct.overturned += 1
            else:
                _keep(conduct, event, assignment)


def _keep(conduct: Conduct, event: Event, assignment: Assignment) -> None:
    wait = max(0, int((event.at - assignment.waits_since).total_seconds()))
    worked = max(1, assignment.time_worked)
    earned = assignment.task.task_type.reward.units if event.name == "AssignmentApproved" else 0
    conduct.waits = [*conduct.waits, wait][-CONDUCT_KEPT:]
    conduct.hourly_pays = [*conduct.hourly_pays, earned * 3600 // worked][-CONDUCT_KEPT:]


def _measure(conduct: Conduct) -> None:
    if len(conduct.reply_waits) >= CONDUCT_SAMPLE:
        conduct.reply_median = int(median(conduct.reply_waits))
    if len(conduct.waits) < CONDUCT_SAMPLE:
        return
    conduct.wait_median = int(median(conduct.waits))
    low, middle, high = quantiles(conduct.hourly_pays, n=4, method="inclusive")
    conduct.hourly_low, conduct.hourly, conduct.hourly_high = (
        Money(int(one)).whole_cents() for one in (low, middle, high)
    )
