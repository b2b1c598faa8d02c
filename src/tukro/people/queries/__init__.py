"""Reads of people: what they say of themselves, their keys and letters, who waits for staff."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Count, F, Q, QuerySet

from tukro.people.models import (
    AccessKey,
    AddressLetter,
    ContactDetails,
    CountryRequest,
    JoiningPolicy,
    LetterRun,
    LetterState,
    Place,
    Profile,
    ProvedAddress,
    Requester,
    Session,
    User,
    Worker,
    WorkerState,
    WorkerToken,
)
from tukro.people.queries.visiting import RequesterBySession as RequesterBySession
from tukro.people.queries.visiting import WorkerBySession as WorkerBySession


def profile_of(user: User) -> Profile | None:
    """What the person says of themselves, if anything."""
    return Profile.objects.filter(user=user).first()


def sessions_of(user: User, now: datetime) -> list[Session]:
    """Where the person is signed in, the latest first."""
    live = Session.objects.filter(user=user, expires_at__gt=now)
    return list(live.order_by(F("seen_at").desc(nulls_last=True), "key"))


def contact_of(user: User) -> ContactDetails | None:
    """Where the person lives, if told."""
    return ContactDetails.objects.filter(user=user).first()


def access_keys_of(requester: Requester) -> QuerySet[AccessKey]:
    """The keys that work, newest first."""
    return requester.access_keys.filter(revoked_at=None).order_by("-created_at", "-id")


def workers_to_review(limit: int = 100) -> QuerySet[Worker]:
    """Worker accounts that no member of staff has looked at: pending ones first, oldest first."""
    return (
        Worker.objects.filter(state__in=[WorkerState.PENDING, WorkerState.ACTIVE], reviewed_at=None)
        .select_related("user", "user__contact")
        .order_by("-state", "requested_at", "id")[:limit]
    )


def country_request_of(worker: Worker) -> CountryRequest | None:
    """The other country that the worker asks staff for, if they do."""
    return CountryRequest.objects.filter(worker=worker).first()


def country_requests(limit: int = 100) -> QuerySet[CountryRequest]:
    """Other countries that workers ask for, the longest waiting first."""
    asked = CountryRequest.objects.select_related("worker__user__contact")
    return asked.order_by("asked_at", "pk")[:limit]


def find_people(text: str, limit: int = 30) -> list[User]:
    """Users whose e-mail address or name contains ``text``, or whose worker or requester id it is."""
    found = User.objects.filter(
        Q(email__icontains=text)
        | Q(contact__full_name__icontains=text)
        | Q(requester__name__icontains=text)
        | Q(worker__public_id=text.upper())
        | Q(requester__public_id=text.upper())
    )
    return list(found.select_related("contact", "worker", "requester").order_by("email")[:limit])


def staff_count() -> int:
    """How many members of staff can sign in."""
    return User.objects.filter(is_staff=True, is_active=True).count()


def tokens_of(worker: Worker) -> QuerySet[WorkerToken]:
    """The worker's tokens that work, the newest first."""
    return worker.tokens.filter(revoked_at=None).order_by("-pk")


def place_of(worker: Worker) -> Place | None:
    """Where the worker says that they live now; None when something is missing that a letter needs."""
    contact = ContactDetails.objects.filter(user_id=worker.user_id).first()
    if contact is None or not (contact.full_name and contact.address and contact.city):
        return None
    return Place(contact.full_name, contact.address, contact.postal_code, contact.city, contact.country)


def is_proved(worker: Worker, place: Place | None) -> bool:
    """Whether the worker proved to be reached at ``place``, or the house vouches for them anywhere."""
    proved = ProvedAddress.objects.filter(worker=worker).first()
    return proved is not None and (proved.place == "" or (place is not None and proved.place == place.digest))


def letter_of(worker: Worker) -> AddressLetter | None:
    """The worker's newest letter, whatever became of it."""
    return worker.letters.order_by("-pk").first()


def letters_in(*states: str, limit: int = 200) -> list[AddressLetter]:
    """The oldest letters in these states, with their workers."""
    found = AddressLetter.objects.filter(state__in=states).select_related("worker__user", "run")
    return list(found.order_by("pk")[:limit])


def letters_to_send() -> int:
    """How many letters are to be printed or posted."""
    return AddressLetter.objects.filter(state__in=[LetterState.ASKED, LetterState.PRINTED]).count()


def open_runs() -> list[LetterRun]:
    """Runs that are not posted, the oldest first, each with its ``count`` of letters."""
    found = LetterRun.objects.filter(posted_at=None, letters__state=LetterState.PRINTED)
    return list(found.annotate(count=Count("letters")).order_by("pk"))


def letters_of_run(run_id: str) -> list[AddressLetter]:
    """The letters of a run that can still be printed; none when it is posted or unknown."""
    found = AddressLetter.objects.filter(run__public_id=run_id, state=LetterState.PRINTED)
    return list(found.select_related("worker").order_by("pk"))


def payout_proofs() -> frozenset[str]:
    """What the operator wants proved before a first withdrawal (PayoutProof)."""
    policy = JoiningPolicy.objects.filter(id=1).first() or JoiningPolicy()
    return frozenset(policy.payout_proofs)
