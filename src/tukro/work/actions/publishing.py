"""The requester's verbs before work is done: terms, batches, and what can be done to a batch later."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction

from tukro.journal.actions import record
from tukro.kernel.actors import HOUSE, Actor
from tukro.kernel.errors import NotFound, Refused
from tukro.kernel.ids import new_id
from tukro.kernel.money import Money
from tukro.money.actions import escrow
from tukro.money.actions.refusals import InsufficientFunds
from tukro.money.models import MoneyPolicy
from tukro.money.queries import policy as house_policy
from tukro.money.rules import fee_for
from tukro.people.models import Requester
from tukro.qualifications.actions.requirements import ensure_requirement_set
from tukro.qualifications.models import RequirementSet
from tukro.qualifications.rules import LEVEL, NO_REQUIREMENTS, Requirement, ask_for_masters
from tukro.qualifications.rules import digest as requirements_digest
from tukro.qualifications.rules.levels import level_asked
from tukro.work.actions.assigning import WrongState
from tukro.work.actions.calls import call
from tukro.work.actions.closing import close_tasks_of
from tukro.work.actions.listing import begin_draw, list_group
from tukro.work.models import Batch, BatchState, Category, CategoryPolicy, Question, TaskType
from tukro.work.rules import BATCH_LIMITS, LANGUAGES

CHUNK = 1000  # rows that publish_rows is meant to be given at once


class BadTerms(Refused):
    """A value outside its limits. ``field``, ``code`` (missing, unknown, too_small, too_large), ``limit``."""


class CategoryRefused(Refused):
    """This house does not take this kind of work. ``category``."""


class ModerationNeeded(Refused):
    """This kind of work is looked at by staff before it is published. ``category``."""


class OutOfOrder(Refused):
    """Rows must come one after the other. ``published``: how many are made."""


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
    _check_category(terms.category)
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


@transaction.atomic
def start_batch(
    *,
    requester: Requester,
    terms: Terms,
    question_kind: str,
    question_body: str,
    frame_height: int = 0,
    name: str,
    project_id: str = "",
    places: int,
    row_count: int,
    input_columns: Sequence[str] = (),
    lifetime_seconds: int,
    moderated: bool = False,
    now: datetime,
) -> Batch:
    """Set the whole price aside and open a batch for ``row_count`` tasks of ``places`` places.

    ``moderated``: staff have looked at this work and agreed. Refuses BadTerms, CategoryRefused,
    ModerationNeeded and InsufficientFunds; nothing is written then.
    """
    check_limits({"places": places, "row_count": row_count, "lifetime_seconds": lifetime_seconds})
    if _check_category(terms.category) == CategoryPolicy.MODERATED and not moderated:
        raise ModerationNeeded(category=terms.category)
    task_type = ensure_task_type(requester=requester, terms=terms, places=places, now=now)
    question = Question.objects.create(kind=question_kind, body=question_body, frame_height=frame_height)
    batch = Batch.objects.create(
        public_id=new_id(),
        requester=requester,
        task_type=task_type,
        question=question,
        project_id=project_id,
        name=name,
        state=BatchState.PUBLISHING,
        places=places,
        row_count=row_count,
        input_columns=list(input_columns),
        expires_at=now + timedelta(seconds=lifetime_seconds),
        created_at=now,
    )
    begin_draw(task_type_id=task_type.pk, places=places * row_count, now=now)
    price = (task_type.reward + task_type.fee) * (places * row_count)
    if price:
        escrow.set_aside_batch(requester=requester, batch_id=batch.public_id, amount=price, at=now)
    record(
        name="BatchStarted",
        actor=requester.actor,
        subject=batch.public_id,
        at=now,
        facts={"rows": row_count, "places": places, "price": price.units},
    )
    return batch


def publish_rows(*, batch_id: str, first_no: int, rows: Sequence[Mapping[str, str]], now: datetime) -> int:
    """Make the tasks of rows ``first_no``, ``first_no + 1``, …; returns how many.

    The same rows again make none. Refuses NotFound, WrongState (the batch was cancelled) and OutOfOrder.
    """
    task_ids = [new_id() for _ in rows]
    row = call("work_publish_rows", batch_id, first_no, json.dumps(list(rows)), task_ids, now)
    match row["code"]:
        case "not_found":
            raise NotFound()
        case "wrong_state":
            raise WrongState(state=row["fact"])
        case "out_of_order":
            raise OutOfOrder(published=int(row["fact"]))
    return int(row["made"])


@transaction.atomic
def finish_publishing(*, batch_id: str, now: datetime) -> None:
    """All rows are tasks: show the group in the open list. Once is enough.

    Refuses NotFound, WrongState, OutOfOrder.
    """
    batch = _locked(batch_id)
    if batch.state == BatchState.RUNNING:
        return
    if batch.state != BatchState.PUBLISHING:
        raise WrongState(state=batch.state)
    if batch.published_count != batch.row_count:
        raise OutOfOrder(published=batch.published_count)
    batch.state = BatchState.RUNNING
    batch.save(update_fields=["state"])
    list_group(task_type_id=batch.task_type_id, expires_at=batch.expires_at, now=now)
    record(
        name="BatchPublished",
        actor=HOUSE,
        subject=batch.public_id,
        at=now,
        facts={"requester": batch.requester.public_id},
    )


@transaction.atomic
def pause_batch(*, requester: Requester, batch_id: str, now: datetime) -> None:
    """Nobody can accept tasks of the batch until it is resumed. Refuses NotFound, WrongState."""
    batch = _own_batch(requester, batch_id, {BatchState.RUNNING})
    _pause(batch, paused=True)
    batch.state = BatchState.PAUSED
    batch.save(update_fields=["state"])
    record(name="BatchPaused", actor=requester.actor, subject=batch_id, at=now)


def pause_by_house(*, batch_pk: int, by: Actor, now: datetime) -> None:
    """The staff stop a running batch, in a transaction of theirs; one that does not run stays as it is."""
    batch = Batch.objects.select_for_update(of=("self",), no_key=True).get(pk=batch_pk)
    if batch.state == BatchState.RUNNING:
        _pause(batch, paused=True)
        batch.state = BatchState.PAUSED
        batch.save(update_fields=["state"])
        record(name="BatchPaused", actor=by, subject=batch.public_id, at=now)


@transaction.atomic
def resume_batch(*, requester: Requester, batch_id: str, now: datetime) -> None:
    """Free places can be taken again. Refuses NotFound, WrongState."""
    batch = _own_batch(requester, batch_id, {BatchState.PAUSED})
    _pause(batch, paused=False)
    batch.state = BatchState.RUNNING
    batch.save(update_fields=["state"])
    list_group(task_type_id=batch.task_type_id, expires_at=batch.expires_at, now=now)
    record(name="BatchResumed", actor=requester.actor, subject=batch_id, at=now)


@transaction.atomic
def extend_batch(
    *, requester: Requester, batch_id: str, add_places: int = 0, add_seconds: int = 0, now: datetime
) -> None:
    """Offer more places per task, more time, or both. Tasks that had expired open again.

    Money for every place that is offered anew is set aside. Refuses NotFound, WrongState, BadTerms,
    InsufficientFunds.
    """
    batch = _own_batch(requester, batch_id, {BatchState.RUNNING, BatchState.PAUSED})
    expires_at = max(batch.expires_at, now) + timedelta(seconds=add_seconds)
    _check_growth(batch, add_places, add_seconds, expires_at, now)
    price = (batch.task_type.reward + batch.task_type.fee) * (batch.row_count * (batch.places + add_places))
    escrow.refuse_beyond_money(requester=requester, amount=price)
    key = f"extend:{new_id()}"
    row = call("work_extend", batch.pk, requester.public_id, batch_id, add_places, expires_at, key, now)
    if row["code"] == "insufficient_funds":
        raise InsufficientFunds(needed=Money(int(row["needed"])), available=Money(row["available"]))
    batch.places += add_places
    batch.expires_at = expires_at
    batch.save(update_fields=["places", "expires_at"])
    if batch.state == BatchState.RUNNING:
        list_group(task_type_id=batch.task_type_id, expires_at=expires_at, now=now)
    record(
        name="BatchExtended",
        actor=requester.actor,
        subject=batch_id,
        at=now,
        facts={"places": add_places, "seconds": add_seconds},
    )


def cancel_batch(*, requester: Requester, batch_id: str, now: datetime) -> None:
    """Withdraw what nobody has taken; its money goes back. Accepted work can still be handed in and is paid.

    Refuses NotFound; cancelling twice is cancelling once. After the first transaction the batch is
    withdrawn; the money follows in steps, and close_expired goes on with them if this process dies.
    """
    with transaction.atomic():
        batch = _own_batch(requester, batch_id, set(BatchState))
        if batch.state != BatchState.CANCELLED:
            _withdraw(requester, batch, now)
    close_tasks_of(batch=batch, now=now)


def _withdraw(requester: Requester, batch: Batch, now: datetime) -> None:
    unfinished = batch.published_count < batch.row_count
    batch.state, batch.cancelled_at = BatchState.CANCELLED, now
    batch.expires_at = min(batch.expires_at, now)
    batch.save(update_fields=["state", "cancelled_at", "expires_at"])
    # An expired task cannot be accepted any more, whether or not it has been closed yet.
    batch.tasks.filter(expires_at__gt=now).update(expires_at=now)
    if unfinished and batch.task_type.reward + batch.task_type.fee:
        escrow.give_back_rest_of_batch(batch_id=batch.public_id, at=now)
    record(name="BatchCancelled", actor=requester.actor, subject=batch.public_id, at=now)


def _pause(batch: Batch, *, paused: bool) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select work_pause(%s, %s)", [batch.pk, paused])


def _own_batch(requester: Requester, batch_id: str, states: set[BatchState]) -> Batch:
    batch = _locked(batch_id, requester)
    if batch.state not in states:
        raise WrongState(state=batch.state)
    return batch


def _locked(batch_id: str, requester: Requester | None = None) -> Batch:
    batches = Batch.objects.select_for_update(of=("self",), no_key=True).select_related(
        "task_type", "requester"
    )
    if requester is not None:
        batches = batches.filter(requester=requester)
    batch = batches.filter(public_id=batch_id).first()
    if batch is None:
        raise NotFound()
    return batch


def _check_category(code: str) -> CategoryPolicy:
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


def _check_growth(
    batch: Batch, add_places: int, add_seconds: int, expires_at: datetime, now: datetime
) -> None:
    if add_places < 0 or add_seconds < 0 or not (add_places or add_seconds):
        raise BadTerms(field="add_places" if add_places < 0 else "add_seconds", code="too_small", limit=0)
    lifetime = int((expires_at - now).total_seconds())
    check_limits({"places": batch.places + add_places, "lifetime_seconds": max(lifetime, 1)})


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
