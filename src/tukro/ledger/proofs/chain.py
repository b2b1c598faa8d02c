"""I15: what was sealed is as it was, every seal follows from the one before, every day is signed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from cryptography.exceptions import InvalidSignature
from django.db import connection, transaction

from tukro.kernel.signing import NoKey, public_key
from tukro.ledger.models import Day, Seal
from tukro.ledger.proofs import Fault
from tukro.ledger.rules.seals import NOTHING_BEFORE
from tukro.ledger.rules.tree import split, tree_root

_MOST_NAMED = 100

# Walked by number, each range by the index of the entries: nothing is sorted that is not sorted already.
_LEAVES_NOW = """
    select e.transfer_id, e.account_id, ledger_leaf(t, e, a)
    from ledger_entry e
    left join ledger_transfer t on t.id = e.transfer_id
    left join ledger_account a on a.id = e.account_id
    where e.transfer_id > %s and e.transfer_id <= %s order by e.transfer_id, e.account_id
"""
_SAME = """
    select s.id, s.to_transfer, s.entries, s.root, s.previous, s.hash, s.sealed_at, s.leaves,
        s.entries = fresh.entries and s.leaves is not distinct from fresh.leaves
    from (select *, lag(to_transfer, 1, 0::bigint) over (order by id) as after from ledger_seal) s
    cross join lateral (
        select count(*) as entries,
            string_agg(ledger_leaf(t, e, a), ''::bytea order by e.transfer_id, e.account_id) as leaves
        from ledger_entry e
        left join ledger_transfer t on t.id = e.transfer_id and t.id > s.after and t.id <= s.to_transfer
        left join ledger_account a on a.id = e.account_id
        where e.transfer_id > s.after and e.transfer_id <= s.to_transfer
    ) fresh
    order by s.id
"""


def chain_faults() -> list[Fault]:
    """Recompute all that was ever sealed: nothing, or the seals, rows and days that are not as they were."""
    seals, rows, hashes = [], [], {}
    before = (0, 0, NOTHING_BEFORE)
    days = list(
        Day.objects.order_by("day")
    )  # read first: whatever they close is there when the seals are read
    for seal, same in _seals():
        number, after, previous = before
        broken = [
            what
            for what, holds in {
                "number": seal.id == number + 1,
                "previous": seal.head.previous == previous,
                "root": tree_root(split(bytes(seal.leaves))) == seal.head.root,
                "hash": seal.head.hash == bytes(seal.hash),
            }.items()
            if not holds
        ]
        if broken:
            seals.append({"seal": seal.id, "broken": ", ".join(broken)})
        if not same:
            rows += _changed(seal, after)
        hashes[seal.id] = bytes(seal.hash)
        before = (seal.id, seal.to_transfer, bytes(seal.hash))
    found = {
        "I15 every seal follows from the one before": seals,
        "I15 what was sealed is as it was": rows,
        "I15 every day is closed over its seals and signed": list(_bad_days(days, hashes)),
    }
    return [Fault(name, bad[:_MOST_NAMED]) for name, bad in found.items() if bad]


def _seals() -> Iterator[tuple[Seal, bool]]:
    """Every seal, and whether its entries are what they were. A cursor on the server keeps memory flat."""
    columns = ["id", "to_transfer", "entries", "root", "previous", "hash", "sealed_at", "leaves"]
    with transaction.atomic(), connection.chunked_cursor() as cursor:
        with connection.cursor() as settings:
            settings.execute("set local work_mem = '64MB'")  # a seal's entries are sorted in memory
        cursor.execute(_SAME)
        while rows := cursor.fetchmany(20):
            for *values, same in rows:
                yield Seal(**dict(zip(columns, values, strict=True))), same


def _changed(seal: Seal, after: int) -> list[dict[str, Any]]:
    """The rows of a seal that are not as they were: changed, added, or gone (named by the row before it)."""
    with connection.cursor() as cursor:
        cursor.execute(_LEAVES_NOW, [after, seal.to_transfer])
        now = [(transfer, account, bytes(leaf or b"")) for transfer, account, leaf in cursor.fetchall()]
    sealed, present = split(bytes(seal.leaves)), Counter(leaf for _, _, leaf in now)
    known = Counter(sealed)
    strange = [(transfer, account) for transfer, account, leaf in now if leaf not in known]
    gone = sum((known - present).values())
    if len(strange) == gone:
        return [
            {"seal": seal.id, "transfer_id": transfer, "account_id": account, "is": "changed"}
            for transfer, account in strange
        ]
    by_leaf = {leaf: transfer for transfer, _, leaf in now}
    rows: list[dict[str, Any]] = [
        {"seal": seal.id, "transfer_id": transfer, "account_id": account, "is": "added or changed"}
        for transfer, account in strange
    ]
    last = after
    for leaf in sealed:
        if leaf in by_leaf:
            last = by_leaf[leaf]
        else:
            rows.append({"seal": seal.id, "after_transfer": last, "is": "gone or changed"})
    return rows


def _bad_days(days: Sequence[Day], hashes: Mapping[int, bytes]) -> Iterator[dict[str, Any]]:
    after, previous = 0, NOTHING_BEFORE
    for day in days:
        head = day.head
        seals = [hashes.get(number, b"") for number in range(head.first_seal, head.last_seal + 1)]
        broken = [
            what
            for what, holds in {
                "first seal": head.first_seal == after + 1,
                "previous": head.previous == previous,
                "root": bool(seals) and tree_root(seals) == head.root,
                "hash": head.hash == bytes(day.hash),
                "signature": _is_signed(day),
            }.items()
            if not holds
        ]
        if broken:
            yield {"day": day.day, "broken": ", ".join(broken)}
        after, previous = head.last_seal, bytes(day.hash)


def _is_signed(day: Day) -> bool:
    try:
        public_key(day.key).verify(bytes(day.signature), day.head.signed)
    except (InvalidSignature, NoKey):
        return False
    return True
