"""Reads of privacy: which tables hold something about a person, what keeps an account open, ready files."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.apps import apps
from django.db.models import Count, Max, Model, Q, QuerySet

from tukro.kernel.errors import NotFound
from tukro.kernel.ids import looks_like_id
from tukro.kernel.money import Money
from tukro.money.queries import debt_of, payouts_of, requester_balance, worker_balance
from tukro.money.queries.deposits import under_way
from tukro.money.queries.unclaimed import unclaimed_of
from tukro.money.rules.payouts import UNDER_WAY
from tukro.notices.models import Conversation
from tukro.people.aliases import alias
from tukro.people.models import Requester, User, Worker
from tukro.privacy.models import DataExport
from tukro.privacy.rules import LEFT_OUT
from tukro.qualifications.models import Invitation, Qualification, QualificationRequest
from tukro.work.models import BEING_DONE, Assignment, AssignmentState

_PERSON: tuple[type[Model], ...] = (User, Worker, Requester, Assignment)


@dataclass(frozen=True, slots=True)
class Held:
    """One table with a person's rows: ``name`` is the file's, ``rows`` theirs."""

    name: str
    rows: QuerySet[Model]


def links_to_people() -> Iterator[tuple[type[Model], str]]:
    """Every column that leads from a table to a person, or to a person's work."""
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if field.is_relation and field.related_model in _PERSON:
                yield model, field.name


def held_about(user: User) -> Iterator[Held]:
    """The tables that hold something about the person, with their rows."""
    worker, requester = Worker.objects.filter(user=user).first(), Requester.objects.filter(user=user).first()
    yield Held("people.User", User.objects.filter(pk=user.pk).order_by("pk"))
    for model, column in links_to_people():
        label = f"{model._meta.label}.{column}"
        if label in LEFT_OUT:
            continue
        target = model._meta.get_field(column).related_model
        # The four are all that a link found above can lead to.
        owners: dict[object, object] = {User: user, Worker: worker, Requester: requester, Assignment: worker}
        owner = owners[target]
        if owner is not None:
            path = f"{column}__worker" if target is Assignment else column
            yield Held(label, model._default_manager.filter(**{path: owner}).order_by("pk"))


@dataclass(frozen=True, slots=True)
class KnownTo:
    """One requester who has seen a worker's id, and which one. ``taken``: how many of their tasks the worker
    took, the latest at ``last_at``."""

    requester: Requester
    known_as: str
    taken: int
    last_at: datetime | None


def known_to(worker: Worker, *, after: str = "", limit: int = 50) -> list[KnownTo]:
    """Requesters who have seen this worker's id, in the order in which they joined; ``after``: past this one.

    Blocks are not looked at: they are a requester's own note.
    """
    works = Assignment.objects.filter(worker=worker)
    ways = (
        works.values("requester_id"),
        Qualification.objects.filter(worker=worker).values("type__requester"),
        QualificationRequest.objects.filter(worker=worker).values("type__requester"),
        Invitation.objects.filter(worker=worker).values("group__requester"),
        Conversation.objects.filter(worker=worker).values("requester"),
    )
    knowing = Q()
    for way in ways:
        knowing |= Q(pk__in=way)
    found = Requester.objects.filter(knowing).order_by("pk")
    if looks_like_id(after):
        found = found.filter(pk__gt=Requester.objects.filter(public_id=after).values("pk")[:1])
    requesters = list(found[:limit])
    counted = works.filter(requester_id__in=[one.pk for one in requesters]).values_list("requester_id")
    taken = {pk: (count, at) for pk, count, at in counted.annotate(Count("pk"), Max("accepted_at"))}
    return [KnownTo(one, alias(worker, one), *taken.get(one.pk, (0, None))) for one in requesters]


def export_of(user: User) -> DataExport | None:
    """The latest file that the person asked for."""
    return DataExport.objects.filter(user=user).order_by("-pk").first()


def waiting_exports(now: datetime, *, limit: int) -> list[int]:
    """The keys of files to be made now, the first asked for first: without those that a job writes."""
    free = DataExport.objects.filter(Q(claimed_until=None) | Q(claimed_until__lte=now), made_at=None)
    return list(free.order_by("pk").values_list("pk", flat=True)[:limit])


def ready_export(user: User, public_id: str, now: datetime) -> DataExport:
    """A file to hand out. Raises NotFound: not this person's, not made yet, too old."""
    mine = DataExport.objects.filter(user=user, public_id=public_id, expires_at__gt=now)
    found = mine.exclude(path="").first()
    if found is None:
        raise NotFound(export=public_id)
    return found


@dataclass(frozen=True, slots=True)
class StillOpen:
    """One thing that keeps an account from being closed. ``code`` is one of OPEN."""

    code: str
    count: int = 0
    amount: Money | None = None


OPEN = (
    "work",
    "review",
    "rejected",
    "withdrawal",
    "balance",
    "tasks",
    "requester_balance",
    "payment",
    "debt",
)


def still_open(user: User) -> list[StillOpen]:
    """What has to be ended before the account can be closed; the order is the one to do it in."""
    worker, requester = Worker.objects.filter(user=user).first(), Requester.objects.filter(user=user).first()
    found = []
    if worker is not None:
        states = {
            "work": BEING_DONE,
            "review": (AssignmentState.SUBMITTED,),
        }
        works = Assignment.objects.filter(worker=worker)
        counts = {code: works.filter(state__in=which).count() for code, which in states.items()}
        # A rejection may still be overturned while its money waits.
        counts["rejected"] = works.filter(state=AssignmentState.REJECTED, released_at=None).count()
        counts["withdrawal"] = payouts_of(worker).filter(state__in=UNDER_WAY).count()
        found += [StillOpen(code, count=count) for code, count in counts.items() if count]
        available, _reserved, _in_transit = worker_balance(worker)
        available += unclaimed_of(worker)  # theirs to take back first
        if available.whole_cents():
            found.append(StillOpen("balance", amount=available))
    if requester is not None:
        available, held = requester_balance(requester)
        if held:  # for places that are open, and for work that nobody has decided
            found.append(StillOpen("tasks", amount=held))
        available += unclaimed_of(requester)
        if available.whole_cents():
            found.append(StillOpen("requester_balance", amount=available))
        if count := under_way(requester):
            found.append(StillOpen("payment", count=count))
        if owed := debt_of(requester):
            found.append(StillOpen("debt", amount=owed))
    return found
