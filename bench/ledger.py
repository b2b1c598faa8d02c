"""The vault against what PostgreSQL can do with the same rows, and how long it takes to prove many.

    ./tukro bench ledger                              1, 4 and 16 writers, then proofs over 1,000,000 entries
    ./tukro bench ledger --transfers 2000 --entries 30000

A transfer has three entries, from a hold to a worker and the house's fees. The floor does the same inserts
and balance updates in tables of its own with the same indexes, without functions, triggers or checks. Both
sides are driven by pgbench on one server with durable commits, one after the other.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import django

from bench.cycle import keep, machine
from bench.parts import pgbench
from bench.parts.figures import Run, table
from bench.parts.server import Server, durable_server

WRITERS = (1, 4, 16)
ACCOUNTS = 1000
HOT, COLD = 500_000_000_000, 400_000_000  # in the first hold, from which all pay at times, and in each other
CHUNK = 10_000  # transfers that one call posts while the books are filled
WANTED_SHARE = 0.5
WANTED_SECONDS = 10
WANTED_ENTRIES = 1_000_000

FLOOR = """
create table floor_account (id bigint primary key, balance bigint not null) with (fillfactor = 70);
create table floor_transfer (
    id bigint generated always as identity primary key,
    kind varchar(30) not null, key varchar(120) not null unique,
    subject varchar(64) not null, posted_at timestamptz not null
);
create index on floor_transfer (subject, id) where kind <> 'reward';
create table floor_entry (
    transfer_id bigint not null, account_id bigint not null, amount bigint not null,
    primary key (transfer_id, account_id)
);
create index on floor_entry (account_id, transfer_id) include (amount);
insert into floor_account select id, balance from ledger_account;
create sequence bench_turn;
"""
OURS_SCRIPT = """
{pick}
select ledger_post('reward', 'reward:' || 'b' || n, 'b' || n, now(), array[{hold}, {worker}, {fees}],
    array[600000, -500000, -100000]) from nextval('bench_turn') n;
"""
FLOOR_SCRIPT = """
{pick}
begin;
with t as (
    insert into floor_transfer (kind, key, subject, posted_at)
        select 'reward', 'reward:' || 'b' || n, 'b' || n, now() from nextval('bench_turn') n returning id
)
insert into floor_entry (transfer_id, account_id, amount)
    select t.id, l.account, l.amount from t,
        (values ({hold}::bigint, 600000), ({worker}, -500000), ({fees}, -100000)) as l(account, amount);
