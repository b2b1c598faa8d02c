"""What workers hear of their qualifications."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse

from tukro.journal.models import Event
from tukro.notices.actions.told import Facts, Teller, Told, told_to_worker
from tukro.qualifications.models import (
    Invitation,
    InvitationState,
    QualificationRequest,
    QualificationType,
)


def _qualification(event: Event, template: str) -> Told | None:
    kind = QualificationType.objects.filter(public_id=event.subject).first()
    if kind is None:
        return None
    facts: Facts = {
        "name": kind.name,
        "value": event.facts.get("value"),
        "reason": event.facts.get("reason", ""),
    }
    link = reverse("worker:qualification", args=[kind.public_id])
    return told_to_worker(event.facts["worker"], template, facts, kind="qualification", link=link)


def _granted(event: Event) -> Told | None:
    return _qualification(event, "qualification_granted") if event.facts.get("notify") else None


def _revoked(event: Event) -> Told | None:
    return _qualification(event, "qualification_revoked")


def _request_rejected(event: Event) -> Told | None:
    asked = (
        QualificationRequest.objects.select_related("worker__user", "type")
        .filter(public_id=event.subject)
        .first()
    )
    if asked is None:
        return None
    facts: Facts = {"name": asked.type.name, "reason": asked.reason}
    link = reverse("worker:qualification", args=[asked.type.public_id])
    return Told(asked.worker.user, "qualification_request_rejected", facts, kind="qualification", link=link)


def _level_changed(event: Event) -> Told | None:
    before, after = int(event.facts["from"]), int(event.facts["to"])
    facts: Facts = {"level": after, "is_higher": after > before}
    return told_to_worker(event.subject, "level_changed", facts, kind="level", link=reverse("worker:level"))


def _paused(event: Event) -> Told | None:
    facts: Facts = {
        "until": datetime.fromisoformat(event.facts["until"]),
        "approved": event.facts["approved"],
        "decided": event.facts["approved"] + event.facts["rejected"],
    }
    return told_to_worker(event.subject, "worker_paused", facts, kind="account", link=reverse("worker:level"))


def _invited(event: Event) -> Told | None:
    """Whose invitation still waits for an answer."""
    found = Invitation.objects.select_related("worker__user", "group__requester")
    one = found.filter(pk=event.facts["invitation"], state=InvitationState.INVITED).first()
    if one is None or one.group.requester is None:
        return None
    facts: Facts = {"name": one.group.name, "requester": one.group.requester.name, "note": one.note}
    return Told(one.worker.user, "worker_invited", facts, kind="invitation", link=reverse("worker:groups"))


TELLERS: dict[str, Teller] = {
    "WorkerInvited": _invited,
    "LevelChanged": _level_changed,
    "WorkerPaused": _paused,
    "QualificationGranted": _granted,
    "QualificationRevoked": _revoked,
    "QualificationRequestRejected": _request_rejected,
}
