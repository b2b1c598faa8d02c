"""Measures the MTurk wire: signed calls over HTTP, and the statements of each operation by pgbench."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import connection
from django.http import HttpResponse
from django.test import RequestFactory

from bench.parts import http, market, pgbench
from bench.parts.figures import Run
from bench.parts.market import Person
from bench.parts.server import Server, Web
from bench.parts.statements import ids_by_sequence, script, statements_of, turns
from tests.api.fuzz import raw
from tests.api.signing import Call
from tukro.api.mturk import door
from tukro.cli.trust import all_faults
from tukro.people.actions.keys import make_access_key
from tukro.people.models import Requester
from tukro.work.models import Assignment, Task

CLIENTS = 16
SCRIPT_THREADS = 8
_STEP = 10_000
_QUESTION = (
    '<ExternalQuestion xmlns="http://mechanicalturk.amazonaws.com/AWSMechanicalTurkDataSchemas/2006-07-14/'
    'ExternalQuestion.xsd"><ExternalURL>https://example.org/study?a=1&amp;b=2</ExternalURL>'
    "<FrameHeight>600</FrameHeight></ExternalQuestion>"
)
_ANSWER = json.dumps({"fields": [["digit", "7"]]})


@dataclass(frozen=True, slots=True)
class Result:
    operation: str
    floor: Run
    wire: Run

    @property
    def ratio(self) -> float:
        return self.wire.per_second / self.floor.per_second


def measure(server: Server, pages: Web, calls: int, hits: int) -> tuple[list[Result], list[Run]]:
    """Every operation on both sides, then so many HITs by one script."""
    now = datetime.now(UTC)
    requester = market.add_requester(now=now)
    client = Client(server, pages, requester)
    type_id = client.one("CreateHITType", **_TERMS)["HITTypeId"]
    hit_id = client.one("CreateHITWithHITType", **_hit(type_id, 0))["HIT"]["HITId"]
    submitted = _submitted(requester, 2 * calls + 1, now)
    busy_hit = _busy_hit(requester, now)
    client.drive("GetHIT", [{"HITId": hit_id}] * 400)  # every process and thread has answered once
    market.settle()
    lists = calls // 4 // CLIENTS * CLIENTS
    results = [
        client.compare("GetAccountBalance", [{}] * calls),
        client.compare_making(type_id, calls),
        client.compare("GetHIT", [{"HITId": hit_id}] * calls),
        client.compare("ListHITs", [{"MaxResults": 100}] * lists),
        client.compare("ListAssignmentsForHIT", [{"HITId": busy_hit, "MaxResults": 100}] * lists),
        client.compare_approving(submitted, calls),
    ]
    steps = list(_make_many(client, type_id, hits))
    _count(requester, approved=2 * calls + 1, made=hits + 2 * calls + 2)
    return results, steps


_TERMS = {
    "Title": "Which digit is this?",
    "Description": "Look at a small picture and say which digit it shows.",
    "Keywords": "image, digits",
    "Reward": "0.01",
    "AssignmentDurationInSeconds": 600,
    "AutoApprovalDelayInSeconds": 86400,
}


def _hit(type_id: str, no: int) -> dict[str, Any]:
    return {
        "HITTypeId": type_id,
        "LifetimeInSeconds": 86400,
        "MaxAssignments": 1,
        "Question": _QUESTION,
        "RequesterAnnotation": f"row {no}",
    }


class Client:
    """One requester's programs: signs calls beforehand, so that sending them costs next to nothing."""

    def __init__(self, server: Server, pages: Web, requester: Requester) -> None:
        self._server, self._pages = server, pages
        self._key = make_access_key(requester=requester, now=datetime.now(UTC))
        self._number = 0

    def one(self, operation: str, **members: Any) -> dict[str, Any]:
        answer: dict[str, Any] = json.loads(self.drive(operation, [members]).bodies[0])
        return answer

    def drive(
        self, operation: str, calls: Sequence[Mapping[str, Any]], *, clients: int = CLIENTS
    ) -> http.Answers:
        requests = [self._signed(operation, members) for members in calls]
        return http.drive(self._server, self._pages, requests, clients=min(clients, len(requests)))

    def compare(self, operation: str, calls: Sequence[Mapping[str, Any]]) -> Result:
        """The floor of one such call's statements, then the calls."""
        statements, _ = self._taken_down(operation, calls[0])
        return self._both(operation, calls, script(statements, {}))

    def compare_making(self, type_id: str, calls: int) -> Result:
        """Each makes another HIT, on both sides."""
        statements, answer = self._taken_down("CreateHITWithHITType", _hit(type_id, 0))
        with ids_by_sequence(f"'{answer['HIT']['HITId']}'") as (new, same):
            floor = script(statements[:2], new) + "\n" + script(statements[2:], same)
            made = [_hit(type_id, no) for no in range(1, calls + 1)]
            return self._both("CreateHITWithHITType", made, floor)

    def compare_approving(self, submitted: Sequence[str], calls: int) -> Result:
        """Each pays another assignment, on both sides."""
        first, on_floor, on_wire = submitted[0], submitted[1 : calls + 1], submitted[calls + 1 :]
        statements, _ = self._taken_down("ApproveAssignment", {"AssignmentId": first})
        with turns(on_floor) as another:
            floor = script(statements, {f"'{first}'": another})
            approvals = [{"AssignmentId": one} for one in on_wire[:calls]]
            return self._both("ApproveAssignment", approvals, floor)

    def _both(self, operation: str, calls: Sequence[Mapping[str, Any]], floor: str) -> Result:
        measured = pgbench.run(self._server, floor, clients=CLIENTS, transactions=len(calls))
        return Result(operation, measured, self.drive(operation, calls).run)

    def _taken_down(self, operation: str, members: Mapping[str, Any]) -> tuple[list[str], dict[str, Any]]:
        """The statements of one call, which is made here and not over HTTP, and its answer."""
        call = self._call(operation, members)
        request = RequestFactory().generic("POST", "/mturk", call.body, headers=call.signed("here"))
        request.META["CONTENT_TYPE"] = "application/x-amz-json-1.1"
        answers: list[HttpResponse] = []
        statements = statements_of(lambda: answers.append(door.answer(request, datetime.now(UTC))))
        if answers[0].status_code != 200:
            raise RuntimeError(answers[0].content)
        return statements, json.loads(answers[0].content)

    def _signed(self, operation: str, members: Mapping[str, Any]) -> bytes:
        call = self._call(operation, members)
        return raw(call.signed(f"localhost:{self._pages.port}"), call.body)

    def _call(self, operation: str, members: Mapping[str, Any]) -> Call:
        """As an SDK makes it: each with a number of its own."""
        self._number += 1
        number = {"amz-sdk-invocation-id": f"bench-{self._number}", "amz-sdk-request": "attempt=1"}
        return Call(*self._key, operation, json.dumps(members).encode(), headers=number)


