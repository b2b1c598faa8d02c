"""Make people without a browser: the command line, the demo market and tests."""

from __future__ import annotations

from datetime import datetime

from allauth.account.models import EmailAddress
from django.db import transaction

from tukro.journal.actions import record
from tukro.kernel.actors import HOUSE
from tukro.kernel.errors import Refused
from tukro.kernel.ids import new_person_id
from tukro.people.actions.joining import become_requester
from tukro.people.actions.letters import vouch_for
from tukro.people.models import Requester, User, Worker, WorkerState


class EmailTaken(Refused):
    """Someone joined with this address. ``email``"""


def create_user(email: str, password: str, verified: bool = True, *, language: str = "") -> User:
    """Make a user who can sign in, with the address that sign-in looks at. Refuses EmailTaken."""
    address = email.strip().lower()
    with transaction.atomic():
        if User.objects.filter(email__iexact=address).exists():
            raise EmailTaken(email=address)
        user = User.objects.create_user(address, password, language=language)
        EmailAddress.objects.create(user=user, email=address, primary=True, verified=verified)
    return user


def create_worker(email: str, password: str, *, country: str, now: datetime, language: str = "") -> Worker:
    """Make a worker who is verified, approved by the house and ready to work. Refuses EmailTaken."""
    with transaction.atomic():
        worker = Worker.objects.create(
            user=create_user(email, password, language=language),
            public_id=new_person_id(),
            state=WorkerState.ACTIVE,
            country=country,
            requested_at=now,
            reviewed_at=now,
            reviewed_by=str(HOUSE),
        )
        record(name="WorkerJoined", actor=HOUSE, subject=worker.public_id, at=now, facts={"country": country})
        vouch_for(by=HOUSE, worker=worker, reason="made by the operator", now=now)
    return worker


def create_requester(email: str, password: str, *, name: str, now: datetime, language: str = "") -> Requester:
    """Make a requester who is verified and ready to post. Refuses EmailTaken, NameNeeded."""
    with transaction.atomic():
        return become_requester(user=create_user(email, password, language=language), name=name, now=now)


def create_staff(email: str, password: str, *, now: datetime, language: str = "") -> User:
    """Make a member of staff. Writes StaffJoined. Refuses EmailTaken."""
    with transaction.atomic():
        user = create_user(email, password, language=language)
        user.is_staff = True
        user.save(update_fields=["is_staff"])
        record(name="StaffJoined", actor=HOUSE, subject=str(user.actor), at=now)
    return user
