"""Many at once, with crashes between any two statements, against a model that is a few sums.

Every act has its key. Whoever crashes says the same thing once more; then it is done or refused, and that is
counted. After each burst balances are what the done acts add up to, to the micro-dollar, every key moved
money once, and every proof holds.

The suite runs a short storm. A night's:

    TUKRO_STORM_OPERATIONS=1000000 ./tukro test tests/money/test_storm.py -s -p no:xdist
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import count

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as some
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tests import make
from tests.make import NOW
from tests.money.bank import SHIRIN, call
from tests.money.crashes import Crash, run_and_crash
from tests.together import together
from tukro.kernel.errors import Refused
from tukro.kernel.ids import new_id
from tukro.kernel.money import Money
from tukro.ledger.models import Account, Transfer
from tukro.money.actions import escrow, payouts
from tukro.money.actions.deposits import deposit_play_money
from tukro.money.models import Payout
from tukro.money.queries import ledger_faults, requester_balance, worker_balance
from tukro.money.rules.payouts import RESERVED_STATES
from tukro.people.models import Requester, Worker

OPERATIONS = int(os.environ.get("TUKRO_STORM_OPERATIONS", "600"))
BURSTS, AT_ONCE = 12, 4  # in one example; in one burst at most
AN_EXAMPLE = BURSTS * AT_ONCE // 2  # operations, about
EARLIER = 25  # the number of a bonus that everybody had before: 100 dollars
LONG = 5_000  # a storm of more operations proves the whole ledger now and then only
REWARD, FEE = Money(500_000), Money(100_000)
PRICE = REWARD + FEE


@dataclass(frozen=True, slots=True)
class Act:
    """``who`` and ``what`` choose among what there is; ``number`` is part of the key."""

    verb: str
    who: int
    what: int
    number: int
    crash: Crash | None


@dataclass(frozen=True, slots=True)
class Ready:
    """A verb with its key; ``effect`` is what it does to the sums when it was done for the first time."""

    verb: Callable[[], object]
    key: str
    effect: Callable[[], None]
    crash: Crash | None


CRASHES = some.none() | some.builds(
    Crash, some.sampled_from(["before", "after", "lost"]), some.integers(1, 9)
)
ACTS = some.builds(
    Act,
    some.sampled_from(
        ["publish", "pay", "give_back", "bonus", "ask", "ask", "send", "settle", "return", "cancel"]
    ),
    some.integers(0, 5),
    some.integers(0, 5),
    some.integers(1, 6),
    CRASHES,
)
TALLY: Counter[str] = Counter()
NUMBERS = count(10_000_000)  # a payout identity belongs to one account


class Storm(RuleBasedStateMachine):
    """Two requesters, two workers, and everybody who acts for them at once."""

    @initialize()
    def open(self) -> None:
        self.people: list[Requester] = [make.requester(funds="0") for _ in range(2)]
        self.workers: list[Worker] = [make.worker() for _ in range(2)]
        self.methods = [
            make.payout_method(of=worker, details={"number": f"017{next(NUMBERS)}"}).pk
            for worker in self.workers
        ]
        self.available = {one.public_id: Money.parse("400.00") for one in self.people}
        for one in self.people:
            deposit_play_money(requester=one, amount=self.available[one.public_id], now=NOW)

        self.holds: dict[int, str] = {}  # whose
        self.in_hold: dict[int, Money] = {}
        self.earned = {one.public_id: Money(0) for one in self.workers}
        for number, (requester, worker) in enumerate(zip(self.people, self.workers, strict=True)):
            first = Act("bonus", number, number, EARLIER, None)
            self._bonus(requester, worker, first).verb()
            self._bonus(requester, worker, first).effect()
        self.asked: dict[str, Worker] = {}
        self.done: set[str] = set()

    @precondition(lambda self: hasattr(self, "people"))
    @rule(acts=some.lists(ACTS, min_size=1, max_size=AT_ONCE))
    def burst(self, acts: list[Act]) -> None:
        ready = [one for one in map(self._prepare, acts) if one]
        outcomes = together(*(partial(_insist, one) for one in ready)) if ready else []
        for one, outcome in zip(ready, outcomes, strict=True):
            assert isinstance(outcome, str), (one, outcome)
            TALLY[f"{one.key.split(':')[0]} {outcome}"] += 1
            if outcome == "done" and one.key not in self.done:
                self.done.add(one.key)
                one.effect()
        self._agree()

    def teardown(self) -> None:
        if hasattr(self, "people") and (OPERATIONS < LONG or TALLY.total() % LONG < AN_EXAMPLE):
            assert ledger_faults() == []

    def _prepare(self, act: Act) -> Ready | None:
        requester, worker = self.people[act.who % 2], self.workers[act.what % 2]
        holds, asked = list(self.holds), list(self.asked)
        match act.verb:
            case "publish":
                return self._publish(requester, act)
            case "pay" if holds:
                return self._pay(holds[act.what % len(holds)], act)
            case "give_back" if holds:
                return self._give_back(holds[act.what % len(holds)], act)
            case "bonus":
                return self._bonus(requester, worker, act)
            case "ask":
                return self._ask(worker, act)
            case "send" | "settle" | "return" | "cancel" if asked:
                payout = asked[act.what % len(asked)]
                move = partial(_move, act.verb, payout, self.asked[payout])
                return Ready(move, f"{act.verb}:{payout}", _nothing, act.crash)
        return None

    def _publish(self, requester: Requester, act: Act) -> Ready:
        """The money of a batch is set aside; then, in a transaction of its own, spread over its one lane."""
        batch, cost = new_id(), PRICE * (act.number * 8)
        owner = requester.public_id

        def verb() -> None:
            escrow.set_aside_batch(requester=requester, batch_id=batch, amount=cost, at=NOW)
            escrow.spread_batch(batch_id=batch, shares=[(f"{batch}/1", cost)], key=f"spread:{batch}", at=NOW)

        def effect() -> None:
            hold = Account.objects.get(code="hold", ref=f"{batch}/1").pk
            self.holds[hold], self.in_hold[hold] = owner, cost
            self.available[owner] -= cost

        return Ready(verb, f"set_aside:{batch}", effect, act.crash)

    def _pay(self, hold: int, act: Act) -> Ready:
        """The same number on the same hold is the same work, and a work has one worker."""
        work, person = f"w{hold}.{act.number}", self.workers[act.number % 2].public_id

        def effect() -> None:
            self.in_hold[hold] -= PRICE
            self.earned[person] += REWARD

        verb = partial(
            call, "money_pay_reward(%s, %s, %s, %s, %s, %s)", hold, person, REWARD.units, FEE.units, work, NOW
        )
        return Ready(verb, f"reward:{work}", effect, act.crash)

    def _give_back(self, hold: int, act: Act) -> Ready:
        amount, key = PRICE * act.number, f"back:{hold}:{act.number}"

        def effect() -> None:
            self.in_hold[hold] -= amount
            self.available[self.holds[hold]] += amount

        verb = partial(escrow.give_back, hold=hold, amount=amount, key=key, subject="task", at=NOW)
        return Ready(verb, key, effect, act.crash)

    def _bonus(self, requester: Requester, worker: Worker, act: Act) -> Ready:
        owner, person, amount = requester.public_id, worker.public_id, Money(act.number * 4_000_000)
        key = f"bonus:{owner}:{person}:{act.number}"

        def effect() -> None:
            self.available[owner] -= amount + FEE
            self.earned[person] += amount

        verb = partial(
            escrow.pay_bonus,
            requester_id=owner,
            worker_id=person,
            amount=amount,
            fee=FEE,
            key=key,
            subject="work",
            at=NOW,
        )
        return Ready(verb, key, effect, act.crash)

    def _ask(self, worker: Worker, act: Act) -> Ready:
        payout = new_id()

        def effect() -> None:
            self.asked[payout] = worker

        verb = partial(
            payouts.request_payout,
            worker=worker,
            method_id=self.methods[self.workers.index(worker)],
            amount=Money.parse(f"{9 + act.number}.00"),  # 10.00 is the least
            payout_id=payout,
            now=NOW,
        )
        return Ready(verb, f"payout_asked:{payout}", effect, act.crash)

    def _agree(self) -> None:
        """Every balance is what the done acts add up to."""
        for one in self.people:
            held = sum((self.in_hold[h] for h, o in self.holds.items() if o == one.public_id), Money(0))
            assert requester_balance(one) == (self.available[one.public_id], held)
        asked = {one.public_id: one for one in Payout.objects.filter(public_id__in=self.asked)}
        assert set(asked) == set(self.asked)
        for worker in self.workers:
            mine = [one for one in asked.values() if one.worker_id == worker.pk]
            out = sum((one.amount for one in mine if one.state not in ("cancelled", "returned")), Money(0))
            reserved = sum((one.amount for one in mine if one.state in RESERVED_STATES), Money(0))
            transit = sum((one.paid_out for one in mine if one.state == "sent"), Money(0))
            earned = self.earned[worker.public_id]
            assert worker_balance(worker) == (earned - out, reserved, transit)
        moved = {key for key in self.done if key.startswith(("reward:", "back:", "bonus:", "set_aside:"))}
        assert Transfer.objects.filter(key__in=moved).count() == len(moved)


def _insist(one: Ready) -> str:
    """What became of it: ``done`` or the refusal's name. After a crash the same is said once more."""
    try:
        if one.crash is None or run_and_crash(one.verb, one.crash):
            TALLY["crashes"] += one.crash is not None
            one.verb()
    except Refused as refusal:
        return type(refusal).__name__
    return "done"


