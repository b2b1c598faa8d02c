"""Reading who may do what, what workers hold, and what waits for a decision."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.postgres.search import SearchQuery
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from tukro.kernel.errors import NotFound
from tukro.kernel.ids import looks_like_id
from tukro.kernel.search import words_query
from tukro.people.models import Requester, Worker
from tukro.qualifications.models import (
    Block,
    FormerClaim,
    FormerWorker,
    Invitation,
    InvitationState,
    LessonPassed,
    Qualification,
    QualificationRequest,
    QualificationType,
    RequestState,
    RequirementSet,
    Standing,
    TypeKind,
)
from tukro.qualifications.rules import (
    ADULT,
    INT_MIN,
    LEVEL,
    NUMBER_APPROVED,
    Facts,
    Requirement,
    percents,
    read,
    unmet,
)

DELETION_TAKES = timedelta(hours=48)  # at most: then the name is free, whatever open work still asks


def facts_of(worker: Worker) -> Facts:
    """Everything that requirements can ask about a worker."""
    held = Qualification.objects.filter(worker=worker, revoked_at=None).values_list(
        "type__public_id", "value"
    )
    standing = standing_of(worker)
    shares = percents(
        submitted=standing.submitted,
        approved=standing.approved,
        rejected=standing.rejected,
        returned=standing.returned,
        abandoned=standing.abandoned,
    )
    return Facts(
        locale=worker.locale,
        values={ADULT: 0, **dict(held), NUMBER_APPROVED: standing.approved, LEVEL: standing.level, **shares},
    )


def standing_of(worker: Worker) -> Standing:
    """The worker's record; all zero for a newcomer."""
    return Standing.objects.filter(worker=worker).first() or Standing(worker=worker)


def unmet_requirements(worker: Worker, requirement_set: RequirementSet) -> list[Requirement]:
    """What stands between this worker and tasks that ask for this set."""
    return unmet(read(requirement_set.requirements), facts_of(worker))


def is_blocked(*, worker: Worker, requester: Requester) -> bool:
    return Block.objects.filter(worker=worker, requester=requester).exists()


def type_of(type_id: str) -> QualificationType:
    """Anybody's type, the house's included, while it is not deleted. Refuses NotFound."""
    return _first(_types().filter(public_id=type_id), type_id)


def own_type_of(requester: Requester, type_id: str) -> QualificationType:
    """The requester's own type. Refuses NotFound."""
    own = _types().filter(public_id=type_id, requester=requester)
    return _first(own.exclude(kind=TypeKind.GROUP), type_id)


def types_of(requester: Requester) -> QuerySet[QualificationType]:
    """The requester's own types by name; hire groups stand apart."""
    return _types().filter(requester=requester).exclude(kind=TypeKind.GROUP).order_by("name", "id")


def find_types(
    *, query: str = "", of: Requester | None = None, requestable: bool = False
) -> QuerySet[QualificationType]:
    """Types whose name, description or keywords hold all words of ``query`` (each as a beginning), by name.

    ``of``: one requester's only; ``requestable``: those that workers can ask for.
    """
    found = _types().exclude(kind=TypeKind.GROUP).order_by("name", "id")
    if of is not None:
        found = found.filter(requester=of)
    if requestable:
        found = found.filter(is_requestable=True)
    if words := words_query(query):
        # Signs inside of names are not words. Among one's own few types any part of a name is looked for.
        part = query.strip()
        whole = Q(name__iexact=part) if of is None else Q(name__icontains=part)
        found = found.filter(whole | Q(words=SearchQuery(words, config="simple", search_type="raw")))
    return found


def house_types(*, kinds: tuple[TypeKind, ...] = (TypeKind.GRANTED,)) -> list[QualificationType]:
    """The house's own types of these kinds, by name."""
    return list(_types().filter(requester=None, kind__in=kinds).order_by("name", "id"))


def qualifications_of_type(kind: QualificationType, *, revoked: bool = False) -> QuerySet[Qualification]:
    """Who holds it (or no longer does), the latest grant first."""
    return (
        Qualification.objects.filter(type=kind, revoked_at__isnull=not revoked)
        .select_related("worker", "type")
        .order_by("-granted_at", "-id")
    )


