"""What staff decided about a worker's account, and about the country where they work."""

from __future__ import annotations

from django.urls import reverse

from tukro.journal.models import Event
from tukro.notices.actions.told import Facts, Teller, Told, told_to_worker


def _approved(event: Event) -> Told | None:
    facts: Facts = {"was": event.facts.get("from", "")}
    return told_to_worker(
        event.subject, "worker_approved", facts, kind="account", link=reverse("worker:dashboard")
    )


def _refused(event: Event) -> Told | None:
    return _not_active(event, "worker_refused")


def _suspended(event: Event) -> Told | None:
    return _not_active(event, "worker_suspended")


def _not_active(event: Event, template: str) -> Told | None:
    facts: Facts = {"reason": event.facts["reason"]}
    return told_to_worker(
        event.subject, template, facts, kind="account", link=reverse("account:request_worker")
    )


def _country_changed(event: Event) -> Told | None:
    return _country(event, "country_changed", event.facts["to"])


def _country_kept(event: Event) -> Told | None:
    return _country(event, "country_kept", event.facts["country"])


def _country(event: Event, template: str, country: str) -> Told | None:
    facts: Facts = {"country": country, "reason": event.facts["reason"]}
    return told_to_worker(event.subject, template, facts, kind="account", link=reverse("account:country"))


TELLERS: dict[str, Teller] = {
    "CountryChanged": _country_changed,
    "CountryKept": _country_kept,
    "WorkerApproved": _approved,
    "WorkerRefused": _refused,
    "WorkerSuspended": _suspended,
}
