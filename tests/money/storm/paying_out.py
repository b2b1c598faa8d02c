"""What is done with withdrawals: by workers, by staff by hand and in files, by providers."""

from __future__ import annotations

from datetime import datetime
from fractions import Fraction

from tests.money.storm.provider import Payer
from tests.money.storm.world import PAYOUT_FEE, STAFF, TAX_POINTS, TAXED, Act, World
from tukro.kernel.errors import Refused
from tukro.kernel.ids import new_id
from tukro.kernel.money import SCALES, Money
from tukro.money.actions import holds
from tukro.money.actions.paying_out import asking, payouts
from tukro.money.actions.paying_out import batches as files
from tukro.money.actions.paying_out import sending as payout_sending
from tukro.money.models import ExchangeRate, Payout, PayoutBatch
from tukro.money.providers import sending
from tukro.money.providers.payouts import Hint

_FINAL = {
    "send": {"sent", "settled", "returned", "failed"},
    "settle": {"settled", "returned"},
    "return": {"returned"},
    "cancel": {"cancelled"},
    "fail": {"failed"},
}


class NotSo(Refused):
    """Staff would not say this: the provider's own page says otherwise."""


def ask(world: World) -> Act:
    worker, payout_id = world.chance.choice(world.workers), new_id()
    kind, method = world.methods[worker.public_id]
    units = world.chance.randint(1_000, 7_500) * 10_000
    currency = "BDT" if kind == "bkash" and world.chance.random() < 0.6 else "USD"

    def do(now: datetime) -> Payout:
        return asking.request_payout(
            worker=worker,
            method_id=method,
            amount=Money(units),
            payout_id=payout_id,
            currency=currency,
            now=now,
        )

    def done(made: Payout) -> None:
        assert (made.public_id, made.amount.units, made.fee.units) == (payout_id, units, PAYOUT_FEE)
        # Rounded down to the cent, so never more than the share.
        tax = units * TAX_POINTS // 10**8 * 10**4 if worker.country == TAXED else 0
        assert (made.tax.units, made.tax_country) == (tax, TAXED if tax else "")
        assert made.receives_units == arrives(units - PAYOUT_FEE - tax, made.rate)
        world.payouts[payout_id] = worker
        world.moved_keys.add(f"payout_asked:{payout_id}")

    return Act("payout", f"payout:{payout_id}", do, done)


def arrives(units: int, rate: ExchangeRate | None) -> int:
    """In its own arithmetic: dollars at the rate less the spread, rounded down; both as the house shows."""
    if rate is None:
        return units
    offered = Fraction(rate.rate) * (1 - Fraction(rate.spread_basis_points, 10_000))
    offered = Fraction(int(offered * 10**6), 10**6)
    return int(Fraction(units, 10 ** SCALES["USD"]) * offered * 10 ** SCALES[rate.currency])


def move(world: World) -> Act | None:
    """A person does something to a payout, to one that is over now and then."""
    if not world.payouts:
        return None
    over = not world.living or world.chance.random() < 0.1
    payout_id = world.one_of(list(world.payouts) if over else world.living)
    verb = world.chance.choice(
        ("approve", "approve", "approve", "hold", "release", "send", "settle", "return", "cancel", "fail")
    )
    (by, first), worker, payer = world.two(), world.payouts[payout_id], world.payer

    def do(now: datetime) -> Payout:
        if verb in ("settle", "return") and payer.orders[payout_id]:
            raise NotSo  # of these the provider tells
        match verb:
            case "approve":
                return payouts.approve_payout(by=by, first=first, payout_id=payout_id, now=now)
            case "hold":
                return holds.hold_payout(by=by, payout_id=payout_id, reason="odd", now=now)
            case "release":
                return holds.release_payout(by=by, payout_id=payout_id, reason="fine", now=now)
            case "send":
                return payouts.send_payout(by=by, first=first, payout_id=payout_id, reference="TX", now=now)
            case "settle":
                return payouts.settle_payout(by=by, payout_id=payout_id, now=now)
            case "return":
                return payouts.return_payout(
                    by=by, first=first, payout_id=payout_id, reason="closed", now=now
                )
            case "cancel":
                return payouts.cancel_payout(worker=worker, payout_id=payout_id, now=now)
            case _:
                return payouts.refuse_payout(by=by, payout_id=payout_id, reason="no", now=now)

    def done(_: Payout) -> None:
        if verb in _FINAL:
            _narrow(world, payout_id, _FINAL[verb])

    return Act(f"payout_{verb}", f"{verb}:{payout_id}:{by}", do, done)


def send(_: World) -> Act:
    """The sender's turn: whatever is approved goes to its provider."""
    return Act("send_payouts", "send_payouts", sending.send_payouts)


def inquire(_: World) -> Act:
    """The asker's turn: whatever is due is asked about."""
    return Act("ask_payouts", "ask_payouts", sending.ask_payouts)


def hint(world: World) -> Act | None:
    """A web hook names a payout, ours or not."""
    if not world.payouts:
        return None
    payout_id = world.one_of(list(world.payouts))
    door = world.chance.choice(list(world.payer.doors))

    def do(now: datetime) -> int:
        return sending.take_hints([Hint(key=payout_id), Hint(handle=f"H{payout_id}")], provider=door, now=now)

    return Act("payout_hint", f"hint:{payout_id}:{door}", do)


def decide(world: World) -> Act | None:
    """Staff look at the provider's page and say what became of an unknown payout."""
    if not world.unknown:
        return None
    payout_id, (by, first), payer = world.one_of(world.unknown), world.two(), world.payer

    def do(now: datetime) -> Payout:
        decision = _on_the_page(payer, payout_id)
        return payout_sending.decide_unknown(
            by=by,
            first=first,
            payout_id=payout_id,
            decision=decision,
            reason="their page",
            reference="TX",
            now=now,
        )

    return Act("decide_unknown", f"decide:{payout_id}", do)


def _on_the_page(payer: Payer, payout_id: str) -> payout_sending.Decision:
    with payer.lock:
        if not payer.paid[payout_id]:
            return "again"
        return "failed" if payer.fate(payout_id).said == "failed" else "settled"


def make_file(world: World) -> Act:
    by = world.chance.choice(STAFF)

    def do(now: datetime) -> PayoutBatch:
        return files.make_batch(by=by, kind="cheque", layout="cheque", now=now)

    def done(made: PayoutBatch) -> None:
        world.payout_batches.append(made.public_id)

    return Act("make_file", "make_file", do, done)


def end_file(world: World) -> Act | None:
    if not world.payout_batches:
        return None
    batch, goes = world.one_of(world.payout_batches), world.chance.random() < 0.7
    by, first = world.two()

    def do(now: datetime) -> PayoutBatch:
        if goes:
            return files.hand_over_batch(by=by, first=first, batch_id=batch, reference="F1", now=now)
        return files.drop_batch(by=by, first=first, batch_id=batch, reason="a wrong file", now=now)

    return Act("hand_over" if goes else "drop_file", f"file:{batch}:{goes}", do)


def _narrow(world: World, payout_id: str, states: set[str]) -> None:
    world.allowed[payout_id] = world.allowed.get(payout_id, states) & states