def qualification_of(worker: Worker, kind: QualificationType) -> Qualification | None:
    """The worker's row of this type, granted or revoked."""
    return Qualification.objects.filter(type=kind, worker=worker).select_related("worker", "type").first()


def held_by(worker: Worker) -> list[Qualification]:
    """What a worker holds by grant, test or own word, and what was revoked; the latest first."""
    return list(
        Qualification.objects.filter(worker=worker)
        .exclude(type__kind=TypeKind.GROUP)
        .select_related("type__requester")
        .order_by("-granted_at", "-id")
    )


def held_page(
    worker: Worker, *, query: str = "", sort: str = "granted", after: int = 0, limit: int = 50
) -> list[Qualification]:
    """What a worker holds by grant or test: ``limit`` rows, and one more when more follow.

    ``query``: words in the name of the type or of its requester; ``sort``: the latest grant first, by name,
    or the highest value first; ``after``: past the row of this key.
    """
    rows = _held_rows(worker, query).annotate(rank=Coalesce("value", INT_MIN))
    last = rows.filter(pk=after).first() if after else None
    match sort:
        case "name":
            rows = rows.order_by("type__name", "pk")
            if last:
                rows = rows.filter(
                    Q(type__name__gt=last.type.name) | Q(type__name=last.type.name, pk__gt=after)
                )
        case "value":
            rows = rows.order_by("-rank", "-pk")
            if last:
                rank = INT_MIN if last.value is None else last.value
                rows = rows.filter(Q(rank__lt=rank) | Q(rank=rank, pk__lt=after))
        case _:
            rows = rows.order_by("-granted_at", "-pk")
            if last:
                then = last.granted_at
                rows = rows.filter(Q(granted_at__lt=then) | Q(granted_at=then, pk__lt=after))
    return list(rows[: limit + 1])


def _held_rows(worker: Worker, query: str) -> QuerySet[Qualification]:
    rows = Qualification.objects.filter(worker=worker, revoked_at=None).exclude(
        Q(type__kind=TypeKind.GROUP) | Q(type__public_id=ADULT)
    )
    for word in query.split()[:8]:
        rows = rows.filter(Q(type__name__icontains=word) | Q(type__requester__name__icontains=word))
    return rows.select_related("type__requester")


def lost_by(worker: Worker, *, limit: int = 50) -> list[Qualification]:
    """What was taken back from a worker, the latest first."""
    rows = Qualification.objects.filter(worker=worker, revoked_at__isnull=False)
    rows = rows.exclude(type__kind=TypeKind.GROUP).select_related("type__requester")
    return list(rows.order_by("-revoked_at", "-pk")[:limit])


def groups_of(requester: Requester) -> QuerySet[QualificationType]:
    """The requester's hire groups by name, with ``members`` and ``invited`` counted."""
    counted = {
        "members": Count("invitations", filter=Q(invitations__state=InvitationState.ACCEPTED)),
        "invited": Count("invitations", filter=Q(invitations__state=InvitationState.INVITED)),
    }
    own = _types().filter(requester=requester, kind=TypeKind.GROUP)
    return own.annotate(**counted).order_by("name", "id")


def groups_among(type_ids: Iterable[str]) -> set[str]:
    """Those of these types that are hire groups."""
    found = QualificationType.objects.filter(public_id__in=list(type_ids), kind=TypeKind.GROUP)
    return set(found.values_list("public_id", flat=True))


def types_named(type_ids: Iterable[str]) -> QuerySet[QualificationType]:
    """These types and hire groups by name, whatever has become of them since: the deleted ones too."""
    return QualificationType.objects.filter(public_id__in=list(type_ids)).order_by("name", "id")


def own_group_of(requester: Requester, group_id: str) -> QualificationType:
    """Refuses NotFound."""
    return _first(_types().filter(public_id=group_id, requester=requester, kind=TypeKind.GROUP), group_id)


def invitations_to(group: QualificationType, *, after: int = 0) -> QuerySet[Invitation]:
    """Everybody who was asked into the group, the latest row first; ``after``: past this key."""
    found = Invitation.objects.filter(group=group).select_related("worker")
    return (found.filter(pk__lt=after) if after else found).order_by("-pk")


