"""What requesters hear of their batches and projects."""

from __future__ import annotations

from django.urls import reverse

from tukro.journal.models import Event
from tukro.kernel.money import Money
from tukro.notices.actions.told import Facts, Teller, Told
from tukro.people.models import Requester
from tukro.work.models import Batch


def _batch_published(event: Event) -> Told | None:
    batch = Batch.objects.select_related("requester__user").filter(public_id=event.subject).first()
    if batch is None:
        return None
    link = reverse("requester:batch", args=[batch.public_id])
    count = batch.published_count
    facts: Facts = {"name": batch.name, "tasks": count, "expires": batch.expires_at, "link": link}
    return Told(batch.requester.user, "batch_published", facts, kind="posting", link=link)


def _batch_held(event: Event) -> Told | None:
    return _stopped_or_not(event, "batch_held", {"reason": event.facts["reason"]})


def _batch_released(event: Event) -> Told | None:
    return _stopped_or_not(event, "batch_released", {})


def _stopped_or_not(event: Event, template: str, more: Facts) -> Told | None:
    """A decision of the staff: told whatever the requester has turned off."""
    batch = Batch.objects.select_related("requester__user").filter(public_id=event.subject).first()
    if batch is None:
        return None
    link = reverse("requester:batch", args=[batch.public_id])
    facts: Facts = {"name": batch.name, "state": batch.state, "link": link, **more}
    return Told(batch.requester.user, template, facts, kind="account", link=link)


def _approved_by_silence(event: Event) -> Told | None:
    batch = Batch.objects.select_related("requester__user").filter(public_id=event.subject).first()
    if batch is None:
        return None
    link = reverse("requester:review", args=[batch.public_id])
    facts: Facts = {
        "name": batch.name,
        "count": event.facts["count"],
        "amount": Money(event.facts["amount"]),
        "link": link,
    }
    return Told(batch.requester.user, "approved_by_silence", facts, kind="silence", link=link)


def _project(event: Event, template: str) -> Told | None:
    requester = Requester.objects.select_related("user").filter(public_id=event.facts["requester"]).first()
    if requester is None:
        return None
    facts: Facts = {"id": event.subject, "name": event.facts["name"], "reason": event.facts.get("reason", "")}
    link = reverse("requester:project", args=[event.subject])
    return Told(requester.user, template, facts, kind="posting", link=link)


def _project_approved(event: Event) -> Told | None:
    return _project(event, "project_approved")


def _project_refused(event: Event) -> Told | None:
    return _project(event, "project_refused")


def _moderation_lifted(event: Event) -> Told | None:
    return _project(event, "moderation_lifted")


TELLERS: dict[str, Teller] = {
    "BatchPublished": _batch_published,
    "BatchHeld": _batch_held,
    "BatchReleased": _batch_released,
    "ApprovedBySilence": _approved_by_silence,
    "ModerationLifted": _moderation_lifted,
    "ProjectApproved": _project_approved,
    "ProjectRefused": _project_refused,
}
