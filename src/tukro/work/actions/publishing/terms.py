"""The terms of work: what they may say, and the task type that has exactly them."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from tukro.kernel.errors import Refused
from tukro.kernel.ids import new_id
from tukro.kernel.money import Money
from tukro.money.models import MoneyPolicy
from tukro.money.queries import policy as house_policy
from tukro.money.rules import fee_for
from tukro.people.models import Requester
from tukro.qualifications.actions.requirements import ensure_requirement_set
from tukro.qualifications.models import RequirementSet
from tukro.qualifications.rules import LEVEL, NO_REQUIREMENTS, Requirement, ask_for_masters
from tukro.qualifications.rules import digest as requirements_digest
from tukro.qualifications.rules.levels import level_asked
from tukro.work.models import Category, CategoryPolicy, TaskType
from tukro.work.rules import BATCH_LIMITS, LANGUAGES


class BadTerms(Refused):
    """A value outside its limits. ``field``, ``code`` (missing, unknown, too_small, too_large), ``limit``."""


class CategoryRefused(Refused):
    """This house does not take this kind of work. ``category``."""


class ModerationNeeded(Refused):
    """This kind of work is looked at by staff before it is published. ``category``."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What a task type is made of. Text is kept in NFC."""

    title: str
    description: str
    keywords: str
    category: str
    reward: Money
    duration_seconds: int
    auto_approve_seconds: int
    estimate_seconds: int | None = None
    extensions: int = 0  # how often a worker may take more time
    extension_seconds: int = 0  # and how much each time
    requirements: tuple[Requirement, ...] = ()
    language: str = ""  # of rules.LANGUAGES, '' = not said
    on_phone: bool | None = None  # whether it can be done on a phone; None = not said


@transaction.atomic
def ensure_task_type(*, requester: Requester, terms: Terms, places: int = 1, now: datetime) -> TaskType:
    """The requester's type with exactly these terms: found, or made with the fee of today.

    ``places``: of each task that is to be made of it, where that is known; many of them may cost more.
    Refuses BadTerms and CategoryRefused.
    """
    policy = house_policy()
    _check_terms(terms, policy)
    check_category(terms.category)
    requirement_set = ensure_requirement_set(terms.requirements, of_house=_of_house(terms, policy))
    fee = _fee_of(terms, policy, places)
    task_type, _ = TaskType.objects.get_or_create(
        requester=requester,
        digest=_digest(terms, fee, requirement_set.pk),
        defaults={
            "public_id": new_id(),
            "group_id": new_id(),
            "title": _nfc(terms.title),
            "description": _nfc(terms.description),
            "keywords": _nfc(terms.keywords),
            "category_id": terms.category,
            "reward": terms.reward,
            "fee": fee,
            "duration_seconds": terms.duration_seconds,
            "auto_approve_seconds": terms.auto_approve_seconds,
            "estimate_seconds": terms.estimate_seconds,
            "language": terms.language,
            "on_phone": terms.on_phone,
            "extensions": terms.extensions,
            "extension_seconds": terms.extension_seconds,
            "requirement_set": requirement_set,
            "created_at": now,
        },
    )
    return task_type


def identity_of(terms: Terms, *, places: int = 1) -> str | None:
    """The digest that a type of these terms has, if there is one: reads as little as can be.

    None when no type can have it yet. Refuses BadTerms.
    """
    policy = house_policy()
    _check_terms(terms, policy)
    requirement_set: int | None = NO_REQUIREMENTS
    if asked := [*terms.requirements, *_of_house(terms, policy)]:
        known = RequirementSet.objects.filter(digest=requirements_digest(asked))
        requirement_set = known.values_list("pk", flat=True).first()
    if requirement_set is None:
        return None
    return _digest(terms, _fee_of(terms, policy, places), requirement_set)


