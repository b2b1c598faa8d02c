"""Accept, submit, approve: what the pages do against what PostgreSQL can do with the same statements.

    ./tukro bench cycle                   every market, 4,000 acts of each kind
    ./tukro bench cycle --acts 800 --quick

Floor and application take turns on the same server, an eighth of the acts at a time, with durable commits
and 16 clients: a machine whose speed changes by the second is the same for both. So do the market of 1,000
tasks and that of 100,000, which are two databases. The floor is pgbench with
the same statements. The application is the pages' own addresses in their JSON form, over HTTP, with
signed-in workers and requester and all middleware. CPU is read from the process table. In the end every act
is looked for in the database.

The CPU budgets were set where no commit waits for the disk, so they are judged in rounds of the pages where
none does; rates and ratios always come from durable commits. And they were set on a machine of some pace:
between those rounds a yardstick tells that of this one, and the budgets are stretched by it.
"""

from __future__ import annotations

import argparse
import os
import platform
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import django

from bench.parts.crew import CLIENTS, VERBS, Crew, Scene, against_floor, hire, pages_alone
from bench.parts.figures import Run, table
from bench.parts.server import Server, durable_server, web
from bench.parts.yardstick import THERE, Yardstick

RESULTS = Path(__file__).with_name("RESULTS.md")
# What a well-made application may cost (µs of CPU): PostgreSQL's side, our own; with commits that do not wait
# for the disk, on the machine where the yardstick's costs were taken.
BUDGETS = {"accept": (250, 500), "submit": (150, 500), "approve": (300, 500)}


@dataclass(frozen=True, slots=True)
class Result:
    scene: str
    verb: str
    floor: Run
    pages: Run

    @property
    def ratio(self) -> float:
        return self.pages.per_second / self.floor.per_second


@dataclass(frozen=True, slots=True)
class Cost:
    """What an act of the pages costs where no commit waits."""

    scene: str
    verb: str
    pages: Run

    def of_budgets(self, pace: float) -> tuple[float, float]:
        """The shares of PostgreSQL's and the application's budget that it used, at this pace."""
        database, application = BUDGETS[self.verb]
        return self.pages.database_us / database / pace, self.pages.application_us / application / pace


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="tukro bench cycle", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--acts", type=int, default=4000, help="acts of each kind on each side")
    parser.add_argument("--quick", action="store_true", help="without the market of 100,000 tasks")
    parser.add_argument("--keep", action="store_true", help=f"write the table to {RESULTS.name}")
    options = parser.parse_args(arguments)
    acts = options.acts // CLIENTS * CLIENTS
    with durable_server() as server:
        os.environ.update(server.environment, TUKRO_WORKER_RATE="1000000")  # not what is measured
        django.setup()
        yardstick = Yardstick(server)
        measured = list(_measure(server, yardstick, acts, quick=options.quick))
    results = [one for one in measured if isinstance(one, Result)]
    costs = [one for one in measured if isinstance(one, Cost)]
    text = report(results, costs, yardstick, acts)
    print(text)
    if options.keep:
        keep("cycle", text)
    return 0


