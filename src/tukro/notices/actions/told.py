"""What a teller answers: who hears of an event, and what."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse

from tukro.journal.models import Event
from tukro.people.models import Requester, User, Worker

Facts = dict[str, object]


@dataclass(frozen=True, slots=True)
class Told:
    """One notice to be: to whom, which template under ``mail/`` says it, with which facts.

    ``kind`` is one of rules/kinds.py; ``link`` is the path on our site where the person sees more. ``to`` is
    another address of theirs that is told by mail, and by mail alone.
    """

    user: User
    template: str
    facts: Facts
    kind: str
    link: str
    to: str = ""


Teller = Callable[[Event], Told | None]


def told_to_worker(worker_id: str, template: str, facts: Facts, *, kind: str, link: str) -> Told | None:
    """For the worker of this public id; None when there is none (any more)."""
    worker = Worker.objects.select_related("user").filter(public_id=worker_id).first()
    return Told(worker.user, template, facts, kind=kind, link=link) if worker else None


def told_of_balance(person_id: str, template: str, facts: Facts) -> Told | None:
    """For the worker or requester of this public id, about their balance; ``page`` shows it."""
    if worker := Worker.objects.select_related("user").filter(public_id=person_id).first():
        user, page = worker.user, reverse("worker:earnings")
    elif requester := Requester.objects.select_related("user").filter(public_id=person_id).first():
        user, page = requester.user, reverse("requester:balance")
    else:
        return None
    return Told(user, template, facts | {"page": page}, kind="account", link=page)
