"""What is done with requesters' money around tasks: set aside, spread, paid out to workers, given back."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from tests.money.bank import call, spread_batch
from tests.money.storm.world import FEE, PRICE, REWARD, Act, Batch, World
from tukro.kernel.ids import new_id
from tukro.kernel.money import Money
from tukro.money.actions.balances import escrow
from tukro.money.actions.refusals import InsufficientFunds

_PLACES = 40  # in a lane at most


def set_aside(world: World) -> Act:
    requester, batch = world.chance.choice(world.requesters), new_id()
    cost = PRICE * world.chance.randint(2, 4 * _PLACES)

    def do(now: datetime) -> None:
        escrow.set_aside_batch(requester=requester, batch_id=batch, amount=Money(cost), at=now)

    def done(_: object) -> None:
        if world.once(f"set_aside:{batch}"):
            world.batches[batch] = Batch(requester.public_id, cost)
            world.net[requester.public_id] -= cost
            world.moved_keys.add(f"set_aside:{batch}")

    return Act("set_aside", f"set_aside:{batch}", do, done)


def spread(world: World) -> Act | None:
    """Two lanes get a part of the batch each; more than is left of it is refused."""
    if not world.batches:
        return None
    batch, part = world.one_of(list(world.batches)), world.chance.randint(0, 9)
    shares = [(f"{batch}/{part}.{lane}", PRICE * (1 + (part * 7 + lane * 5) % _PLACES)) for lane in (1, 2)]
    key = f"spread:{batch}:{part}"

    def do(now: datetime) -> list[int]:
        asked = [(ref, Money(units)) for ref, units in shares]
        return spread_batch(batch_id=batch, shares=asked, key=key, at=now)

    def done(holds: list[int]) -> None:
        if world.once(key):
            world.moved_keys.add(key)
            for hold, (_, units) in zip(holds, shares, strict=True):
                world.holds[hold] = world.batches[batch].owner
                world.in_hold[hold] += units
                world.batches[batch].spread += units

    return Act("spread", key, do, done)


def stop(world: World) -> Act | None:
    """Publishing ends: what no lane got goes back."""
    if not world.batches:
        return None
    batch = world.one_of(list(world.batches))

    def do(now: datetime) -> None:
        escrow.give_back_rest_of_batch(batch_id=batch, at=now)

    def done(_: object) -> None:
        world.batches[batch].closed = True

    return Act("stop", f"stop:{batch}", do, done)


def add_places(world: World) -> Act | None:
    """From the balance straight into lanes that are there."""
    if not world.holds:
        return None
    hold, number = world.one_of(list(world.holds)), world.chance.randint(1, 4)
    owner, units, key = world.holds[hold], PRICE * number, f"more:{hold}:{number}"

    def do(now: datetime) -> None:
        left = call("money_add_to_holds(%s, %s, %s, %s, %s, %s)", owner, [hold], [units], key, "batch", now)
        _paid_or_refused(left, units)

    def done(_: object) -> None:
        if world.once(key):
            world.moved_keys.add(key)
            world.net[owner] -= units
            world.in_hold[hold] += units

    return Act("add_places", key, do, done)


def reward(world: World) -> Act | None:
    """The same number on the same hold is the same work, and a work has one worker."""
    if not world.holds:
        return None
    hold = world.one_of(list(world.holds))
    work, person = _work(world, hold, world.chance.randint(1, _PLACES))
    do = partial(_reward, hold, person, work)
    return Act("reward", f"reward:{work}", do, partial(_rewarded, world, [(hold, work, person)]))


def rewards(world: World) -> Act | None:
    """Several at once, of several lanes: all or none."""
    if not world.holds:
        return None
    paid = {}
    for _ in range(world.chance.randint(2, 6)):
        hold = world.one_of(list(world.holds))
        work, person = _work(world, hold, world.chance.randint(1, _PLACES))
        paid[work] = (hold, work, person)
    every = list(paid.values())

    def do(now: datetime) -> None:
        call(
            "money_pay_rewards(%s, %s, %s, %s, %s, %s)",
            [hold for hold, _, _ in every],
            [person for _, _, person in every],
            [REWARD] * len(every),
            [FEE] * len(every),
            [work for _, work, _ in every],
            now,
        )

    return Act("rewards", f"rewards:{'+'.join(paid)}", do, partial(_rewarded, world, every))


def reward_late(world: World) -> Act | None:
    """A rejection is overturned after its money went back: the same work, paid from the balance."""
    if not world.holds:
        return None
    hold = world.one_of(list(world.holds))
    owner = world.holds[hold]
    work, person = _work(world, hold, world.chance.randint(1, _PLACES))

    def do(now: datetime) -> None:
        left = call("money_pay_from_balance(%s, %s, %s, %s, %s, %s)", owner, person, REWARD, FEE, work, now)
        _paid_or_refused(left, PRICE)

    def done(_: object) -> None:
        if world.once(f"reward:{work}"):
            world.moved_keys.add(f"reward:{work}")
            world.net[owner] -= PRICE
            _earned(world, person)

    return Act("reward_late", f"late:{work}", do, done)


def give_back(world: World) -> Act | None:
    if not world.holds:
        return None
    hold, number = world.one_of(list(world.holds)), world.chance.randint(1, 12)
    units, key = PRICE * number, f"back:{hold}:{number}"

    def do(now: datetime) -> None:
        escrow.give_back(hold=hold, amount=Money(units), key=key, subject="task", at=now)

    def done(_: object) -> None:
        if world.once(key):
            world.moved_keys.add(key)
            world.in_hold[hold] -= units
            world.net[world.holds[hold]] += units

    return Act("give_back", key, do, done)


def bonus(world: World) -> Act:
    owner = world.chance.choice(world.requesters).public_id
    person, number = world.chance.choice(world.workers).public_id, world.chance.randint(1, 4_000)
    units, key = number * 10_000, f"bonus:{owner}:{person}:{number}"

    def do(now: datetime) -> None:
        escrow.pay_bonus(
            requester_id=owner,
            worker_id=person,
            amount=Money(units),
            fee=Money(FEE),
            key=key,
            subject="work",
            at=now,
        )

    def done(_: object) -> None:
        if world.once(key):
            world.moved_keys.add(key)
            world.net[owner] -= units + FEE
            world.earned[person] += units
            world.house["fees"] += FEE

    return Act("bonus", key, do, done)


def _work(world: World, hold: int, number: int) -> tuple[str, str]:
    return f"w{hold}.{number}", world.workers[number % len(world.workers)].public_id


def _reward(hold: int, person: str, work: str, now: datetime) -> None:
    call("money_pay_reward(%s, %s, %s, %s, %s, %s)", hold, person, REWARD, FEE, work, now)


def _rewarded(world: World, paid: list[tuple[int, str, str]], _: object) -> None:
    for hold, work, person in paid:
        if world.once(f"reward:{work}"):
            world.moved_keys.add(f"reward:{work}")
            world.in_hold[hold] -= PRICE
            _earned(world, person)


def _earned(world: World, person: str) -> None:
    world.earned[person] += REWARD
    world.house["fees"] += FEE


def _paid_or_refused(left: object, needed: int) -> None:
    if isinstance(left, int):
        raise InsufficientFunds(needed=Money(needed), available=Money(left))