def _measure(server: Server, yardstick: Yardstick, acts: int, *, quick: bool) -> Iterator[Result | Cost]:
    aside = server.copy("aside")
    with web(server) as pages, web(aside) as pages_aside:
        large, small = hire(server, pages, acts), hire(aside, pages_aside, acts)
        markets = [_add(small, "1,000 open tasks", "A", rows=1000, places=2 * acts // 1000 + 8)]
        if not quick:
            _fill(large)
            markets.append(_add(large, "100,000 open tasks", "B", rows=1000, places=2 * acts // 1000 + 8))
        for crew in (small, large):
            _warm_up(crew, "V")
        yield from _results(*markets)
        wide = _add(large, "one task, 10,000 places", "C", rows=1, places=10_000)
        many = _add(large, "10,000 tasks, one place", "D", rows=10_000, places=1)
        _settle(large)
        yield from _results(wide)
        yield from _results(many)
        tasks = _add(large, "1,000 tasks", "E", rows=1000, places=acts // 1000 + 8)
        single = _add(large, "one task, 10,000 places", "F", rows=1, places=10_000)
        _settle(large)
        with server.not_waiting():
            _warm_up(large, "W")
            yardstick.lay()
            for place in (tasks, single):
                yardstick.look()
                yield from _costs(place)
            yardstick.look()
    for each in (server, aside):
        _prove(each)


def _results(*places: tuple[Crew, Scene]) -> Iterator[Result]:
    for scene, verb, floor, pages in against_floor(*places):
        yield Result(scene.name, verb, floor, pages)


def _costs(place: tuple[Crew, Scene]) -> Iterator[Cost]:
    crew, scene = place
    for verb, pages in pages_alone(crew, scene):
        yield Cost(scene.name, verb, pages)


def _add(crew: Crew, name: str, mark: str, *, rows: int, places: int) -> tuple[Crew, Scene]:
    from bench.parts import market

    title = f"{name} ({mark})"  # tasks of the same terms would be of the same group
    with crew.server.in_use():
        batch = market.add_batch(crew.requester, title=title, rows=rows, places=places, now=datetime.now(UTC))
        return crew, Scene(name, mark, batch.task_type.group_id, batch.pk)


def _fill(crew: Crew) -> None:
    for no in range(98):
        _add(crew, "Group", f"{no}", rows=1000, places=3)


def _warm_up(crew: Crew, mark: str) -> None:
    """Every web process and thread has seen each address once before anything is measured."""
    place = _add(crew, "Warm-up", mark, rows=1000, places=4)
    list(pages_alone(*place, count=min(20 * CLIENTS, crew.acts)))
    _settle(crew)


def _settle(crew: Crew) -> None:
    from bench.parts import market

    with crew.server.in_use():
        market.settle()


def _prove(server: Server) -> None:
    from tukro.cli.trust import all_faults

    with server.in_use():
        if faults := all_faults():
            raise RuntimeError(f"the proofs find faults: {faults[:10]}")


def report(results: Sequence[Result], costs: Sequence[Cost], yardstick: Yardstick, acts: int) -> str:
    """The tables, and what they say about budgets and sizes."""
    rows = [
        (
            result.scene if result.verb == VERBS[0] else "",
            result.verb,
            f"{result.floor.per_second:,.0f}",
            f"{result.pages.per_second:,.0f}",
            f"{result.ratio:.0%}",
            f"{result.floor.database_us:,.0f}",
            f"{result.pages.database_us:,.0f}",
            f"{result.pages.application_us:,.0f}",
            f"{result.pages.percentile(50):.1f}",
            f"{result.pages.percentile(99):.1f}",
        )
        for result in results
    ]
    head = (
        *("market", "verb", "floor/s", "pages/s", "ratio", "floor DB µs", "DB µs", "app µs"),
        *("p50 ms", "p99 ms"),
    )
    return "\n".join(
        [
            f"{acts:,} acts of each kind on each side, {CLIENTS} clients, durable commits; {machine()}.",
            "",
            table(head, rows),
            "",
            *_growth(results),
            "",
            *_of_budgets(costs, yardstick),
        ]
    )


def _of_budgets(costs: Sequence[Cost], yardstick: Yardstick) -> Iterator[str]:
    budgets = ", ".join(f"{verb} {theirs} + {ours}" for verb, (theirs, ours) in BUDGETS.items())
    seen = "; ".join(f"{name} {here:,.0f} ({THERE[name]})" for name, here in yardstick.here.items())
    yield f"CPU budgets in µs (PostgreSQL + application): {budgets}, where no commit waits for the disk."
    yield "The yardstick's plain transactions, PostgreSQL's µs here (and where the budgets were set):"
    yield f"{seen}. So this machine takes {yardstick.pace:.2f} times"
    yield "as long, and the shares are of budgets times that. The same requests, not waiting:"
    yield ""
    rows = [
        (
            cost.scene if cost.verb == VERBS[0] else "",
            cost.verb,
            f"{cost.pages.database_us:,.0f}",
            f"{cost.pages.application_us:,.0f}",
            *(f"{share:.0%}" for share in cost.of_budgets(yardstick.pace)),
        )
        for cost in costs
    ]
    yield table(("market", "verb", "DB µs", "app µs", "of DB budget", "of app budget"), rows)


def _growth(results: Sequence[Result]) -> Iterator[str]:
    by = {(result.scene, result.verb): result for result in results}
    for verb in VERBS:
        small, large = by.get(("1,000 open tasks", verb)), by.get(("100,000 open tasks", verb))
        if small and large:
            cost = large.pages.database_us / small.pages.database_us
            floor = large.floor.database_us / small.floor.database_us
            yield f"100,000 against 1,000 tasks, {verb}: PostgreSQL's CPU x {cost:.2f} (floor x {floor:.2f})."


def machine() -> str:
    """What it ran on, and how busy that was with other things."""
    busy = os.getloadavg()[0]
    return (
        f"{os.cpu_count()} cores ({platform.machine()}), Python {platform.python_version()}, load {busy:.1f}"
    )


def keep(name: str, text: str) -> None:
    """Put the result into RESULTS.md in place of the one before."""
    start, end = f"<!-- {name} -->", f"<!-- end of {name} -->"
    kept = RESULTS.read_text() if RESULTS.exists() else "# Measured\n"
    before, found, rest = kept.partition(start)
    after = rest.partition(end)[2] if found else "\n"
    day = f"{datetime.now(UTC):%Y-%m-%d}"
    section = f"{start}\n## ./tukro bench {name} --keep ({day})\n\n{text}\n{end}"
    RESULTS.write_text(before.rstrip() + "\n\n" + section + after)


if __name__ == "__main__":
    raise SystemExit(main())
