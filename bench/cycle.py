"""Accept, submit, approve: what the pages do against what PostgreSQL can do with the same statements.

    ./tukro bench cycle                   every market, 4,000 acts of each kind
    ./tukro bench cycle --acts 800 --quick

Floor and application take turns on the same server, a quarter of the acts at a time, with durable commits
and 16 clients: a machine whose speed changes by the second is the same for both. The floor is pgbench with
the same statements. The application is the pages' own addresses in their JSON form, over HTTP, with
signed-in workers and requester and all middleware. CPU is read from the process table. In the end every act
is looked for in the database.

The CPU budgets were set where no commit waits for the disk, so they are judged in rounds of the pages where
none does; rates and ratios always come from durable commits.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import django

from bench.parts import http, pgbench
from bench.parts.figures import Run, table, together
from bench.parts.server import Server, Web, durable_server, web

if TYPE_CHECKING:
    from tukro.people.models import Requester

CLIENTS = 16
TURNS = 4  # of each side, for each verb
VERBS = ("accept", "submit", "approve")
RESULTS = Path(__file__).with_name("RESULTS.md")
# What a well-made application may cost (µs of CPU): PostgreSQL's side, our own; with commits that do not wait
# for the disk, where a look-up by key costs so many µs.
BUDGETS = {"accept": (250, 500), "submit": (150, 500), "approve": (300, 500)}
BUDGETS_READ_US = 17

ANSWER = [("digit", "7"), ("sure", "yes"), ("note", "ছবিতে একটি সাত আছে")]
ANSWER_JSON = json.dumps({"fields": ANSWER}, ensure_ascii=False)

# What a look-up by key costs tells how quick this machine is.
_READ = """\\set no random(1, 800)
select key from bench_worker where no = :no;"""
# The statements of the pages: whose session is it, and the verb. Turns are taken by number.
_ACCEPT = """select a.* from bench_worker w, {caller},
  work_accept_next('{group}', c.id, c.public_id, '3F{mark}X' || w.no, now(), false) a
  where w.no = (select nextval('bench_turn'));"""
_SUBMIT = """select a.* from bench_worker w, {caller},
  work_submit('3F{mark}X' || w.no, c.id, '{answer}', now(), false) a
  where w.no = (select nextval('bench_turn'));"""
_APPROVE = """select a.* from bench_worker w,
  {caller},
  work_approve('3F{mark}X' || w.no, c.id, '', '{actor}', now(), false) a
  where w.no = (select nextval('bench_turn'));"""
_SINCE = "now() - interval '60 minutes'"


@dataclass(frozen=True, slots=True)
class Scene:
    """A market's name and the group that is worked on."""

    name: str
    mark: str
    group_id: str
    batch_pk: int


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

    def of_budgets(self) -> tuple[float, float]:
        """The shares of PostgreSQL's and the application's budget that it used."""
        database, application = BUDGETS[self.verb]
        return self.pages.database_us / database, self.pages.application_us / application


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
        with web(server) as pages:
            measured = list(_measure(server, pages, acts, quick=options.quick))
        read = pgbench.run(server, _READ, clients=CLIENTS, transactions=8 * acts)
    results = [one for one in measured if isinstance(one, Result)]
    costs = [one for one in measured if isinstance(one, Cost)]
    text = report(results, costs, acts, read.database_us)
    print(text)
    if options.keep:
        keep("cycle", text)
    return 0


