"""The storm as a state machine: Hypothesis says how many act at once, for how long, and what they draw."""

from __future__ import annotations

import json
import os
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Literal

from hypothesis import strategies as some
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from tests.emptying import empty_tables
from tests.money.crashes import Crash
from tests.money.independent import bean_check, hledger_check, write_books
from tests.money.storm import house, paying_in, paying_out, setting_aside
from tests.money.storm.agreeing import agree, agree_in_the_end
from tests.money.storm.hands import PATIENCE, Hands, Outcome, Task
from tests.money.storm.provider import Payer
from tests.money.storm.world import Act, World, later, new_world
from tukro.ledger.actions import BelowFloor, IdempotencyConflict
from tukro.ledger.models import Account
from tukro.money.queries import Format, ledger_faults

AT_ONCE, IN_A_PILE = 4, 100
BURSTS = 40  # in one example
CRASHES, AGAIN = 0.1, 0.08  # shares of acts: that crash, that were done before and are done again
READ_EACH = 50  # markets: one of so many is added up by a tool that is not ours
_KEPT = 400  # acts that may be done again
# How often each is drawn, about as they come in a market: many payments, few withdrawals.
ACTS: Sequence[tuple[int, Callable[[World], Act | None]]] = (
    (6, setting_aside.set_aside),
    (9, setting_aside.spread),
    (1, setting_aside.stop),
    (2, setting_aside.add_places),
    (50, setting_aside.reward),
    (6, setting_aside.rewards),
    (4, setting_aside.reward_late),
    (9, setting_aside.give_back),
    (10, setting_aside.bonus),
    (2, paying_in.ask),
    (5, paying_in.see),
    (2, paying_in.read_line),
    (2, paying_in.dispute),
    (2, paying_in.refund),
    (2, paying_in.work_off_refund),
    (2, paying_in.end_refund),
    (1, paying_in.decide),
    (3, paying_out.ask),
    (8, paying_out.move),
    (1, paying_out.send),
    (1, paying_out.inquire),
    (1, paying_out.hint),
    (1, paying_out.decide),
    (1, paying_out.make_file),
    (1, paying_out.end_file),
    (2, house.correct),
    (1, house.reverse),
    (1, house.new_rate),
    (1, house.book),
    (1, house.reverse_booking),
    (1, house.job),
    (2, house.remit),
    (2, house.write_off),
    (1, house.reinstate),
    (2, house.look_for_unclaimed),
    (2, house.claim),
)
_HOW: Sequence[Literal["before", "after", "lost"]] = ("before", "after", "lost")
_WEIGHTS, _PLANS = [weight for weight, _ in ACTS], [plan for _, plan in ACTS]


class Figures:
    """What was done so far, how long it goes on, and who does it."""

    hands: Hands
    payer: Payer

    def __init__(self) -> None:
        self.tally: Counter[str] = Counter()
        self.operations = self.crashes = self.markets = 0
        self.started = time.monotonic()
        self.until, self.wanted = self.started, 0
        self.needed: frozenset[str] = frozenset()  # acts without which it is not over, if the machine is slow

    def count(self, outcome: Outcome) -> None:
        self.operations += 1
        self.crashes += outcome.crashed
        self.tally[f"{outcome.act.name} {outcome.word}"] += 1

    @property
    def is_over(self) -> bool:
        if self.operations >= self.wanted:
            return True
        late = time.monotonic() - self.until
        return late > PATIENCE or (late > 0 and not self.missing)

    @property
    def missing(self) -> frozenset[str]:
        """What was needed and not done twice yet."""
        return frozenset(name for name in self.needed if self.tally[f"{name} done"] < 2)

    def __str__(self) -> str:
        seconds = time.monotonic() - self.started
        lines = [f"{times:9,}  {name}" for name, times in sorted(self.tally.items())]
        head = f"{self.operations:,} operations, {self.crashes:,} crashes, {self.markets} markets"
        return "\n".join([f"{head}, {seconds:.0f} s", *lines])


FIGURES = Figures()


