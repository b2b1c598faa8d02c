"""What task types ask for, each combination kept once."""

from __future__ import annotations

from collections.abc import Sequence

from tukro.kernel.errors import Refused
from tukro.qualifications.models import QualificationType, RequirementSet
from tukro.qualifications.rules import SYSTEM_TYPES, Requirement, digest, faults, plain


class BadRequirements(Refused):
    """They cannot be asked. ``codes``: list of what is wrong (rules.faults, or unknown_type)."""


def ensure_requirement_set(requirements: Sequence[Requirement]) -> RequirementSet:
    """The set of exactly these requirements, in whatever order they are written. Refuses BadRequirements."""
    if codes := faults(requirements) or _unknown_types(requirements):
        raise BadRequirements(codes=codes)
    found, _ = RequirementSet.objects.get_or_create(
        digest=digest(requirements), defaults={"requirements": plain(requirements)}
    )
    return found


def _unknown_types(requirements: Sequence[Requirement]) -> list[str]:
    asked = {r.type_id for r in requirements} - set(SYSTEM_TYPES)
    if not asked:
        return []
    known = QualificationType.objects.filter(public_id__in=asked).count()
    return ["unknown_type"] if known < len(asked) else []
