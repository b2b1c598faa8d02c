"""The country where a worker works: staff change it, as work that may be taken and tax follow it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from tukro.journal.actions import record
from tukro.kernel.actors import Actor
from tukro.kernel.errors import NotFound, Refused
from tukro.people.actions.joining import ReasonNeeded
from tukro.people.models import CountryRequest, Worker
from tukro.people.rules.countries import country_codes


class SameCountry(Refused):
    """The worker is known to work in this country. ``country``"""


@transaction.atomic
def ask_country(*, worker: Worker, country: str, said: str, now: datetime) -> CountryRequest:
    """Ask staff to change the country, saying why; a later request takes the place of one that waits.

    Writes CountryAsked. Refuses ReasonNeeded, NotFound (no such country), SameCountry.
    """
    _need(said)
    _check(_locked(worker.public_id), country)
    asked = {"country": country, "said": said.strip(), "asked_at": now}
    request, _ = CountryRequest.objects.update_or_create(worker=worker, defaults=asked)
    facts = {"country": country}
    record(name="CountryAsked", actor=worker.actor, subject=worker.public_id, at=now, facts=facts)
    return request


@transaction.atomic
def change_country(*, by: Actor, worker_id: str, country: str, reason: str, now: datetime) -> Worker:
    """Staff say where the worker works, asked for or not; what was asked is answered by it.

    What the worker has taken stays theirs, and a withdrawal keeps the tax that it was asked with. A state
    within the country is forgotten. Writes CountryChanged. Refuses ReasonNeeded, NotFound, SameCountry.
    """
    _need(reason)
    worker = _locked(worker_id)
    _check(worker, country)
    was = worker.country
    worker.country, worker.subdivision = country, ""
    worker.save(update_fields=["country", "subdivision"])
    CountryRequest.objects.filter(worker=worker).delete()
    facts = {"from": was, "to": country, "reason": reason.strip()}
    record(name="CountryChanged", actor=by, subject=worker_id, at=now, facts=facts)
    return worker


@transaction.atomic
def keep_country(*, by: Actor, worker_id: str, reason: str, now: datetime) -> None:
    """Staff decline what the worker asked. Writes CountryKept.

    Refuses ReasonNeeded, NotFound (also when nothing is asked).
    """
    _need(reason)
    worker = _locked(worker_id)
    asked = CountryRequest.objects.filter(worker=worker).first()
    if asked is None:
        raise NotFound(worker_id=worker_id)
    asked.delete()
    facts = {"country": asked.country, "reason": reason.strip()}
    record(name="CountryKept", actor=by, subject=worker_id, at=now, facts=facts)


def _need(words: str) -> None:
    if not words.strip():
        raise ReasonNeeded


def _locked(worker_id: str) -> Worker:
    worker = Worker.objects.select_for_update().filter(public_id=worker_id).first()
    if worker is None:
        raise NotFound(worker_id=worker_id)
    return worker


def _check(worker: Worker, country: str) -> None:
    if country not in country_codes():
        raise NotFound(country=country)
    if country == worker.country:
        raise SameCountry(country=country)
