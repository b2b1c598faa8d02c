"""What the books say, held against the world: cheap enough to be asked after every burst."""

from __future__ import annotations

from collections import Counter, defaultdict
from fractions import Fraction
from typing import Any

from django.db import connection

from tests.money.storm.paying_out import arrives
from tests.money.storm.world import World
from tukro.kernel.money import SCALES
from tukro.ledger.models import Transfer
from tukro.money import jobs
from tukro.money.models import (
    Booking,
    DebtWriteOff,
    Deposit,
    Payout,
    Refund,
    UnclaimedBalance,
    UnmatchedMoney,
)
from tukro.people.models import Requester, Worker

_RESERVED = ("requested", "approved", "held", "sending", "unknown")
_OUT = ("sent", "settled")
_BACK = ("cancelled", "failed", "returned")

_KEPT = """
    select code, owner, currency, id, ref, balance from ledger_account where owner <> '' or code = 'unmatched'
"""
_SUMMED = """
    select a.code, a.ref, a.currency, coalesce(sum(e.amount), 0)::bigint
    from ledger_account a left join ledger_entry e on e.account_id = a.id
    where a.owner = '' and a.code <> 'unmatched' group by 1, 2, 3
"""


def agree(world: World) -> None:
    """Every balance is what the done acts add up to; every state is one that they lead to."""
    kept: Counter[tuple[str, str, str]] = Counter()
    holds, batch_holds = {}, {}
    for code, owner, currency, account, ref, balance in _rows(_KEPT):
        kept[code, owner, currency] += balance
        if code == "hold":
            holds[account] = balance
        if code == "batch_hold":
            batch_holds[ref] = balance
    assert holds == {hold: world.in_hold[hold] for hold in world.holds}
    _agree_on_batches(world, batch_holds)
    _agree_on_debts(world, kept)
    _agree_on_deposits(world, kept)
    _agree_on_payouts(world, kept)
    _agree_on_silences(world, kept)


def agree_in_the_end(world: World) -> None:
    """What takes longer: the house's own accounts, the keys, what providers really did."""
    jobs.collect_debts(world.now)
    agree(world)
    owing = _rows("select owner from ledger_account where code = 'requester_debt' and balance > 0")
    spendable = _rows("select owner from ledger_account where code = 'requester_available' and balance > 0")
    assert not {owner for (owner,) in owing} & {owner for (owner,) in spendable}
    assert Transfer.objects.filter(key__in=world.moved_keys).count() == len(world.moved_keys)
    house: Counter[str] = Counter()
    for code, _ref, currency, amount in _rows(_SUMMED):
        if currency == "USD":
            house[code] += amount
    payouts = list(Payout.objects.select_related("rate").filter(state__in=_OUT))
    assert -house["fees"] == world.house["fees"]
    assert house["goodwill"] == world.house["goodwill"]
    assert -house["payout_fees"] == sum(one.fee.units for one in payouts)
    assert -house["rounding"] == sum(map(_rounded_away, payouts))
    back = set(Booking.objects.filter(reversed_at__isnull=False).values_list("public_id", flat=True))
    remitted = sum(units for booking, units in world.remitted.items() if booking not in back)
    assert -house["tax_withheld"] == sum(one.tax.units for one in payouts) - remitted
    assert house["debt_losses"] == sum(one.open.units for one in DebtWriteOff.objects.all())
    settled = Deposit.objects.filter(state="settled")
    assert -house["deposit_fees"] == sum(one.fee.units for one in settled)
    _agree_with_providers(world)


def _agree_on_batches(world: World, batch_holds: dict[str, int]) -> None:
    """What the lanes did not get of a batch lies there, or was given back when publishing stopped."""
    assert set(batch_holds) == set(world.batches)
    for batch, one in world.batches.items():
        left = 0 if one.closed else one.aside - one.spread
        assert batch_holds[batch] == left, batch


def _agree_on_debts(world: World, kept: Counter[tuple[str, str, str]]) -> None:
    """Each debt was given up once, and is owed again at most once."""
    rows = list(DebtWriteOff.objects.select_related("requester"))
    found = {one.public_id: (one.requester.public_id, one.amount.units) for one in rows}
    assert found == world.write_offs
    for one in rows:
        assert 0 <= one.reinstated.units <= one.amount.units, one.public_id
        assert one.public_id not in world.reinstated or not one.open, one.public_id
    owed = {who.public_id: kept["requester_debt", who.public_id, "USD"] for who in world.requesters}
    world.debts = {who: units for who, units in owed.items() if units}


