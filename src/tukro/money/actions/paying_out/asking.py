"""A worker asks for a withdrawal: what is refused, what it costs at this moment, and what it would bring."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from tukro.kernel.errors import NotFound, Refused
from tukro.kernel.ids import new_id
from tukro.kernel.money import Money
from tukro.ledger import actions as ledger
from tukro.money.actions import accounts
from tukro.money.actions.books.exchange import NoRate, Quote, TooLittleToExchange, quote
from tukro.money.actions.holds import line_up, lock_person
from tukro.money.actions.law.screening import screen_worker
from tukro.money.actions.paying_out.methods import KindNotOffered
from tukro.money.actions.payout_moves import post, tell
from tukro.money.actions.refusals import InsufficientFunds
from tukro.money.models import Payout, PayoutMethod, PayoutState
from tukro.money.queries import Terms, asked_within_a_day, is_usable, missing_proofs, terms_of
from tukro.money.queries.tax import asks_identity
from tukro.money.queries.taxes import withholding_of
from tukro.money.rules import is_whole_cents
from tukro.money.rules.payouts import ARRIVES_IN, WALLETS_TAKE
from tukro.people.models import Worker


class BelowMinimum(Refused):
    """Less than is paid out at once. Facts: ``amount``, ``minimum``."""


class AboveMaximum(Refused):
    """More than this kind pays at once. Facts: ``amount``, ``maximum``."""


class OverDailyLimit(Refused):
    """More than this kind pays one worker in a day. Facts: ``limit``, ``left``."""


class NotWholeCents(Refused):
    """Payouts have two decimals. Facts: ``amount``."""


class MethodNotReady(Refused):
    """The place was not confirmed by mail, or still waits. Facts: ``confirmed`` (bool), ``usable_from``."""


class ProofMissing(Refused):
    """The first withdrawal asks for a proof. Facts: ``missing`` (people.models.PayoutProof)."""


@transaction.atomic
def request_payout(
    *,
    worker: Worker,
    method_id: int,
    amount: Money,
    now: datetime,
    payout_id: str = "",
    closing: bool = False,
    currency: str = "USD",
) -> Payout:
    """Reserve money for a withdrawal; staff see it in the queue, or it is approved by the operator's rule.
    Who is held may ask: the request waits, held as well.

    ``closing``: the person leaves, so the rest goes out however little it is.
    ``payout_id`` is a new id that the door made when it first showed the button: pressing twice asks once.
    ``currency``: in which it arrives, at today's rate, whatever the rate is when it is sent.
    Refuses NotFound (the method, or an id that is somebody else's), KindNotOffered, MethodNotReady,
    NotWholeCents, BelowMinimum, AboveMaximum, OverDailyLimit, ProofMissing (not of a rest below the
    minimum), NoRate, InsufficientFunds.
    """
    if earlier := _asked_before(worker, payout_id):
        return earlier  # whatever has changed since
    method = _usable_method(worker, method_id, now)
    terms = terms_of(method.kind)
    _check_amount(amount, terms, closing=closing)
    _check_proofs(worker, method, amount, terms, now)
    payout = _priced(worker, method, amount, terms, currency=currency, now=now)
    payout.public_id = payout_id or new_id()
    lock_person(worker)  # against a hold that comes at this moment
    # Opened first, so that its id is the smaller one: locking it alone keeps the order of locks.
    available = accounts.worker_available(worker.public_id, at=now)
    reserved = accounts.worker_reserved(worker.public_id, at=now)
    balance = Money(ledger.locked_balance(available))
    # Under the lock: a second request with the same id waits for the first and then finds it.
    if earlier := _asked_before(worker, payout_id):
        return earlier
    if balance < amount:
        raise InsufficientFunds(needed=amount, available=balance)
    _check_day(worker, amount, terms, now)

    payout.save(force_insert=True)
    post(payout, "payout_asked", {available: amount, reserved: -amount}, at=now)
    tell(payout, "PayoutRequested", by=worker.actor, at=now)
    screen_worker(worker=worker, now=now)
    line_up(payout, now=now)
    return payout


def _asked_before(worker: Worker, payout_id: str) -> Payout | None:
    """What this id asked for before. Refuses NotFound: it is somebody else's."""
    earlier = Payout.objects.filter(public_id=payout_id).first() if payout_id else None
    if earlier is not None and earlier.worker_id != worker.pk:
        raise NotFound(payout=payout_id)
    return earlier


def _usable_method(worker: Worker, method_id: int, now: datetime) -> PayoutMethod:
    """Refuses NotFound and MethodNotReady."""
    method = PayoutMethod.objects.filter(worker=worker, pk=method_id, removed_at__isnull=True).first()
    if method is None:
        raise NotFound(method=method_id)
    if not is_usable(method, now):
        raise MethodNotReady(confirmed=method.confirmed_at is not None, usable_from=method.usable_from)
    return method


def _check_proofs(worker: Worker, method: PayoutMethod, amount: Money, terms: Terms, now: datetime) -> None:
    """Refuses ProofMissing, but not of a rest below the minimum: whoever leaves must be able to."""
    if amount < terms.minimum:
        return
    if missing := missing_proofs(worker, method, now=now):
        raise ProofMissing(missing=missing[0])
    if asks_identity(worker, amount, now=now):
        raise ProofMissing(missing="identity")


def _check_amount(amount: Money, terms: Terms, *, closing: bool) -> None:
    if not terms.offered and not closing:
        raise KindNotOffered(kind=terms.kind)
    if not is_whole_cents(amount):
        raise NotWholeCents(amount=amount)
    least = terms.fee + Money(1) if closing else terms.minimum
    if amount < least:
        raise BelowMinimum(amount=amount, minimum=least)
    if terms.maximum is not None and amount > terms.maximum:
        raise AboveMaximum(amount=amount, maximum=terms.maximum)


def _priced(
    worker: Worker, method: PayoutMethod, amount: Money, terms: Terms, *, currency: str, now: datetime
) -> Payout:
    """The withdrawal as it would be, with fee, tax and rate of this moment; nothing is written.

    Refuses BelowMinimum, AboveMaximum, NoRate, TooLittleToExchange.
    """
    kept = withholding_of(worker, amount)
    if amount <= (least := terms.fee + kept.tax):
        raise BelowMinimum(amount=amount, minimum=least + Money(1))
    quoted = quote(amount=amount, fee=terms.fee, tax=kept.tax, currency=currency, now=now)
    _check_arrival(quoted.receives, terms)
    return Payout(
        worker=worker,
        amount=amount,
        fee=quoted.fee,
        tax=quoted.tax,
        tax_country=kept.country,
        currency=currency,
        receives_units=quoted.receives.units,
        rate=quoted.rate,
        kind=method.kind,
        sealed_details=method.sealed_details,
        digest=method.digest,
        state=PayoutState.REQUESTED,
        requested_at=now,
    )


def _check_arrival(receives: Money, terms: Terms) -> None:
    """Wallets refuse what is too little or too much for them, whatever it is in dollars."""
    least, most = WALLETS_TAKE.get(terms.kind, (None, None))
    if least is None or receives.currency != least.currency:
        return
    if receives < least:
        raise BelowMinimum(amount=receives, minimum=least)
    if most is not None and terms.maximum is None and receives > most:
        raise AboveMaximum(amount=receives, maximum=most)


def _check_day(worker: Worker, amount: Money, terms: Terms, now: datetime) -> None:
    if terms.daily_maximum is None:
        return
    left = terms.daily_maximum - asked_within_a_day(worker, terms.kind, now)
    if amount > left:
        raise OverDailyLimit(limit=terms.daily_maximum, left=max(left, Money.zero()))


def payout_quote(*, worker: Worker, kind: str, amount: Money, now: datetime) -> Quote:
    """What a payout of this kind would bring now: in its own currency, or in dollars without a rate."""
    terms, tax = terms_of(kind), withholding_of(worker, amount).tax
    # Too little is refused later.
    currency = ARRIVES_IN.get(kind, "USD") if amount > terms.fee + tax else "USD"
    try:
        return quote(amount=amount, fee=terms.fee, tax=tax, currency=currency, now=now)
    except (NoRate, TooLittleToExchange):
        return quote(amount=amount, fee=terms.fee, tax=tax, currency="USD", now=now)


def closing_quote(*, worker: Worker, kind: str, amount: Money, now: datetime) -> Quote | None:
    """What all that is left would bring to who leaves; None: it is too little for this kind, or too much."""
    terms = terms_of(kind)
    quoted = payout_quote(worker=worker, kind=kind, amount=amount, now=now)
    try:
        _check_amount(amount, terms, closing=True)
        _check_arrival(quoted.receives, terms)
    except Refused:
        return None
    return quoted if quoted.receives.units > 0 else None
