"""What task types ask for, each combination kept once."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection, transaction

from tukro.kernel.errors import Refused
from tukro.qualifications.models import QualificationType, RequirementSet, SetRequirement
from tukro.qualifications.rules import GUARDS, Requirement, digest, faults, plain, read


class BadRequirements(Refused):
    """They cannot be asked. ``codes``: list of what is wrong (rules.faults, or one of the two below)."""


class UnknownRequiredType(BadRequirements):
    """No such qualification type, or a deleted one. ``type_id``"""


class InactiveRequiredType(BadRequirements):
    """The qualification type is switched off: no new work may ask for it. ``type_id``"""


@transaction.atomic
def ensure_requirement_set(
    requirements: Sequence[Requirement], *, of_house: Sequence[Requirement] = ()
) -> RequirementSet:
    """The set of exactly these requirements, in whatever order they are written, and of those that the house
    adds, which do not count against the requester's number.

    Refuses BadRequirements, UnknownRequiredType, InactiveRequiredType.
    """
    if codes := faults(requirements):
        raise BadRequirements(codes=codes)
    _refuse_dead_types({r.type_id for r in requirements})
    asked = [*requirements, *of_house]
    identity = digest(asked)
    return RequirementSet.objects.filter(digest=identity).first() or _made(identity, asked)


def _made(identity: str, requirements: Sequence[Requirement]) -> RequirementSet:
    with connection.cursor() as cursor:
        # One at a time until commit, so that sets appear in the order of their ids: workers are judged up to
        # the highest id that was seen.
        cursor.execute("select pg_advisory_xact_lock(20818, 0)")
    if found := RequirementSet.objects.filter(digest=identity).first():
        return found
    made = RequirementSet.objects.create(digest=identity, requirements=plain(requirements))
    SetRequirement.objects.bulk_create(
        SetRequirement(
            set=made,
            type_id=one.type_id,
            comparator=one.comparator,
            integers=list(one.integers),
            locales=list(one.locales),
            guard=GUARDS[one.guards],
        )
        for one in read(made.requirements)
    )
    return made


def _refuse_dead_types(asked: set[str]) -> None:
    if not asked:
        return
    known = dict(
        QualificationType.objects.filter(public_id__in=asked, deleted_at=None).values_list(
            "public_id", "is_active"
        )
    )
    for type_id in sorted(asked):
        if type_id not in known:
            raise UnknownRequiredType(codes=["unknown_type"], type_id=type_id)
        if not known[type_id]:
            raise InactiveRequiredType(codes=["inactive_type"], type_id=type_id)
