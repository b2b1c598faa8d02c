"""What groups ask of workers, beside what this worker has: for many groups at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tukro.people.models import Worker
from tukro.qualifications.models import QualificationType, RequirementSet
from tukro.qualifications.queries import facts_of
from tukro.qualifications.rules import LOCALE, NO_REQUIREMENTS, Requirement, read, satisfies


@dataclass(frozen=True, slots=True)
class Wish:
    """One requirement of a set. ``type`` is None for one that is gone; ``value``: the worker's own."""

    requirement: Requirement
    type: QualificationType | None
    met: bool
    value: int | str | None


def wishes_of(set_ids: Iterable[int], *, worker: Worker) -> Mapping[int, list[Wish]]:
    """Requirements by set; a set that asks nothing is not there. No statement when none asks anything."""
    asked = set(set_ids) - {NO_REQUIREMENTS}
    if not asked:
        return {}
    sets = {one.pk: read(one.requirements) for one in RequirementSet.objects.filter(pk__in=asked)}
    facts = facts_of(worker)
    names = {one.type_id for requirements in sets.values() for one in requirements}
    types = {one.public_id: one for one in QualificationType.objects.filter(public_id__in=names)}
    return {
        pk: [
            Wish(
                requirement=one,
                type=types.get(one.type_id),
                met=satisfies([one], facts),
                value=facts.locale if one.type_id == LOCALE else facts.values.get(one.type_id),
            )
            for one in requirements
        ]
        for pk, requirements in sets.items()
    }
