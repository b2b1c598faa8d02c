"""What groups ask of workers, beside what this worker has: for many groups at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from tukro.people.models import Worker
from tukro.people.queries.visiting import run
from tukro.qualifications.rules import (
    GUARDS,
    LEVEL,
    LOCALE,
    NO_REQUIREMENTS,
    SYSTEM_TYPES,
    Act,
    Facts,
    Requirement,
    guards,
    satisfies,
)

_GUARD_NAMES = {number: name for name, number in GUARDS.items()}


@dataclass(frozen=True, slots=True)
class Asked:
    """One requirement of a set beside what the worker has. The type's texts are empty when it is gone."""

    requirement: Requirement
    name: str  # as the type's owner wrote it; the doors have their own words for the house's types
    description: str
    keywords: str
    has_test: bool
    is_requestable: bool  # its owner takes requests for it
    met: bool
    value: int | str | None  # the worker's own

    @property
    def obtainable(self) -> bool:
        """Whether the worker can get it by a step of their own."""
        type_id = self.requirement.type_id
        return type_id == LEVEL or (self.is_requestable and type_id not in SYSTEM_TYPES)


def asked_by(set_ids: Iterable[int], *, worker: Worker | None) -> Mapping[int, list[Asked]]:
    """Requirements by set; a set that asks nothing is not there. No statement when none asks anything.

    A stranger (no worker) has nothing.
    """
    sets = sorted(set(set_ids) - {NO_REQUIREMENTS})
    if not sets:
        return {}
    rows = run(_ASKED, {"sets": sets, "worker": worker.pk if worker else 0}).fetchall()
    asked: dict[int, list[Asked]] = {}
    for row in rows:
        asked.setdefault(row[0], []).append(_asked(row, is_known=worker is not None))
    return asked


def may(act: Act, asked: Iterable[Asked]) -> bool:
    """Whether every requirement that guards this act is met."""
    return all(one.met for one in asked if guards(one.requirement, act))


# The facts as the judge of eligibility takes them. A set says its requirements in one order, always.
_ASKED = """
with facts as materialized (select f.type_id, f.value from qualifications_facts(%(worker)s) f)
select s.set_id, s.type_id, s.comparator, s.integers, s.locales, s.guard,
       coalesce(t.name, ''), coalesce(t.description, ''), coalesce(t.keywords, ''),
       coalesce(t.test <> '', false),
       coalesce(t.is_requestable and t.is_active and t.deleted_at is null, false),
       f.type_id is not null, f.value, qualifications_locale(w.country, w.subdivision)
  from qualifications_setrequirement s
  left join qualifications_qualificationtype t on t.public_id = s.type_id
  left join facts f on f.type_id = s.type_id
  left join people_worker w on w.id = %(worker)s
 where s.set_id = any(%(sets)s)
 order by s.set_id, s.id
"""


def _asked(row: tuple[Any, ...], *, is_known: bool) -> Asked:
    _, type_id, comparator, integers, locales, guard, *more = row
    name, description, keywords, has_test, is_requestable, *has = more
    held, value, locale = has if is_known else (False, None, "")
    facts = Facts(locale, {type_id: value} if held else {})
    one = Requirement(type_id, comparator, tuple(integers), tuple(locales), _GUARD_NAMES[guard])
    return Asked(
        requirement=one,
        name=name,
        description=description,
        keywords=keywords,
        has_test=has_test,
        is_requestable=is_requestable,
        met=satisfies([one], facts),
        value=locale if type_id == LOCALE else value,
    )
