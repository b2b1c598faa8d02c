"""What is done with money that comes: asked for, told of twice and in any order, disputed, sent back."""

from __future__ import annotations

from datetime import datetime
from fractions import Fraction

from tests.money.storm.world import DEPOSIT_FEE_POINTS, STAFF, Act, Asked, World
from tukro.kernel.ids import new_id
from tukro.kernel.money import SCALES, Money
from tukro.money.actions.deposits import create_deposit, note_sighting
from tukro.money.actions.deposits.bank import take_in_line
from tukro.money.actions.deposits.disputes import note_dispute, record_dispute_by_hand
from tukro.money.actions.deposits.refunds import (
    ask_refund,
    fail_refund_by_hand,
    finish_refund_by_hand,
    note_refund,
)
from tukro.money.actions.deposits.unmatched import assign_unmatched, return_unmatched
from tukro.money.actions.notices import note_notice
from tukro.money.models import Deposit, Dispute, ExchangeRate, Refund
from tukro.money.providers.deposits import desk
from tukro.money.rules.bank_lines import BankLine
from tukro.money.rules.deposits import SeenDispute, Sighting

_CENT = 10_000
_CURRENCIES = {"stripe": "USD", "paypal": "USD", "bank": "USD", "sslcommerz": "BDT"}


def ask(world: World) -> Act:
    requester = world.chance.choice(world.requesters)
    provider, deposit_id = world.chance.choice(list(_CURRENCIES)), new_id()
    units = world.chance.randint(1_000, 6_000) * _CENT

    def do(now: datetime) -> Deposit:
        return create_deposit(
            requester=requester,
            amount=Money(units),
            provider=provider,
            currency=_CURRENCIES[provider],
            deposit_id=deposit_id,
            now=now,
        )

    def done(made: Deposit) -> None:
        fee = 0 if provider == "bank" else -(-units * DEPOSIT_FEE_POINTS // 10_000 // _CENT) * _CENT
        price = units + fee
        assert (made.public_id, made.amount.units, made.fee.units) == (deposit_id, units, fee)
        assert made.asked_units == _asked(price, made.rate)
        world.deposits.setdefault(
            deposit_id,
            Asked(requester, provider, made.reference, price, made.asked_units, made.currency),
        )

    return Act("deposit", f"deposit:{deposit_id}", do, done)


def see(world: World) -> Act | None:
    """A web hook, or a job that asks: remembered, then brought into the books. Told as often as it likes."""
    deposit_id = _deposit(world, "stripe", "paypal", "sslcommerz")
    if deposit_id is None:
        return None
    deposit, event = world.deposits[deposit_id], world.chance.randint(1, 9)
    seen = _sighting(world, deposit_id, deposit)

    def do(now: datetime) -> None:
        note_notice(
            provider=deposit.provider,
            event_id=f"{deposit_id}.{event}",
            kind="payment",
            deposit_id=deposit_id,
            about="",
            now=now,
        )
        note_sighting(deposit_id=deposit_id, seen=seen, now=now)

    def done(_: object) -> None:
        if seen.paid is not None:
            world.paid(seen.payment, seen.paid.units, seen.paid.currency)

    return Act(f"see_{seen.state}", f"see:{deposit_id}:{event}", do, done)


def _sighting(world: World, deposit_id: str, deposit: Asked) -> Sighting:
    asked = Money(deposit.units, deposit.currency)
    match world.chance.choice(("paid", "paid", "paid", "twice", "wrong", "risky", "cleared", "other")):
        case "paid":
            return Sighting("paid", paid=asked, payment=f"{deposit_id}.1")
        case "twice":
            return Sighting("paid", paid=asked, payment=f"{deposit_id}.2")
        case "wrong":
            return Sighting("paid", paid=asked + Money(_CENT, deposit.currency), payment=f"{deposit_id}.w")
        case "risky":
            return Sighting("paid", paid=asked, payment=f"{deposit_id}.r", risky=True)
        case "cleared":
            return Sighting("paid", paid=asked, payment=f"{deposit_id}.r")
        case _:
            return Sighting(world.chance.choice(("open", "processing", "failed", "expired")))


def read_line(world: World) -> Act | None:
    """A line of the bank's list, read again with every import; some name no deposit, or another amount."""
    deposit_id = _deposit(world, "bank")
    if deposit_id is None:
        return None
    deposit, number = world.deposits[deposit_id], world.chance.choice((1, 1, 2, 3, 4))
    line = BankLine(
        ref=f"{deposit_id}.{number}",
        amount=Money(deposit.units + (_CENT if number == 3 else 0)),
        memo="thanks" if number == 4 else f"to {deposit.reference}",
    )

    def do(now: datetime) -> None:
        take_in_line(by=STAFF[number % 2], line=line, now=now)

    def done(_: object) -> None:
        world.paid(line.ref, line.amount.units, "USD")

    return Act("read_line", f"line:{line.ref}", do, done)


def dispute(world: World) -> Act | None:
    """A payer's bank takes it back, for a while or for good; in any order, and by hand too."""
    deposit_id = _deposit(world)
    if deposit_id is None:
        return None
    deposit, number = world.deposits[deposit_id], world.chance.choice((1, 2))
    ref, state = f"D{number}", world.chance.choice(("asked", "taken", "taken", "lost", "won"))
    there = deposit.units * (20 * number + 7) // 100
    by_hand = number == 2
    units = deposit.price // 3 if by_hand else min(deposit.price * there // deposit.units, deposit.price)
    seen = SeenDispute(
        ref=ref,
        amount=Money(there, deposit.currency),
        taken=state in ("taken", "lost"),
        closed=state in ("lost", "won"),
    )

    def do(now: datetime) -> Dispute | None:
        if not by_hand:
            return note_dispute(deposit_id=deposit_id, seen=seen, now=now)
        return record_dispute_by_hand(
            by=STAFF[0],
            deposit_id=deposit_id,
            reference=ref,
            amount=Money(deposit.price // 3),
            reason="a letter",
            won=state == "won",
            lost=state == "lost",
            now=now,
        )

    def done(found: Dispute | None) -> None:
        if found is None:
            return
        assert found.amount.units == units, (found.amount, units)
        owner = deposit.owner.public_id
        if found.taken_at is None:
            return  # only frozen: it is still the requester's
        if world.once(f"dispute_taken:{deposit_id}:{ref}"):
            world.net[owner] -= units
        if found.state == "won" and world.once(f"dispute_won:{deposit_id}:{ref}"):
            world.net[owner] += units

    return Act(f"dispute_{state}", f"dispute:{deposit_id}:{ref}:{state}", do, done)


def refund(world: World) -> Act | None:
    deposit_id = _deposit(world)
    if deposit_id is None:
        return None
    deposit, refund_id = world.deposits[deposit_id], new_id()
    units = world.chance.randint(1, 1_500) * _CENT

    def do(now: datetime) -> Refund:
        return ask_refund(
            requester=deposit.owner, deposit_id=deposit_id, amount=Money(units), refund_id=refund_id, now=now
        )

    def done(made: Refund) -> None:
        if world.once(f"refund_asked:{refund_id}"):
            world.net[deposit.owner.public_id] -= units
            world.refunds[refund_id] = deposit_id
            world.moved_keys.add(f"refund_asked:{refund_id}")
        _note_failed(world, made)

    return Act("refund", f"refund:{refund_id}", do, done)


def work_off_refund(world: World) -> Act | None:
    """The job's turn: it is sent, or asked about. A bank's are sent by hand."""
    refund_id = _refund(world)
    if refund_id is None or world.deposits[world.refunds[refund_id]].provider == "bank":
        return None

    def do(now: datetime) -> Refund:
        desk.work_off(refund_id, now)
        return Refund.objects.get(public_id=refund_id)

    return Act("work_off_refund", f"work_off:{refund_id}", do, lambda made: _note_failed(world, made))


def end_refund(world: World) -> Act | None:
    """The provider's word comes by itself, late and again; a bank's refunds are ended by staff."""
    refund_id = _refund(world)
    if refund_id is None:
        return None
    by_hand = world.deposits[world.refunds[refund_id]].provider == "bank"
    goes = world.chance.random() < 0.6

    def do(now: datetime) -> Refund | None:
        if by_hand and goes:
            return finish_refund_by_hand(by=STAFF[0], refund_id=refund_id, reference="TX", now=now)
        if by_hand:
            return fail_refund_by_hand(by=STAFF[1], refund_id=refund_id, reason="closed", now=now)
        seen = world.payer.word_of_refund(refund_id)
        return note_refund(refund_id=refund_id, seen=seen, now=now) if seen else None

    def done(made: Refund | None) -> None:
        if made is not None:
            _note_failed(world, made)

    return Act("end_refund", f"end_refund:{refund_id}:{goes}", do, done)


def _note_failed(world: World, made: Refund) -> None:
    if made.state == "failed" and world.once(f"refund_failed:{made.public_id}"):
        owner = world.deposits[world.refunds[made.public_id]].owner
        world.net[owner.public_id] += made.amount.units


def decide(world: World) -> Act | None:
    """Staff find whose stray money is, or send it back. Two may decide at once, and differently."""
    if not world.unmatched:
        return None
    kept, requester = world.one_of(world.unmatched), world.chance.choice(world.requesters)
    assigns = world.chance.random() < 0.7

    def do(now: datetime) -> None:
        if assigns:
            assign_unmatched(by=STAFF[0], unmatched_id=kept, requester=requester, reason="theirs", now=now)
        else:
            return_unmatched(by=STAFF[1], unmatched_id=kept, reason="a stranger's", now=now)

    return Act("assign" if assigns else "return_unmatched", f"decide:{kept}:{assigns}", do)


def _asked(price: int, rate: ExchangeRate | None) -> int:
    """In its own arithmetic: dollars at the rate and the spread, rounded up."""
    if rate is None:
        return price
    there = Fraction(price, 10 ** SCALES["USD"]) * Fraction(rate.rate)
    there *= 1 + Fraction(rate.spread_basis_points, 10_000)
    return -int(-there * 10 ** SCALES[rate.currency] // 1)


def _deposit(world: World, *providers: str) -> str | None:
    fit = [key for key, one in world.deposits.items() if not providers or one.provider in providers]
    return world.one_of(fit) if fit else None


def _refund(world: World) -> str | None:
    return world.one_of(list(world.refunds)) if world.refunds else None
