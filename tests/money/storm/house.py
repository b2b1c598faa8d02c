"""What staff and time do to everybody's money: corrections, rates, debts, figures, seals."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from tests.money.storm.world import STAFF, TAXED, Act, World
from tukro.kernel.ids import new_id
from tukro.kernel.money import Money
from tukro.money import jobs
from tukro.money.actions.balances.unclaimed import claim_balance
from tukro.money.actions.books import bookings
from tukro.money.actions.books.corrections import correct_balance, reverse_correction
from tukro.money.actions.books.exchange import enter_rate
from tukro.money.actions.deposits.write_offs import reinstate_debt, write_off_debt
from tukro.money.actions.law.taxes import remit_tax
from tukro.money.models import Booking, DebtWriteOff
from tukro.people.models import Requester, Worker


def correct(world: World) -> Act:
    people: list[Worker | Requester] = [*world.every_worker, *world.every_requester]
    person, correction = world.chance.choice(people), new_id()
    units = world.chance.choice((-1, 1, 1)) * world.chance.randint(1, 500) * 10_000

    def do(now: datetime) -> str:
        return correct_balance(
            by=STAFF[0],
            person=person,
            amount=Money(units),
            reason="made good",
            correction_id=correction,
            now=now,
        )

    def done(_: str) -> None:
        if world.once(f"correction:{correction}"):
            world.corrections[correction] = (person.public_id, units)
            _corrected(world, correction, 1)

    return Act("correct", f"correct:{correction}", do, done)


def reverse(world: World) -> Act | None:
    if not world.corrections:
        return None
    correction = world.one_of(list(world.corrections))

    def do(now: datetime) -> None:
        reverse_correction(by=STAFF[1], correction_id=correction, reason="wrong", now=now)

    def done(_: object) -> None:
        if world.once(f"correction_reversed:{correction}"):
            _corrected(world, correction, -1)

    return Act("reverse", f"reverse:{correction}", do, done)


def _corrected(world: World, correction: str, times: int) -> None:
    person, units = world.corrections[correction]
    world.moved_keys.add(f"{'correction' if times > 0 else 'correction_reversed'}:{correction}")
    sums = world.earned if any(person == one.public_id for one in world.every_worker) else world.net
    sums[person] += units * times
    world.house["goodwill"] += units * times


def book(world: World) -> Act:
    """The house's own money: what providers keep, settlements, what the operator puts in and takes out."""
    chance, booking, (by, _) = world.chance, new_id(), world.two()
    place, amount = chance.choice(("stripe", "paypal", "bank")), Money(chance.randint(1, 900) * 10_000)
    what = chance.choice(("cost", "settled", "in", "out", "bought", "lost", "result"))
    ref = f"S{chance.randint(1, 200)}"  # the same line of a statement is booked once

    def do(now: datetime) -> Booking:
        common: dict[str, Any] = {"by": by, "booking_id": booking, "now": now}
        place_and_ref = {"place": place, "reference": ref, **common}
        match what:
            case "cost":
                return bookings.book_cost(amount=amount, **place_and_ref)
            case "settled":
                cost = Money(amount.units // 30)
                return bookings.book_settlement(to_place="wise", amount=amount, cost=cost, **place_and_ref)
            case "in":
                return bookings.put_in(amount=amount, **place_and_ref)
            case "out":
                return bookings.take_out(amount=amount, reason="fees", **place_and_ref)
            case "bought":
                got = Money(amount.units // 10**6 * 11_900 + 1, "BDT")
                return bookings.buy_currency(paid=amount, to_place="bkash", got=got, **place_and_ref)
            case "lost":
                return bookings.book_loss(amount=amount, reason="bankrupt", **place_and_ref)
            case _:
                return bookings.book_exchange_result(**common)

    def done(made: Booking) -> None:
        world.moved_keys.add(f"{made.kind}:{booking}")
        world.bookings.append(booking)

    return Act(f"book_{what}", f"book:{booking}", do, done)


def reverse_booking(world: World) -> Act | None:
    if not world.bookings:
        return None
    booking, (by, _) = world.one_of(world.bookings), world.two()

    def do(now: datetime) -> None:
        bookings.reverse_booking(by=by, booking_id=booking, reason="another month's", now=now)

    return Act(
        "reverse_booking",
        f"booking_reversed:{booking}",
        do,
        lambda _: world.moved_keys.add(f"booking_reversed:{booking}"),
    )


def remit(world: World) -> Act:
    """What was withheld goes to its authority; more than that never does."""
    chance, booking, (by, _) = world.chance, new_id(), world.two()
    place, ref = chance.choice(("stripe", "paypal", "bank")), f"T{chance.randint(1, 200)}"
    amount = Money(chance.randint(1, 400) * 10_000)
    paid = amount if chance.random() < 0.8 else Money(amount.units // 10**4 * 119, "BDT")

    def do(now: datetime) -> Booking:
        return remit_tax(
            by=by,
            country=TAXED,
            amount=amount,
            place=place,
            paid=paid,
            reference=ref,
            booking_id=booking,
            now=now,
        )

    def done(made: Booking) -> None:
        world.moved_keys.add(f"{made.kind}:{booking}")
        if world.once(f"remit:{booking}"):
            world.bookings.append(booking)
            world.remitted[booking] = amount.units

    return Act("remit_tax", f"remit:{booking}", do, done)


def write_off(world: World) -> Act | None:
    """A part of what somebody owed at the last look, or all of it; by now it may be less."""
    if not world.debts:
        return None
    owner, write_off_id, (by, first) = world.one_of(list(world.debts)), new_id(), world.two()
    requester = next(one for one in world.requesters if one.public_id == owner)
    units = world.debts[owner] // world.chance.choice((1, 2, 3)) or 1

    def do(now: datetime) -> DebtWriteOff:
        return write_off_debt(
            by=by,
            first=first,
            requester=requester,
            amount=Money(units),
            reason="gone",
            write_off_id=write_off_id,
            now=now,
        )

    def done(_: DebtWriteOff) -> None:
        world.write_offs[write_off_id] = owner, units
        world.moved_keys.add(f"debt_written_off:{write_off_id}")

    return Act("write_off", f"write_off:{write_off_id}", do, done)


def reinstate(world: World) -> Act | None:
    if not world.write_offs:
        return None
    write_off_id = world.one_of(list(world.write_offs))

    def do(now: datetime) -> DebtWriteOff:
        return reinstate_debt(by=STAFF[0], write_off_id=write_off_id, reason="they are back", now=now)

    return Act("reinstate", f"reinstate:{write_off_id}", do, lambda _: world.reinstated.add(write_off_id))


def look_for_unclaimed(_: World) -> Act:
    """Who was silent for so long is told; whose balance it was for longer still, has it set apart."""
    return Act("look_for_unclaimed", "look_for_unclaimed", jobs.look_for_unclaimed)


def claim(world: World) -> Act | None:
    """Somebody takes back what the last look found to be set apart; others may have done so for them."""
    if not world.unclaimed:
        return None
    person = world.one_of(world.unclaimed)

    def do(now: datetime) -> Money:
        return claim_balance(person=person, now=now)

    def done(amount: Money) -> None:
        world.claimed[person.public_id] += amount.units

    return Act("claim", f"claim:{person.public_id}", do, done)


def new_rate(world: World) -> Act:
    rate = Decimal(world.chance.randint(80_000_000, 140_000_000)).scaleb(-6)
    spread = world.chance.choice((0, 50, 133))

    def do(now: datetime) -> None:
        enter_rate(
            by=STAFF[0], currency="BDT", rate=rate, source="a bank", spread_basis_points=spread, now=now
        )

    return Act("rate", f"rate:{rate}", do)


def job(world: World) -> Act:
    verb = world.chance.choice((jobs.collect_debts, jobs.collect_debts, jobs.count_held, jobs.seal_books))
    return Act(verb.__name__, verb.__name__, verb)