def _agree_on_deposits(world: World, kept: Counter[tuple[str, str, str]]) -> None:
    """All that came is in the books once: as the deposit that it was for, or as unmatched."""
    net = Counter(world.net)
    for given_up in DebtWriteOff.objects.select_related("requester"):
        net[given_up.requester.public_id] += given_up.open.units
    for one in world.batches.values():
        if one.closed:
            net[one.owner] += one.aside - one.spread
    booked: Counter[str] = Counter()
    came: Counter[str] = Counter()
    strays = UnmatchedMoney.objects.select_related("assigned__requester", "deposit").order_by("id")
    world.unmatched, assigned = [], set()
    for stray in strays:
        booked[stray.payment_ref] += 1
        came[stray.payment_ref] += stray.units
        world.unmatched += [stray.public_id] if stray.state == "open" else []
        if stray.assigned is not None:
            assigned.add(stray.assigned.public_id)
            net[stray.assigned.requester.public_id] += stray.assigned.amount.units
    for deposit in Deposit.objects.filter(state="settled").exclude(provider="play"):
        if deposit.public_id not in assigned:
            booked[deposit.payment_ref] += 1
            came[deposit.payment_ref] += deposit.asked_units
            asked = world.deposits[deposit.public_id]
            net[asked.owner.public_id] += deposit.amount.units
    assert set(booked) >= set(world.payments), "money came and is not in the books"
    twice = {ref: times for ref, times in booked.items() if times > 1}
    assert not twice, f"booked twice: {twice}"
    assert came == Counter({ref: units for ref, (units, _) in world.payments.items()})
    for requester in world.every_requester:
        who = requester.public_id
        has = kept["requester_available", who, "USD"] + kept["requester_disputed", who, "USD"]
        has += kept["requester_unclaimed", who, "USD"]
        has -= kept["requester_debt", who, "USD"]
        assert has == net[who], (who, has - net[who])


def _agree_on_payouts(world: World, kept: Counter[tuple[str, str, str]]) -> None:
    rows = list(Payout.objects.select_related("rate"))
    assert {one.public_id for one in rows} == set(world.payouts)
    lies: Counter[tuple[str, str, str]] = Counter()
    out: Counter[str] = Counter()
    world.living = [one.public_id for one in rows if one.state not in _BACK]
    world.unknown = [one.public_id for one in rows if one.state == "unknown"]
    for one in rows:
        who, state = world.payouts[one.public_id].public_id, one.state
        allowed = world.allowed.get(one.public_id)
        assert allowed is None or state in allowed, (one.public_id, state, allowed)
        if state not in _BACK:
            out[who] += one.amount.units
        if state in _RESERVED:
            lies["worker_reserved", who, "USD"] += one.amount.units
        if state == "sent":
            lies["worker_transit", who, one.currency] += arrives(
                (one.amount - one.fee - one.tax).units, one.rate
            )
    for worker in world.every_worker:
        who = worker.public_id
        has = kept["worker_available", who, "USD"] + kept["worker_unclaimed", who, "USD"]
        assert has == world.earned[who] - out[who], who
        for code, currency in (("reserved", "USD"), ("transit", "USD"), ("transit", "BDT")):
            place = f"worker_{code}", who, currency
            assert kept[place] == lies[place], place


def _agree_on_silences(world: World, kept: Counter[tuple[str, str, str]]) -> None:
    """What was set apart lies there until it is taken back, once, and by nobody else."""
    apart: Counter[str] = Counter()
    back: Counter[str] = Counter()
    waiting: dict[str, Worker | Requester] = {}
    silences = list(UnclaimedBalance.objects.select_related("worker", "requester").order_by("pk"))
    for one in silences:
        who = one.owner.public_id
        (back if one.claimed_at else apart)[who] += one.amount.units
        if one.moved_at and not one.claimed_at:
            waiting[who] = one.owner
    world.unclaimed = list(waiting.values())
    for code, everybody in (("worker", world.every_worker), ("requester", world.every_requester)):
        for person in everybody:
            assert kept[f"{code}_unclaimed", person.public_id, "USD"] == apart[person.public_id]
            assert world.claimed[person.public_id] <= back[person.public_id]  # not every answer was heard
    kinds = Counter(Transfer.objects.filter(kind__startswith="unclaimed").values_list("kind", flat=True))
    assert kinds["unclaimed"] == sum(1 for one in silences if one.moved_at)
    assert kinds["unclaimed_back"] == sum(1 for one in silences if one.claimed_at)


def _agree_with_providers(world: World) -> None:
    """Nothing was sent twice, and what we say of it is not against what they did."""
    payer = world.payer
    twice = {key: times for key, times in payer.paid.items() if times > 1}
    assert not twice, f"sent twice: {twice}"
    states: dict[str, Any] = dict(Payout.objects.values_list("public_id", "state"))
    states |= dict(Refund.objects.exclude(deposit__provider="bank").values_list("public_id", "state"))
    by_state = defaultdict(list)
    for key, state in states.items():
        if payer.paid[key] and key not in payer.failed:
            by_state[state].append(key)
    for state in ("requested", "approved", "held", "asked", "cancelled", "failed", "returned"):
        assert not by_state[state], f"paid, and here {state}: {by_state[state]}"


def _rounded_away(payout: Payout) -> int:
    """In its own arithmetic: what is left of the dollars when the fewest buy what arrives."""
    if payout.rate is None:
        return 0
    paid_out = payout.amount.units - payout.fee.units - payout.tax.units
    there = arrives(paid_out, payout.rate)
    offered = Fraction(payout.rate.rate) * (1 - Fraction(payout.rate.spread_basis_points, 10_000))
    offered = Fraction(int(offered * 10**6), 10**6)
    cost = Fraction(there, 10 ** SCALES[payout.currency]) / offered * 10 ** SCALES["USD"]
    return paid_out - -int(-cost // 1)


def _rows(sql: str) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return list(cursor.fetchall())