def _move(verb: str, payout: str, worker: Worker) -> None:
    match verb:
        case "send":
            payouts.send_payout(by=SHIRIN, payout_id=payout, reference="TX", now=NOW)
        case "settle":
            payouts.settle_payout(by=SHIRIN, payout_id=payout, now=NOW)
        case "return":
            payouts.return_payout(by=SHIRIN, payout_id=payout, reason="closed", now=NOW)
        case "cancel":
            payouts.cancel_payout(worker=worker, payout_id=payout, now=NOW)


def _nothing() -> None:
    """Where a payout is, its own state says."""


@pytest.mark.django_db(transaction=True)
def test_no_cent_differs_whatever_crashes_and_whoever_comes_at_once() -> None:
    TALLY.clear()
    run_state_machine_as_test(
        Storm,
        settings=settings(
            max_examples=max(1, OPERATIONS // AN_EXAMPLE),
            stateful_step_count=BURSTS,
            deadline=None,
            derandomize=OPERATIONS < LONG,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    print(f"{TALLY.total() - TALLY['crashes']:,} operations: {dict(sorted(TALLY.items()))}")  # noqa: T201
    assert ledger_faults() == []
    assert TALLY["crashes"] > TALLY.total() // 20
    done = {name.split()[0] for name, times in TALLY.items() if name.endswith(" done") and times > 1}
    assert done >= {"set_aside", "reward", "back", "bonus", "payout_asked", "send", "cancel"}