def _fee_of(terms: Terms, policy: MoneyPolicy, places: int) -> Money:
    return fee_for(terms.reward, policy, places=places, masters=ask_for_masters(terms.requirements))


def _of_house(terms: Terms, policy: MoneyPolicy) -> list[Requirement]:
    """What the house asks of workers because of the reward, unless the requester asks for as much."""
    level = level_asked(terms.reward.units, policy.level_rewards)
    least = [
        one.integers[0]
        for one in terms.requirements
        if one.type_id == LEVEL and one.comparator == "GreaterThanOrEqualTo" and one.integers
    ]
    if not level or max(least, default=0) >= level:
        return []
    return [Requirement(LEVEL, "GreaterThanOrEqualTo", (level,))]


def _digest(terms: Terms, fee: Money, requirement_set: int) -> str:
    """Equal terms, equal type. The fee belongs to it: a changed policy does not touch what was published."""
    parts = [
        _nfc(terms.title),
        _nfc(terms.description),
        _nfc(terms.keywords),
        terms.category,
        terms.reward.units,
        fee.units,
        terms.duration_seconds,
        terms.auto_approve_seconds,
        terms.estimate_seconds,
        requirement_set,
    ]
    if terms.language or terms.on_phone is not None:  # types that say neither are what they always were
        parts += [terms.language, terms.on_phone]
    if terms.extensions:  # types from before extensions existed keep their digest
        parts += [terms.extensions, terms.extension_seconds]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def _nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def check_category(code: str) -> CategoryPolicy:
    """The operator's policy for this kind of work. Refuses BadTerms (no such category), CategoryRefused."""
    category = Category.objects.filter(code=code).first()
    if category is None:
        raise BadTerms(field="category", code="missing")
    if category.policy == CategoryPolicy.REFUSED:
        raise CategoryRefused(category=code)
    return CategoryPolicy(category.policy)


def _check_terms(terms: Terms, policy: MoneyPolicy) -> None:
    for field, longest in (("title", 128), ("description", 2000)):
        text = getattr(terms, field)
        if field == "title" and not text.strip():  # programs may leave a description empty
            raise BadTerms(field=field, code="missing")
        if len(_nfc(text)) > longest:
            raise BadTerms(field=field, code="too_large", limit=longest)
    if len(_nfc(terms.keywords)) > 1000:
        raise BadTerms(field="keywords", code="too_large", limit=1000)
    if terms.reward < policy.minimum_reward:
        raise BadTerms(field="reward", code="too_small", limit=policy.minimum_reward)
    if terms.reward > policy.maximum_reward:
        raise BadTerms(field="reward", code="too_large", limit=policy.maximum_reward)
    if terms.language and terms.language not in LANGUAGES:
        raise BadTerms(field="language", code="unknown")
    if bool(terms.extensions) != bool(terms.extension_seconds):
        raise BadTerms(field="extension_seconds" if terms.extensions else "extensions", code="missing")
    check_limits(
        {
            "duration_seconds": terms.duration_seconds,
            "auto_approve_seconds": terms.auto_approve_seconds,
            "estimate_seconds": terms.estimate_seconds or 1,
            "extensions": terms.extensions,
            "extension_seconds": terms.extension_seconds,
        }
    )


def check_limits(values: Mapping[str, int], limits: Mapping[str, tuple[int, int]] = BATCH_LIMITS) -> None:
    """Refuses BadTerms when one of these is outside of its limits."""
    for field, value in values.items():
        least, most = limits[field]
        if value < least:
            raise BadTerms(field=field, code="too_small", limit=least)
        if value > most:
            raise BadTerms(field=field, code="too_large", limit=most)


def as_time(seconds: int) -> timedelta:
    """A length that somebody typed. What is longer than any task may last is cut to a second too much: no
    date would hold the rest, and ``check_limits`` refuses it in its own words.
    """
    return timedelta(seconds=min(seconds, BATCH_LIMITS["lifetime_seconds"][1] + 1))