def invitations_of(worker: Worker, *states: InvitationState) -> list[Invitation]:
    """The worker's invitations in these states, the latest first."""
    found = Invitation.objects.filter(worker=worker, state__in=states)
    return list(found.select_related("group__requester").order_by("-invited_at", "-pk"))


def requests_to_decide(requester: Requester) -> QuerySet[QualificationRequest]:
    """Requests that wait for this requester, the oldest first."""
    return (
        QualificationRequest.objects.filter(type__requester=requester, state=RequestState.PENDING)
        .select_related("type", "worker")
        .order_by("submitted_at", "id")
    )


def own_request(worker: Worker, request_id: str) -> QualificationRequest:
    """The worker's own request. Refuses NotFound."""
    found = (
        QualificationRequest.objects.filter(public_id=request_id, worker=worker)
        .select_related("type__requester")
        .first()
        if looks_like_id(request_id)
        else None
    )
    if found is None:
        raise NotFound()
    return found


def requests_by(worker: Worker, *, after: int = 0, limit: int = 50) -> list[QualificationRequest]:
    """What the worker asked for, the latest first; ``after``: past the row of this key."""
    asked = QualificationRequest.objects.filter(worker=worker).select_related("type__requester")
    if after:
        asked = asked.filter(pk__lt=after)
    return list(asked.order_by("-id")[:limit])


def last_request(worker: Worker, kind: QualificationType) -> QualificationRequest | None:
    return QualificationRequest.objects.filter(worker=worker, type=kind).order_by("-id").first()


def last_requests(worker: Worker, kinds: Iterable[QualificationType]) -> dict[int, QualificationRequest]:
    """The last request for each of these types that the worker ever asked for, by the type's pk."""
    found = QualificationRequest.objects.filter(worker=worker, type__in=[kind.pk for kind in kinds])
    return {one.type_id: one for one in found.order_by("type_id", "-id").distinct("type_id")}


def blocks_of(requester: Requester) -> QuerySet[Block]:
    """Workers whom this requester does not want, the latest first."""
    return Block.objects.filter(requester=requester).select_related("worker").order_by("-id")


@dataclass(frozen=True, slots=True)
class Claimant:
    """A worker here who says that a former id was theirs."""

    worker: Worker
    country: str
    claimed_at: datetime


def former_workers(
    requester: Requester, *, after: str = "", claimed: bool = False, limit: int = 50
) -> list[FormerWorker]:
    """The requester's former workers by former id, ``after`` one; ``claimed``: those with an open claim."""
    found = FormerWorker.objects.filter(requester=requester, former_id__gt=after).select_related("worker")
    if claimed:
        claims = FormerClaim.objects.filter(former_id=OuterRef("former_id"))
        found = found.filter(Exists(claims), worker=None)
    return list(found.order_by("former_id")[:limit])


def claims_on(former_ids: Iterable[str]) -> dict[str, list[Claimant]]:
    """Who says that these ids were theirs, oldest word first."""
    found: dict[str, list[Claimant]] = {}
    claims = FormerClaim.objects.filter(former_id__in=list(former_ids)).select_related("worker")
    for claim in claims.order_by("claimed_at", "pk"):
        said = Claimant(claim.worker, claim.worker.country, claim.claimed_at)
        found.setdefault(claim.former_id, []).append(said)
    return found


def former_id_of(worker: Worker) -> str:
    """What the worker says their id was, or ''."""
    return FormerClaim.objects.filter(worker=worker).values_list("former_id", flat=True).first() or ""


def types_being_deleted() -> list[QualificationType]:
    """Deleted types whose name is not free yet."""
    return list(QualificationType.objects.filter(removed_at=None).exclude(deleted_at=None).order_by("id"))


def _types() -> QuerySet[QualificationType]:
    return QualificationType.objects.filter(deleted_at=None).select_related("requester")


def _first(found: QuerySet[QualificationType], type_id: str) -> QualificationType:
    kind = found.first() if looks_like_id(type_id) else None
    if kind is None:
        raise NotFound()
    return kind


def lessons_passed(worker: Worker) -> set[str]:
    """The codes of the lessons that the worker has done."""
    return set(LessonPassed.objects.filter(worker=worker).values_list("lesson", flat=True))
