"""Holding withdrawals and letting them go: one, or all of a person's. The money stays theirs throughout.

Whoever is held may still ask: the request waits, and goes on by itself when the last hold is released.
A person's row is locked first, then their payouts by id: a request and a hold that meet see each other.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from tukro.journal.actions import record
from tukro.kernel.actors import HOUSE, Actor
from tukro.kernel.errors import NotFound, Refused
from tukro.kernel.ids import new_id
from tukro.money.actions.payout_moves import PayoutNotMovable, approve, locked, move, tell
from tukro.money.actions.proposal_moves import overtake
from tukro.money.actions.refusals import ReasonMissing
from tukro.money.models import CHOSEN_BY_STAFF, HoldCode, Payout, PayoutHold, PayoutState
from tukro.money.queries import policy, terms_of
from tukro.money.queries.tax import tax_asked
from tukro.money.rules.payouts import PAYOUT_MOVES
from tukro.people.models import Worker
from tukro.people.queries.named import worker_named
from tukro.vetting.actions.tax import ask_for_form
from tukro.vetting.models import TaxStep


class HoldHasItsOwnPage(Refused):
    """Holds of this kind end with their cause: the hit is decided, the form is given. Facts: ``code``."""


class PersonIsHeld(Refused):
    """All withdrawals of the person are held: that hold has to be released, not the single payout."""


def lock_person(worker: Worker) -> None:
    """Requests and holds of one person come one after the other."""
    Worker.objects.select_for_update(no_key=True).only("pk").get(pk=worker.pk)


@transaction.atomic
def hold_person(
    *, by: Actor, worker_id: str, code: str, note: str, told: str = "", now: datetime
) -> PayoutHold:
    """Nothing goes out to this worker until it is released. Twice for one reason is once.

    What is being sent already is not called back. Writes WithdrawalsHeld, and PayoutHeld for each payout.
    Refuses NotFound (worker, or a code that staff do not choose), ReasonMissing.
    """
    if code not in CHOSEN_BY_STAFF and by != HOUSE:
        raise NotFound(code=code)
    if not note.strip():
        raise ReasonMissing()
    worker = worker_named(worker_id)
    lock_person(worker)
    if earlier := PayoutHold.objects.filter(worker=worker, payout=None, code=code, released_at=None).first():
        return earlier
    hold = _put(worker, None, code=code, note=note, told=told, by=by, now=now)
    record(
        name="WithdrawalsHeld",
        actor=by,
        subject=hold.public_id,
        at=now,
        facts={"worker": worker.public_id, "code": code, "reason": hold.note},
    )
    for payout in _payouts(worker, (PayoutState.REQUESTED, PayoutState.APPROVED)):
        _stop(payout, hold, by=by, now=now)
    return hold


@transaction.atomic
def hold_payout(
    *, by: Actor, payout_id: str, reason: str, code: str = HoldCode.STAFF, told: str = "", now: datetime
) -> Payout:
    """Staff want to look closer at one withdrawal: it is not sent meanwhile. ``reason`` is for staff.

    Twice is once. Refuses NotFound, ReasonMissing, PayoutNotMovable.
    """
    if code not in CHOSEN_BY_STAFF and by != HOUSE:
        raise NotFound(code=code)
    if not reason.strip():
        raise ReasonMissing()
    payout = locked(payout_id)
    if payout.state != PayoutState.HELD and (payout.state, "hold") not in PAYOUT_MOVES:
        raise PayoutNotMovable(state=payout.state, verb="hold")
    hold_locked(payout, by=by, code=code, note=reason, told=told, now=now)
    return payout


def hold_locked(payout: Payout, *, by: Actor, code: str, note: str, told: str = "", now: datetime) -> None:
    """The same for a payout that is locked and can be held, or is."""
    if PayoutHold.objects.filter(payout=payout, code=code, released_at=None).exists():
        return
    if code == HoldCode.STAFF and payout.state == PayoutState.HELD and not _person_is_held(payout.worker):
        return  # staff look at it already
    hold = _put(payout.worker, payout, code=code, note=note, told=told, by=by, now=now)
    _stop(payout, hold, by=by, now=now)


@transaction.atomic
def release_hold(*, by: Actor, hold_id: str, reason: str, now: datetime) -> PayoutHold:
    """The reason is gone. What no other hold keeps goes on. Twice is once.

    Writes WithdrawalsReleased (of a person's), and PayoutReleased for each payout that goes on.
    Refuses NotFound, ReasonMissing, HoldHasItsOwnPage (a hit on a sanctions list).
    """
    if not reason.strip():
        raise ReasonMissing()
    hold = PayoutHold.objects.select_related("worker").filter(public_id=hold_id).first()
    if hold is None:
        raise NotFound(hold=hold_id)
    if hold.code == HoldCode.SANCTIONS and by.kind == "staff":
        raise HoldHasItsOwnPage(code=hold.code)
    lock_person(hold.worker)
    hold.refresh_from_db(fields=["released_at"])
    if hold.released_at is None:
        lift([hold], by=by, reason=reason, now=now)
    return hold


@transaction.atomic
def release_payout(*, by: Actor, payout_id: str, reason: str, now: datetime) -> Payout:
    """Nothing was wrong with this one: every hold of its own ends, and it waits for approval again.

    Twice is once. Refuses NotFound, ReasonMissing, PayoutNotMovable, PersonIsHeld.
    """
    if not reason.strip():
        raise ReasonMissing()
    found = Payout.objects.select_related("worker").filter(public_id=payout_id).first()
    if found is None:
        raise NotFound(payout=payout_id)
    lock_person(found.worker)
    payout = locked(payout_id)
    if payout.state == PayoutState.REQUESTED:
        return payout
    if payout.state != PayoutState.HELD:
        raise PayoutNotMovable(state=payout.state, verb="release")
    if _person_is_held(payout.worker):
        raise PersonIsHeld()
    lift(
        list(PayoutHold.objects.filter(payout=payout, released_at=None).select_related("worker")),
        by=by,
        reason=reason,
        now=now,
    )
    payout.refresh_from_db(fields=["state"])
    return payout


def lift(holds: list[PayoutHold], *, by: Actor, reason: str, now: datetime) -> None:
    """End holds of one person, whose row is locked, and let go on what nothing keeps any more."""
    if not holds:
        return
    worker = holds[0].worker
    for hold in holds:
        assert hold.worker_id == worker.pk
        hold.released_at, hold.released_by, hold.release_reason = now, str(by), reason.strip()
        hold.save(update_fields=["released_at", "released_by", "release_reason"])
        if hold.payout_id is None:
            facts = {"worker": worker.public_id, "code": hold.code, "reason": hold.release_reason}
            record(name="WithdrawalsReleased", actor=by, subject=hold.public_id, at=now, facts=facts)
    if _person_is_held(worker):
        return
    # What staff looked at one by one they approve one by one.
    looked_at = {hold.payout_id for hold in holds if hold.code != HoldCode.TAX}
    waiting = _payouts(worker, (PayoutState.HELD,))
    still = PayoutHold.objects.filter(worker=worker, released_at=None)  # read when no other can be put
    kept = set(still.values_list("payout_id", flat=True))
    for payout in waiting:
        if payout.pk in kept:
            continue
        move(payout, "release")
        payout.hold_reason = ""
        payout.save(update_fields=["state", "hold_reason"])
        overtake(payout.public_id, by=by, now=now)  # what was being confirmed when it was held
        tell(payout, "PayoutReleased", by=by, at=now, reason=reason.strip())
        if payout.pk not in looked_at:
            take_its_course(payout, now=now)


def end_holds(payout: Payout, *, by: Actor, reason: str, now: datetime) -> None:
    """The payout is over: nothing keeps it any more."""
    PayoutHold.objects.filter(payout=payout, released_at=None).update(
        released_at=now, released_by=str(by), release_reason=reason
    )


def line_up(payout: Payout, *, now: datetime) -> None:
    """A new request of a person whose row is locked: it waits while they are held, else takes its course."""
    against = PayoutHold.objects.filter(worker=payout.worker, payout=None, released_at=None).first()
    if against is not None:
        _stop(payout, against, by=HOUSE, now=now)
    else:
        take_its_course(payout, now=now)


def take_its_course(payout: Payout, *, now: datetime) -> None:
    """Nothing of the person's stands against it: a missing tax form may; else the operator's rule decides.

    Small ones need no person, if the operator says so; large ones always need two.
    """
    standing = tax_asked(payout.worker, now)
    if standing is not None and not PayoutHold.objects.filter(payout=payout, code=HoldCode.TAX).exists():
        if standing.rule.step == TaxStep.HOLD:
            hold_locked(payout, by=HOUSE, code=HoldCode.TAX, note=f"form {standing.rule.form}", now=now)
            return
        ask_for_form(payout.worker, standing.rule.form, since=standing.since, now=now)
    if payout.amount <= min(terms_of(payout.kind).approved_up_to, policy().two_persons_above):
        approve(payout, by=HOUSE, now=now)


def _person_is_held(worker: Worker) -> bool:
    return PayoutHold.objects.filter(worker=worker, payout=None, released_at=None).exists()


def _put(
    worker: Worker, payout: Payout | None, *, code: str, note: str, told: str, by: Actor, now: datetime
) -> PayoutHold:
    return PayoutHold.objects.create(
        public_id=new_id(),
        worker=worker,
        payout=payout,
        code=code,
        note=note.strip(),
        told=told.strip(),
        held_at=now,
        held_by=str(by),
    )


def _stop(payout: Payout, hold: PayoutHold, *, by: Actor, now: datetime) -> None:
    """The payout's own part of a hold: approvals are gone, and staff read why in the queue."""
    move(payout, "hold")
    payout.hold_reason = hold.note
    payout.approved_at, payout.approved_by = None, ""
    payout.save(update_fields=["state", "hold_reason", "approved_at", "approved_by"])
    overtake(payout.public_id, by=by, now=now)
    tell(payout, "PayoutHeld", by=by, at=now, reason=hold.note, code=hold.code, hold=hold.public_id)


def _payouts(worker: Worker, states: tuple[str, ...]) -> list[Payout]:
    rows = Payout.objects.select_for_update(of=("self",)).select_related("worker", "rate")
    return list(rows.filter(worker=worker, state__in=states).order_by("id"))