update floor_account set balance = balance - 600000 where id = {hold};
update floor_account set balance = balance + 500000 where id = {worker};
commit;
"""


@dataclass(frozen=True, slots=True)
class Books:
    """First ids of the holds and of the workers' accounts, which follow each other, and the fees' id."""

    hold: int
    worker: int
    own_fees: int  # a thousand house accounts, for the comparison with the one
    fees: int


@dataclass(frozen=True, slots=True)
class Measured:
    accounts: str
    writers: int
    floor: Run
    ours: Run


@dataclass(frozen=True, slots=True)
class Proved:
    entries: int
    seconds: float
    chain_seconds: float
    sealing_seconds: float
    seals: int


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="tukro bench ledger", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--transfers", type=int, default=16_000, help="of each kind on each side")
    parser.add_argument("--entries", type=int, default=WANTED_ENTRIES, help="over which the proofs are run")
    parser.add_argument("--keep", action="store_true", help="write the tables to RESULTS.md")
    options = parser.parse_args(arguments)
    with durable_server() as server:
        os.environ.update(server.environment)
        django.setup()
        books = _open_books()
        runs = list(_measure(server, books, options.transfers))
        proved = _prove(books, options.entries)
    text = _report(runs, proved, options.transfers)
    print(text)
    if options.keep:
        keep("ledger", text)
    return 0


def _open_books() -> Books:
    """A thousand holds with much money, a thousand workers' accounts, the house's fees."""
    from django.db import connection

    from bench.parts import market
    from tukro.ledger.actions import open_account

    now = datetime.now(UTC)
    requester = market.add_requester(now=now)
    workers = market.add_workers(ACCOUNTS, now=now)
    with connection.cursor() as cursor:
        cursor.execute(
            "select min(hold) from money_open_holds(%s, %s, %s)",
            [requester.public_id, [f"L{n}" for n in range(ACCOUNTS)], now],
        )
        hold: int = cursor.fetchone()[0]
        cursor.execute(
            "select money_fill_holds(%s, %s::bigint[], %s::bigint[], 'fill', 'fill', %s)",
            [requester.public_id, [hold + n for n in range(ACCOUNTS)], [HOT, *[COLD] * (ACCOUNTS - 1)], now],
        )
        cursor.execute(
            "select min(money_worker_account(w, %s)) from unnest(%s::text[]) with ordinality as l(w, n)",
            [now, [one.public_id for one in workers]],
        )
        worker: int = cursor.fetchone()[0]
        cursor.execute("select money_fees_account(%s)", [now])
        fees: int = cursor.fetchone()[0]
        own = [
            open_account(
                code="outside", owner="", ref=f"own{n}", currency="USD", normal="D", floor=None, at=now
            )
            for n in range(ACCOUNTS)
        ]
        cursor.execute(FLOOR)
    market.settle()
    return Books(hold, worker, own[0], fees)


def _measure(server: Server, books: Books, transfers: int) -> Iterator[Measured]:
    """Which of the three accounts are shared by all writers."""
    pick = f"\\set one random(0, {ACCOUNTS - 1})\n\\set other random(0, {ACCOUNTS - 1})"
    spread = {
        "pick": pick,
        "hold": f"{books.hold} + :one",
        "worker": f"{books.worker} + :other",
        "fees": f"{books.own_fees} + :one",
    }
    kinds = {
        "spread": spread,
        "hot: one fee account": spread | {"fees": str(books.fees)},
        "hot: one hold, one fee account": spread | {"fees": str(books.fees), "hold": str(books.hold)},
    }
    for name, words in kinds.items():
        for writers in WRITERS:
            count = transfers // writers * writers
            pgbench.run(server, OURS_SCRIPT.format(**words), clients=writers, transactions=writers * 20)
            floor = pgbench.run(server, FLOOR_SCRIPT.format(**words), clients=writers, transactions=count)
            ours = pgbench.run(server, OURS_SCRIPT.format(**words), clients=writers, transactions=count)
            yield Measured(name, writers, floor, ours)


def _prove(books: Books, entries: int) -> Proved:
    """Fill the books up to so many entries, put them under seal, and time every proof of the ledger."""
    from bench.parts import market
    from tukro.kernel.signing import signing_key
    from tukro.ledger.actions.sealing import seal_settled, sign_days
    from tukro.ledger.models import Entry, Seal
    from tukro.ledger.proofs.chain import chain_faults
    from tukro.money.queries import ledger_faults

    have, first = Entry.objects.count(), 0
    while have < entries:
        count = min(CHUNK, -(-(entries - have) // 3))
        _post(books, first, count)
        first, have = first + count, have + count * 3
    market.settle()
    now, clock = datetime.now(UTC), time.perf_counter()
    seal_settled(now=now)
    sealing = time.perf_counter() - clock
    sign_days(key=signing_key("bench"), now=now + timedelta(days=1))
    clock = time.perf_counter()
    # What the floor's twin of a fee account moved is no movement of the house: the only thing to be found.
    found = [fault.name for fault in ledger_faults() if not fault.name.startswith("I11")]
    seconds, clock = time.perf_counter() - clock, time.perf_counter()
    assert not found, found
    chain_faults()
    chain = time.perf_counter() - clock
    return Proved(Entry.objects.count(), seconds, chain, sealing, Seal.objects.count())


def _post(books: Books, first: int, count: int) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            """
            select ledger_post_many('reward',
                array_agg('reward:f' || n), array_agg('f' || n), now(),
                array_agg(%(hold)s + n %% %(accounts)s), array_agg(60000::bigint),
                array_agg(%(worker)s + n * 7 %% %(accounts)s), array_agg(-50000::bigint),
                array_agg(%(fees)s::bigint), array_agg(-10000::bigint))
            from generate_series(%(first)s::bigint, %(last)s::bigint) n
            """,
            {
                "hold": books.hold,
                "worker": books.worker,
                "fees": books.fees,
                "accounts": ACCOUNTS,
                "first": first,
                "last": first + count - 1,
            },
        )


def _report(runs: Sequence[Measured], proved: Proved, transfers: int) -> str:
    rows = [
        (
            one.accounts,
            str(one.writers),
            f"{one.floor.per_second:,.0f}",
            f"{one.ours.per_second:,.0f}",
            f"{one.ours.per_second / one.floor.per_second:.0%}",
            f"{one.floor.database_us:,.0f}",
            f"{one.ours.database_us:,.0f}",
        )
        for one in runs
    ]
    head = ("accounts", "writers", "floor/s", "transfers/s", "ratio", "floor DB µs", "DB µs")
    speed = {(one.accounts, one.writers): one.ours.per_second for one in runs}
    hot, spread = (speed[name, WRITERS[-1]] for name in ("hot: one fee account", "spread"))
    return "\n".join(
        [
            f"{transfers:,} transfers of three entries on each side, durable commits; {machine()}.",
            "",
            table(head, rows),
            "",
            f"Wanted: at least {WANTED_SHARE:.0%} of the floor; one fee account for all no slower than many",
            f"(with {WRITERS[-1]} writers {hot / spread:.0%} of it).",
            "",
            f"Every proof of the ledger over {proved.entries:,} entries: {proved.seconds:.1f} s, of them "
            f"{proved.chain_seconds:.1f} s for the chain of {proved.seals} seals",
            f"(wanted: {WANTED_SECONDS} s over {WANTED_ENTRIES:,}). Putting them under seal took "
            f"{proved.sealing_seconds:.1f} s.",
        ]
    )


if __name__ == "__main__":
    raise SystemExit(main())
