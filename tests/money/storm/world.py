"""A small market and what was done in it. What must be true follows from that by a few sums.

Sums are plain integers of smallest units, added up here and nowhere in the house. An effect counts once for
its key, however often the act was repeated, and whether or not its first answer was lost in a crash.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from random import Random
from typing import Any, TypeVar

from tests import make
from tests.make import NOW
from tests.money.bank import SHIRIN
from tests.money.storm.provider import Payer
from tukro.kernel.actors import Actor
from tukro.kernel.money import Money
from tukro.money.actions.books.corrections import correct_balance
from tukro.money.actions.deposits import deposit_play_money
from tukro.money.actions.law.taxes import change_tax_rule
from tukro.money.actions.paying_out.terms import change_terms
from tukro.money.actions.policy import change_policy
from tukro.money.rules import PayoutKindName
from tukro.people.models import Requester, User, Worker

Thing = TypeVar("Thing")

MINA = Actor("staff", "8")  # the second person
STAFF = (SHIRIN, MINA)
REWARD, FEE = 500_000, 100_000
PRICE = REWARD + FEE
DEPOSIT_FEE_POINTS, PAYOUT_FEE = 250, 250_000
TAXED, TAX_POINTS = "BD", 730
TWO_PERSONS_ABOVE = Money.parse("60.00")
_FUNDS, _FEW = Money.parse("2000.00"), Money.parse("5.00")
KINDS: tuple[PayoutKindName, ...] = ("bkash", "paypal", "cheque")
_NUMBERS = count(10_000_000)  # a payout identity belongs to one account
_LATEST = 12  # most acts are about things of late


@dataclass(slots=True)
class Act:
    """Something to do. ``key`` names it: done again, it must change nothing. ``done`` hears the answer."""

    name: str
    key: str
    do: Callable[[datetime], object]
    done: Callable[[Any], None] = lambda _: None


@dataclass(slots=True)
class Batch:
    """Money set aside for work. ``spread``: what lanes got of it; ``closed``: the rest was given back."""

    owner: str
    aside: int
    spread: int = 0
    closed: bool = False


@dataclass(slots=True)
class Asked:
    """A deposit that was asked for. ``payments``: what its provider said was paid, by the payment's id."""

    owner: Requester
    provider: str
    reference: str
    price: int
    units: int
    currency: str
    disputes: dict[str, int] = field(default_factory=dict)


@dataclass
class World:
    chance: Random
    payer: Payer
    requesters: list[Requester] = field(default_factory=list)
    workers: list[Worker] = field(default_factory=list)
    quiet: list[Worker | Requester] = field(
        default_factory=list
    )  # nothing is done with theirs but corrections
    methods: dict[str, tuple[PayoutKindName, int]] = field(default_factory=dict)
    now: datetime = NOW

    # What was done, by key; and what may be done again at any time.
    counted: set[str] = field(default_factory=set)
    acts: list[Act] = field(default_factory=list)
    moved_keys: set[str] = field(default_factory=set)  # keys of transfers that must be there

    # The sums: what each must have, and each hold.
    net: Counter[str] = field(default_factory=Counter)  # requesters: available less debt
    earned: Counter[str] = field(default_factory=Counter)  # workers: before withdrawals
    holds: dict[int, str] = field(default_factory=dict)  # whose
    in_hold: Counter[int] = field(default_factory=Counter)
    batches: dict[str, Batch] = field(default_factory=dict)
    house: Counter[str] = field(default_factory=Counter)  # fees, goodwill: since the world began

    # Deposits, the money that came for them, and what went back.
    deposits: dict[str, Asked] = field(default_factory=dict)
    payments: dict[str, tuple[int, str]] = field(default_factory=dict)  # by id: units and currency
    refunds: dict[str, str] = field(default_factory=dict)  # by id: of which deposit
    unmatched: list[str] = field(default_factory=list)  # as the last look found them
    # Payouts: in which states each may be by now.
    payouts: dict[str, Worker] = field(default_factory=dict)
    allowed: dict[str, set[str]] = field(default_factory=dict)
    living: list[str] = field(default_factory=list)  # as the last look found them, and the next
    unknown: list[str] = field(default_factory=list)
    payout_batches: list[str] = field(default_factory=list)
    corrections: dict[str, tuple[str, int]] = field(default_factory=dict)
    bookings: list[str] = field(default_factory=list)
    # Debts that were given up, and those that staff took up again; who owes, as the last look found it.
    write_offs: dict[str, tuple[str, int]] = field(default_factory=dict)
    reinstated: set[str] = field(default_factory=set)
    debts: dict[str, int] = field(default_factory=dict)
    # Balances in silence: whose are set apart, as the last look found them; what was taken back, by owner.
    unclaimed: list[Worker | Requester] = field(default_factory=list)
    claimed: Counter[str] = field(default_factory=Counter)
    # Tax: what was remitted of the country's, by booking.
    remitted: dict[str, int] = field(default_factory=dict)

    @property
    def every_worker(self) -> list[Worker]:
        return [*self.workers, *(one for one in self.quiet if isinstance(one, Worker))]

    @property
    def every_requester(self) -> list[Requester]:
        return [*self.requesters, *(one for one in self.quiet if isinstance(one, Requester))]

    def once(self, key: str) -> bool:
        """Whether this is the first time that ``key`` is heard of."""
        if key in self.counted:
            return False
        self.counted.add(key)
        return True

    def one_of(self, things: Sequence[Thing]) -> Thing:
        """Of the later ones mostly, of all of them now and then."""
        late = things[-_LATEST:] if self.chance.random() < 0.9 else things
        return self.chance.choice(late)

    def two(self) -> tuple[Actor, Actor | None]:
        """Who does it, and who proposed it: mostly another, now and then nobody or the same one."""
        by, other = self.chance.sample(STAFF, 2)
        return by, self.chance.choice((other, other, other, by, None))

    def paid(self, payment: str, units: int, currency: str) -> None:
        """This money came: it must be in the books once, as a deposit or as unmatched."""
        assert self.payments.setdefault(payment, (units, currency)) == (units, currency)