def _measure(server: Server, pages: Web, acts: int, *, quick: bool) -> Iterator[Result | Cost]:
    from django.db import connection

    from bench.parts import market

    now = datetime.now(UTC)
    karim = market.add_requester(now=now)
    workers = market.add_workers(2 * acts, now=now)
    _number(market.sign_in_workers(workers[:acts]))
    crew = Crew(server, pages, karim, market.sign_in(karim.user), acts)
    crew.sessions = market.sign_in_workers(workers[acts:])
    small = market.add_batch(
        karim, title="Among 1,000 tasks", rows=1000, places=2 * acts // 1000 + 8, now=now
    )
    crew.warm_up(market.add_batch(karim, title="Warm-up", rows=1000, places=4, now=now).task_type.group_id)
    market.settle()
    yield from crew.work(Scene("1,000 open tasks", "A", small.task_type.group_id, small.pk))
    if not quick:
        for no in range(98):
            market.add_batch(karim, title=f"Group {no}", rows=1000, places=3, now=now)
        large = market.add_batch(
            karim, title="Among 100,000 tasks", rows=1000, places=2 * acts // 1000 + 8, now=now
        )
        market.settle()
        yield from crew.work(Scene("100,000 open tasks", "B", large.task_type.group_id, large.pk))
    wide = market.add_batch(karim, title="One task", rows=1, places=10_000, now=now)
    many = market.add_batch(karim, title="Siblings", rows=10_000, places=1, now=now)
    market.settle()
    yield from crew.work(Scene("one task, 10,000 places", "C", wide.task_type.group_id, wide.pk))
    yield from crew.work(Scene("10,000 tasks, one place", "D", many.task_type.group_id, many.pk))
    tasks = market.add_batch(karim, title="1,000 again", rows=1000, places=acts // 1000 + 8, now=now)
    single = market.add_batch(karim, title="One task again", rows=1, places=10_000, now=now)
    market.settle()
    with server.not_waiting():
        connection.close()  # ours was ended too
        crew.warm_up(market.add_batch(karim, title="Anew", rows=1000, places=4, now=now).task_type.group_id)
        yield from crew.cost(Scene("1,000 tasks", "E", tasks.task_type.group_id, tasks.pk))
        yield from crew.cost(Scene("one task, 10,000 places", "F", single.task_type.group_id, single.pk))
    connection.close()
    _prove()


@dataclass
class Crew:
    """Who works: the requester, and the workers by their sessions; those of the floor are in a table."""

    server: Server
    pages: Web
    requester: Requester
    requester_session: str
    acts: int

    def __post_init__(self) -> None:
        self.sessions: list[str] = []

    def work(self, scene: Scene) -> Iterator[Result]:
        """The whole cycle of a group on both sides, verb by verb, floor and pages in turn."""
        taken: list[dict[str, str]] = []
        for verb in VERBS:
            with self._floor(verb, scene) as floor:
                pages, taken = self._pages(verb, scene, taken, before=floor.until)
            yield Result(scene.name, verb, floor.run, pages)
        _count_rows(scene, 2 * self.acts)

    def cost(self, scene: Scene) -> Iterator[Cost]:
        """The cycle of a group by the pages alone."""
        taken: list[dict[str, str]] = []
        for verb in VERBS:
            pages, taken = self._pages(verb, scene, taken)
            yield Cost(scene.name, verb, pages)
        _count_rows(scene, self.acts)

    def warm_up(self, group_id: str) -> None:
        """Every web process and thread has seen each address once before anything is measured."""
        scene = Scene("", "W", group_id, 0)
        taken: list[dict[str, str]] = []
        for verb in VERBS:
            _, taken = self._pages(verb, scene, taken, count=min(20 * CLIENTS, self.acts))

    def _floor(self, verb: str, scene: Scene) -> AbstractContextManager[pgbench.Turns]:
        script = {"accept": _ACCEPT, "submit": _SUBMIT, "approve": _APPROVE}[verb].format(
            group=scene.group_id,
            mark=scene.mark,
            answer=ANSWER_JSON,
            caller=self._caller(verb),
            # A colon before a letter is a variable of pgbench.
            actor=f"{self.requester.actor}".replace(":", "' || chr(58) || '"),
        )
        _restart_turns()
        return pgbench.in_turns(
            self.server, script, clients=CLIENTS, transactions=self.acts, progress=_turns_taken
        )

    def _caller(self, verb: str) -> str:
        """The part of the pages' own statement that finds whose session it is."""
        from tukro.people.queries import RequesterBySession, WorkerBySession
        from tukro.web.entry import sessions

        kind = RequesterBySession if verb == "approve" else WorkerBySession
        key = f"'{sessions.hashed(self.requester_session)}'" if verb == "approve" else "w.key"
        return "lateral " + kind.owner % (key, f"'{sessions.seal()}'", "now()", _SINCE)

    def _pages(
        self,
        verb: str,
        scene: Scene,
        taken: list[dict[str, str]],
        count: int = 0,
        before: Callable[[int], None] = lambda _: None,
    ) -> tuple[Run, list[dict[str, str]]]:
        """In turns; ``before`` each, the other side is told how many of its acts should be done."""
        requests = list(getattr(self, f"_{verb}_requests")(scene, taken))[: count or None]
        parts: list[http.Answers] = []
        for turn in range(TURNS):
            start, end = (len(requests) * no // TURNS for no in (turn, turn + 1))
            before(end)
            parts.append(http.drive(self.server, self.pages, requests[start:end], clients=CLIENTS))
        if verb == "accept":
            taken = [json.loads(body) for part in parts for body in part.bodies]
        return together([part.run for part in parts]), taken

    def _accept_requests(self, scene: Scene, _: object) -> Iterator[bytes]:
        path = f"/projects/{scene.group_id}/tasks/accept_random?format=json"
        for session in self.sessions:
            yield http.post(path, port=self.pages.port, session=session, kind="form")

    def _submit_requests(self, scene: Scene, taken: list[dict[str, str]]) -> Iterator[bytes]:
        body = urlencode(ANSWER).encode()
        for one, session in zip(taken, self.sessions, strict=False):
            path = f"/projects/{scene.group_id}/tasks/{one['task_id']}/submit"
            query = f"?assignment_id={one['assignment_id']}&format=json"
            yield http.post(path + query, body, port=self.pages.port, session=session, kind="form")

    def _approve_requests(self, _: Scene, taken: list[dict[str, str]]) -> Iterator[bytes]:
        for one in taken:
            body = json.dumps({"assignment_ids": [one["assignment_id"]]}).encode()
            yield http.post(
                "/requester/assignments/approve?format=json",
                body,
                port=self.pages.port,
                session=self.requester_session,
            )


def _number(cookies: Sequence[str]) -> None:
    """The floor's workers take turns by number."""
    from django.db import connection

    from tukro.web.entry import sessions

    with connection.cursor() as cursor:
        cursor.execute("create table bench_worker (no int primary key, key text)")
        cursor.execute("create sequence bench_turn")
        cursor.executemany(
            "insert into bench_worker values (%s, %s)",
            [(no, sessions.hashed(cookie)) for no, cookie in enumerate(cookies, 1)],
        )
        cursor.execute("analyze bench_worker")


def _restart_turns() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("alter sequence bench_turn restart")


def _turns_taken() -> int:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("select case when is_called then last_value else 0 end from bench_turn")
        return int(cursor.fetchone()[0])


def _count_rows(scene: Scene, wanted: int) -> None:
    from tukro.work.models import Assignment

    found = Assignment.objects.filter(batch_id=scene.batch_pk, state="approved").count()
    if found != wanted:
        raise RuntimeError(f"{scene.name}: {wanted} acts were answered, {found} assignments are approved")


def _prove() -> None:
    from tukro.cli.trust import all_faults

    if faults := all_faults():
        raise RuntimeError(f"the proofs find faults: {faults[:10]}")


def report(results: Sequence[Result], costs: Sequence[Cost], acts: int, read_us: float) -> str:
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
            *_of_budgets(costs, read_us),
        ]
    )


def _of_budgets(costs: Sequence[Cost], read_us: float) -> Iterator[str]:
    budgets = ", ".join(f"{verb} {ours} + {theirs}" for verb, (ours, theirs) in BUDGETS.items())
    yield f"CPU budgets in µs (PostgreSQL + application): {budgets}, where no commit"
    yield f"waits for the disk. An indexed read costs PostgreSQL {BUDGETS_READ_US} µs where they were set,"
    yield f"here {read_us:.0f}. The same requests, not waiting:"
    yield ""
    rows = [
        (
            cost.scene if cost.verb == VERBS[0] else "",
            cost.verb,
            f"{cost.pages.database_us:,.0f}",
            f"{cost.pages.application_us:,.0f}",
            *(f"{share:.0%}" for share in cost.of_budgets()),
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
