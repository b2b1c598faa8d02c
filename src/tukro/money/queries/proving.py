"""What a worker has still to prove before money goes out to them for the first time."""

from __future__ import annotations

from datetime import datetime, timedelta

from tukro.money.models import Payout, PayoutMethod, PayoutState
from tukro.money.queries.balances import policy
from tukro.money.rules.methods import OWNER_FIELDS
from tukro.money.rules.names import names_agree
from tukro.people.models import PayoutProof, Worker
from tukro.people.queries import contact_of, is_proved, payout_proofs, place_of
from tukro.people.queries.phones import is_vouched, phone_of

_WENT_OUT = (PayoutState.SENT, PayoutState.SETTLED)


def missing_proofs(worker: Worker, method: PayoutMethod | None = None, *, now: datetime) -> list[str]:
    """The proofs (PayoutProof) that a withdrawal now would lack; empty after the first that went out.

    A ``name`` is only asked of methods that have one: a wallet's number names nobody.
    """
    if Payout.objects.filter(worker=worker, state__in=_WENT_OUT).exists():
        return []
    wanted, missing = payout_proofs(), []
    if PayoutProof.LETTER in wanted and not is_proved(worker, place_of(worker)):
        missing.append(PayoutProof.LETTER.value)
    if PayoutProof.PHONE in wanted and not _has_phone(worker, now):
        missing.append(PayoutProof.PHONE.value)
    if PayoutProof.NAME in wanted and method is not None and not _is_theirs(worker, method):
        missing.append(PayoutProof.NAME.value)
    return missing


def phone_counts_from(worker: Worker) -> datetime | None:
    """From when on the worker's proved number counts; None when there is none, or at once.

    One that took the place of another waits as a new place for money does, so that whoever takes over an
    account does not withdraw by a phone of their own.
    """
    phone = phone_of(worker)
    if phone is None or phone.replaced_at is None:
        return None
    return phone.replaced_at + timedelta(hours=policy().payout_cooling_hours)


def _has_phone(worker: Worker, now: datetime) -> bool:
    if is_vouched(worker):
        return True
    counts_from = phone_counts_from(worker)
    return phone_of(worker) is not None and (counts_from is None or counts_from <= now)


def _is_theirs(worker: Worker, method: PayoutMethod) -> bool:
    owner = next((method.details[name] for name in OWNER_FIELDS if name in method.details), None)
    if owner is None:
        return True
    contact = contact_of(worker.user)
    return contact is not None and names_agree(owner, contact.full_name)