def _submitted(requester: Requester, count: int, now: datetime) -> list[str]:
    """So many assignments of different workers that wait for their approval."""
    rows = 1000
    batch = market.add_batch(requester, title="To approve", rows=rows, places=count // rows + 2, now=now)
    return _work(batch.task_type.group_id, market.add_workers(count, now=now), "A")


def _busy_hit(requester: Requester, now: datetime) -> str:
    """A HIT on which 150 workers handed in."""
    batch = market.add_batch(requester, title="Busy", rows=1, places=150, now=now)
    _work(batch.task_type.group_id, market.add_workers(150, now=now), "B")
    return batch.tasks.get().public_id


def _work(group_id: str, workers: Sequence[Person], mark: str) -> list[str]:
    made = [(worker, f"3F{mark}X{no}") for no, worker in enumerate(workers)]
    with connection.cursor() as cursor:
        for worker, assignment_id in made:
            cursor.execute(
                "select work_accept_next(%s, %s, %s, %s, now(), false)",
                [group_id, worker.pk, worker.public_id, assignment_id],
            )
            cursor.execute(
                "select work_submit(%s, %s, %s, now(), false)", [assignment_id, worker.pk, _ANSWER]
            )
    return [assignment_id for _, assignment_id in made]


def _make_many(client: Client, type_id: str, hits: int) -> Iterator[Run]:
    """One script's HITs, by ten-thousands, each signed shortly before it is sent."""
    for first in range(0, hits, _STEP):
        calls = [_hit(type_id, no) for no in range(first, min(first + _STEP, hits))]
        run = client.drive("CreateHITWithHITType", calls, clients=SCRIPT_THREADS).run
        print(
            f"{first + run.count:,} HITs made; the last {run.count:,} at {run.per_second:,.0f}/s", flush=True
        )
        yield run


def _count(requester: Requester, *, approved: int, made: int) -> None:
    found = Assignment.objects.filter(requester_id=requester.pk, state="approved").count()
    if found != approved:
        raise RuntimeError(f"{approved} approvals were answered, {found} assignments are approved")
    tasks = Task.objects.filter(requester_id=requester.pk, batch__source="wire").count()
    if tasks != made:
        raise RuntimeError(f"{made} HITs were answered, {tasks} are there")
    if faults := all_faults():
        raise RuntimeError(f"the proofs find faults: {faults[:10]}")
