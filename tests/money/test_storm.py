"""Many at once, with crashes between any two statements, against a model that is a few sums.

What is played stands in ``tests/money/storm``. The suite plays for TUKRO_STORM_SECONDS (60); a night plays
as many operations as it is told: ``./tukro bench storm``. When something is found, TUKRO_STORM_SEED plays the
same acts again; who of them comes first is up to the threads.
"""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.money.storm.hands import Hands
from tests.money.storm.machine import AT_ONCE, BURSTS, FIGURES, Storm
from tests.money.storm.provider import Payer
from tukro.money.actions.balances import unclaimed
from tukro.money.providers import sending
from tukro.money.providers.deposits import desk

SECONDS = float(os.environ.get("TUKRO_STORM_SECONDS", "60"))
OPERATIONS = int(os.environ.get("TUKRO_STORM_OPERATIONS", "1_000_000_000"))
SEED = int(os.environ.get("TUKRO_STORM_SEED", "0"))
# Whatever the machine's load is, these are done more than once.
NEEDED = frozenset(
    (
        "set_aside",
        "spread",
        "reward",
        "give_back",
        "bonus",
        "deposit",
        "see_paid",
        "payout",
        "remit_tax",
        "claim",
    )
)


@pytest.fixture
def storm(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    payer = FIGURES.payer = Payer()
    monkeypatch.setattr(sending, "payout_providers", lambda: payer.doors)
    monkeypatch.setattr(sending, "senders", lambda: payer.senders)
    monkeypatch.setattr(desk, "PROVIDERS", payer.refunders)
    monkeypatch.setattr(unclaimed, "_MONTH", timedelta(seconds=40))  # bursts are minutes apart
    monkeypatch.setattr(unclaimed, "NOTICE", timedelta(minutes=3))
    monkeypatch.setattr(logging.root.manager, "disable", logging.CRITICAL)  # lost answers are the point
    FIGURES.hands = Hands(AT_ONCE)
    yield
    FIGURES.hands.rest()


@pytest.mark.usefixtures("storm")
@pytest.mark.django_db(transaction=True)
def test_no_cent_differs_whatever_crashes_and_whoever_comes_at_once() -> None:
    FIGURES.started = time.monotonic()
    FIGURES.until, FIGURES.wanted = FIGURES.started + SECONDS, OPERATIONS
    FIGURES.needed, number = NEEDED, SEED
    try:
        while not FIGURES.is_over:
            _play(number)
            number += 1
    finally:
        print(f"{FIGURES}\nlast seed: {number}")  # noqa: T201  # the figures of a night
    assert FIGURES.crashes > FIGURES.operations // 50
    assert not FIGURES.missing
    assert FIGURES.tally["books read by beancount"]
    assert FIGURES.tally["books read by hledger"]


def _play(number: int) -> None:
    """Some markets. Nothing is made smaller when it fails: the next time other threads would win."""
    run_state_machine_as_test(
        seed(number)(Storm),
        settings=settings(
            max_examples=20,
            stateful_step_count=BURSTS,
            deadline=None,
            database=None,
            phases=(Phase.generate,),
            suppress_health_check=list(HealthCheck),
        ),
    )