def new_world(chance: Random, payer: Payer, *, requesters: int = 4, workers: int = 6) -> World:
    """People with some money, places for it to go, and the operator's fees."""
    change_policy(
        by=SHIRIN,
        deposit_fee_basis_points=DEPOSIT_FEE_POINTS,
        payout_fee=Money(PAYOUT_FEE),
        two_persons_above=TWO_PERSONS_ABOVE,
        unclaimed_after_months=6,
        now=NOW,
    )
    change_terms(
        by=SHIRIN,
        kind="bkash",
        offered=True,
        minimum=None,
        maximum=None,
        daily_maximum=None,
        fee=None,
        approved_up_to=Money.parse("25.00"),
        now=NOW,
    )
    change_tax_rule(by=SHIRIN, country=TAXED, basis_points=TAX_POINTS, authority="Board of Revenue", now=NOW)
    world = World(chance, payer)
    for number in range(requesters):
        requester = make.requester(funds="0")
        world.requesters.append(requester)
        funds = (
            _FUNDS if number % 2 else _FEW
        )  # who has little spends what they pay in, and owes it when disputed
        world.net[requester.public_id] = funds.units
        deposit_play_money(requester=requester, amount=funds, now=NOW)
    for number in range(workers):
        worker, kind = make.worker(country=(TAXED, "IN")[number // 3 % 2]), KINDS[number % len(KINDS)]
        world.workers.append(worker)
        world.methods[worker.public_id] = kind, _method(worker, kind)
    world.quiet = [make.worker(), make.worker(), make.requester(funds="0")]
    for person in world.quiet:
        correct_balance(by=SHIRIN, person=person, amount=_FEW, reason="a gift", now=NOW)
        (world.earned if isinstance(person, Worker) else world.net)[person.public_id] = _FEW.units
        world.house["goodwill"] += _FEW.units
    User.objects.update(joined_at=NOW)  # nobody ever comes to the site
    return world


def _method(worker: Worker, kind: PayoutKindName) -> int:
    number = next(_NUMBERS)
    details = {
        "bkash": {"number": f"017{number}"},
        "paypal": {"email": f"worker{number}@example.org"},
        "cheque": {"payee": f"Rahima {number}", "address": f"House {number}, Dhaka"},
    }
    return make.payout_method(of=worker, kind=kind, details=details[kind]).pk


def later(world: World) -> None:
    """Time passes between bursts, never within one: a sender that is silent for three minutes is dead."""
    world.now += timedelta(seconds=world.chance.choice((1, 20, 60, 240, 1_000, 2_000)))