class Storm(RuleBasedStateMachine):
    """One market, from the first deposit to the last proof."""

    world: World | None = None

    @initialize(seed=some.integers(0, 2**32 - 1))
    def open(self, seed: int) -> None:
        if FIGURES.is_over:
            return
        empty_tables()
        FIGURES.payer.begin(seed)
        self.world = new_world(Random(seed), FIGURES.payer)
        self.began, self.before = time.monotonic(), (FIGURES.operations, FIGURES.crashes)

    @rule(
        seeds=some.lists(some.integers(0, 2**32 - 1), min_size=1, max_size=AT_ONCE),
        length=some.integers(1, IN_A_PILE),
        crashing=some.sampled_from((CRASHES, CRASHES, 0.0, 0.25)),
    )
    def burst(self, seeds: list[int], length: int, crashing: float) -> None:
        world = self.world
        if world is None or FIGURES.is_over:  # no precondition: the clock is none of Hypothesis' own
            return
        self.world = None  # a market in which something failed is not looked at again
        outcomes = FIGURES.hands.do([_pile(world, seed, length, crashing) for seed in seeds], world.now)
        for outcome in outcomes:
            _must_be_known(outcome)
            FIGURES.count(outcome)
            if outcome.refusal is None:
                outcome.act.done(outcome.answer)
        agree(world)
        later(world)
        self.world = world

    def teardown(self) -> None:
        if self.world is not None:
            agree_in_the_end(self.world)
            faults = ledger_faults()
            assert not faults, "\n".join(map(str, faults))
            if FIGURES.markets % READ_EACH == 0:
                _be_read_by_another(self.world)
            FIGURES.markets += 1
            self._write_down()

    def _write_down(self) -> None:
        """One line for each market that held, so that what was done stands, whatever comes after."""
        if log := os.environ.get("TUKRO_STORM_LOG"):
            operations, crashes = self.before
            figures = {
                "operations": FIGURES.operations - operations,
                "crashes": FIGURES.crashes - crashes,
                "seconds": round(time.monotonic() - self.began, 2),
            }
            with Path(log).open("a") as file:
                file.write(json.dumps(figures) + "\n")


def _pile(world: World, seed: int, length: int, crashing: float) -> list[Task]:
    """What one hand does. Some of it was done before: by itself, by another, or is just being done."""
    chance = world.chance = Random(seed)
    pile: list[Task] = []
    while len(pile) < length:
        act: Act | None
        if world.acts and chance.random() < AGAIN:
            act = chance.choice(world.acts)
        elif act := chance.choices(_PLANS, _WEIGHTS)[0](world):
            world.acts.append(act)
        if act:
            pile.append(Task(act, _crash(chance) if chance.random() < crashing else None))
    del world.acts[:-_KEPT]
    return pile


def _crash(chance: Random) -> Crash:
    how = chance.choice(_HOW)
    number = (
        chance.choice((1, 1, 1, 2)) if how == "lost" else min(chance.randint(1, 14), chance.randint(1, 14))
    )
    return Crash(how, number, cut=chance.random() < 0.5)


def _be_read_by_another(world: World) -> None:
    """Beancount and hledger read the whole market's export and find each account to have what we say."""
    checks: dict[Format, Callable[[Path], str]] = {"beancount": bean_check, "hledger": hledger_check}
    with tempfile.TemporaryDirectory() as folder:
        for form, check in checks.items():
            file = write_books(Path(folder) / f"books.{form}", form, until=world.now + timedelta(days=1))
            assert file.read_text().count(" balance") == Account.objects.count()
            assert (said := check(file)) == "", said
            FIGURES.tally[f"books read by {form}"] += 1


def _must_be_known(outcome: Outcome) -> None:
    """No act here uses a key for two things, and none lets the vault's own refusal out."""
    if outcome.fault is not None:
        raise AssertionError(f"{outcome.act.name} {outcome.act.key}") from outcome.fault
    assert not isinstance(outcome.refusal, IdempotencyConflict | BelowFloor), outcome
