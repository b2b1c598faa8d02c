"""Where a person lives and how they like to read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction

from tukro.journal.actions import record
from tukro.kernel.errors import NotFound, Refused
from tukro.people.models import ContactDetails, Profile, User, Worker
from tukro.people.rules import DEVICES, LANGUAGES, SKILLS, US_SUBDIVISIONS, Digits


class NoSuchSubdivision(Refused):
    """States are asked of workers in the United States only. ``subdivision``"""


@dataclass(frozen=True, slots=True)
class Contact:
    full_name: str
    address: str
    postal_code: str
    city: str
    country: str


def save_contact(*, user: User, contact: Contact, now: datetime) -> None:
    """Keep where the person lives. Writes ContactSaved, without the details themselves."""
    with transaction.atomic():
        ContactDetails.objects.update_or_create(user=user, defaults={**asdict(contact), "saved_at": now})
        facts = {"country": contact.country}
        record(name="ContactSaved", actor=user.actor, subject=str(user.actor), at=now, facts=facts)


def save_reading(*, user: User, language: str, digits: Digits, time_zone: str) -> None:
    """Keep the language, digits and clock of the person's pages and mails."""
    user.language, user.digits, user.time_zone = language, digits, time_zone
    user.save(update_fields=["language", "digits", "time_zone"])


@transaction.atomic
def save_subdivision(*, worker: Worker, subdivision: str, now: datetime) -> None:
    """Keep the state of a worker in the United States; "" takes it back. Writes SubdivisionSaved.

    Refuses NoSuchSubdivision.
    """
    if subdivision and (worker.country != "US" or subdivision not in US_SUBDIVISIONS):
        raise NoSuchSubdivision(subdivision=subdivision)
    Worker.objects.filter(pk=worker.pk).update(subdivision=subdivision)
    worker.subdivision = subdivision
    facts = {"subdivision": subdivision}
    record(name="SubdivisionSaved", actor=worker.actor, subject=worker.public_id, at=now, facts=facts)


@transaction.atomic
def save_profile(
    *, user: User, languages: Sequence[str], skills: Sequence[str], devices: Sequence[str], now: datetime
) -> None:
    """Keep what the person says of themselves. Writes ProfileSaved. Refuses NotFound."""
    for given, known in ((languages, LANGUAGES), (skills, SKILLS), (devices, DEVICES)):
        if unknown := set(given) - set(known):
            raise NotFound(code=min(unknown))
    said = {"languages": list(languages), "skills": list(skills), "devices": list(devices)}
    Profile.objects.update_or_create(user=user, defaults={**said, "saved_at": now})
    record(name="ProfileSaved", actor=user.actor, subject=str(user.actor), at=now)
