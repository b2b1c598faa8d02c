"""Comparing who is paid with lists of sanctioned people: when they give a name, before a
withdrawal, when a new list comes. A hit holds the person's withdrawals until staff have decided."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Literal

from django.db import transaction
from django.db.models import F, Max, Q

from tukro.journal.actions import record
from tukro.kernel.actors import HOUSE, Actor
from tukro.kernel.errors import NotFound
from tukro.money.actions.holds import hold_person, lift, lock_person
from tukro.money.actions.law.screening_requesters import each_page, lock_requester
from tukro.money.actions.refusals import ReasonMissing
from tukro.money.models import HoldCode, PayoutHold, PayoutMethod
from tukro.money.rules.methods import OWNER_FIELDS
from tukro.people.models import Worker, WorkerState
from tukro.people.queries import contact_of
from tukro.vetting.actions.sanctions import compare
from tukro.vetting.models import HitState, SanctionsHit
from tukro.vetting.queries.sanctions import current_lists, stands_against
from tukro.vetting.queries.tax import current_form


@transaction.atomic
def screen_worker(*, worker: Worker, now: datetime) -> int:
    """Compare a worker's names with all current lists; answers how many hits are new. Without lists, nothing.

    New hits hold the person's withdrawals. Writes WithdrawalsHeld.
    """
    if not current_lists().exists():
        return 0
    lock_person(worker)
    names, born = _names(worker), None
    if (form := current_form(worker)) is not None:
        details = form.details
        names.append(details["name"])
        born = int(details["birth_date"][:4]) if "birth_date" in details else None
    hits = compare(worker, names, born=born, now=now)
    if hits:
        note = "; ".join(f"{hit.source}: {hit.listed} ({hit.likeness} %)" for hit in hits[:5])
        hold_person(by=HOUSE, worker_id=worker.public_id, code=HoldCode.SANCTIONS, note=note, now=now)
    return len(hits)


@transaction.atomic
def decide_hit(
    *, by: Actor, hit_id: str, verdict: Literal["cleared", "confirmed"], note: str, now: datetime
) -> SanctionsHit:
    """Staff compared the two: somebody else, or the one who is meant. When nothing stands against the person
    any more, their withdrawals go on; a requester's payments are asked for anew. Staff may change their mind,
    with another note. The same said again changes nothing.

    Writes SanctionsHitDecided. Refuses NotFound, ReasonMissing.
    """
    if verdict not in ("cleared", "confirmed"):
        raise NotFound(verdict=verdict)
    if not note.strip():
        raise ReasonMissing()
    hit = SanctionsHit.objects.select_related("worker", "requester").filter(public_id=hit_id).first()
    if hit is None:
        raise NotFound(hit=hit_id)
    if hit.worker is not None:
        lock_person(hit.worker)
    elif hit.requester is not None:
        lock_requester(hit.requester)
    hit.refresh_from_db(fields=["state", "note"])
    if (hit.state, hit.note) == (verdict, note.strip()):
        return hit
    hit.state, hit.note = HitState(verdict), note.strip()
    hit.decided_at, hit.decided_by = now, str(by)
    hit.save(update_fields=["state", "note", "decided_at", "decided_by"])
    record(
        name="SanctionsHitDecided",
        actor=by,
        subject=hit.public_id,
        at=now,
        facts={
            "worker" if hit.worker else "requester": hit.person.public_id,
            "verdict": verdict,
            "note": hit.note,
        },
    )
    if hit.worker is not None:
        _hold_or_lift(hit.worker, hit, by=by, now=now)
    return hit


def _hold_or_lift(worker: Worker, hit: SanctionsHit, *, by: Actor, now: datetime) -> None:
    if stands_against(worker):
        why = f"{hit.source}: {hit.listed}"
        hold_person(by=HOUSE, worker_id=worker.public_id, code=HoldCode.SANCTIONS, note=why, now=now)
    else:
        against = PayoutHold.objects.filter(
            worker=worker, payout=None, code=HoldCode.SANCTIONS, released_at=None
        )
        lift(list(against.select_related("worker")), by=by, reason=hit.note, now=now)


def screen_due(now: datetime) -> int:
    """Compare those who were never compared, or gave something new, or before the newest list; how many.

    One who cannot be compared is logged, comes again, and holds up nobody else.
    """
    newest = current_lists().aggregate(at=Max("taken_at"))["at"]
    if newest is None:
        return 0
    due = Worker.objects.filter(~Q(state=WorkerState.CLOSED)).filter(
        Q(user__contact__isnull=False) | Q(payout_methods__isnull=False)
    )
    late = due.annotate(
        said=Max("payout_methods__added_at"),
        signed=Max("tax_forms__signed_at"),
        screened=Max("screening__at"),
    ).filter(
        Q(screened=None)
        | Q(screened__lt=newest)
        | Q(screened__lt=F("user__contact__saved_at"))
        | Q(screened__lt=F("said"))
        | Q(screened__lt=F("signed"))
    )
    return each_page(late.select_related("user"), partial(_compared, now=now))


def _compared(worker: Worker, now: datetime) -> bool:
    screen_worker(worker=worker, now=now)
    return True


def _names(worker: Worker) -> list[str]:
    """What the person calls themselves here, and whose their places are."""
    contact = contact_of(worker.user)
    names = [contact.full_name] if contact else []
    for method in PayoutMethod.objects.filter(worker=worker, removed_at=None).select_related("worker"):
        details = method.details
        names += [details[field] for field in OWNER_FIELDS if field in details]
    return names
