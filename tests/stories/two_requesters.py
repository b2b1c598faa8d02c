"""Two requesters who share their workers, all that comes out of their doors, and what must not be in it."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html import unescape

from django.test import Client
from django.utils import timezone

from tests import make
from tests.notices.asking import ask
from tests.quality.policies import answer_key, known, parameter, task_with
from tests.web.joining import signed_in
from tests.web.reading import streamed
from tukro.api.mturk.errors import WireError
from tukro.api.mturk.operations import registry
from tukro.api.mturk.refused import refusal_error
from tukro.kernel.errors import Refused
from tukro.kernel.money import Money
from tukro.notices.actions.talking import begin_as_requester, begin_as_worker
from tukro.people.aliases import alias
from tukro.people.models import Requester, Worker
from tukro.qualifications.actions.blocking import block_worker
from tukro.qualifications.actions.granting import grant, revoke
from tukro.qualifications.actions.groups import answer_invitation, create_group, invite
from tukro.qualifications.actions.pool import Former, bring_workers, claim_former_id
from tukro.qualifications.actions.requesting import request_qualification
from tukro.qualifications.actions.types import TypePlan, create_type_as
from tukro.qualifications.models import QualificationType
from tukro.quality.actions import review_submitted
from tukro.work.actions.doing.appealing import appeal
from tukro.work.actions.reviewing import approve_assignments, ask_revision, reject_assignments, send_bonus
from tukro.work.models import Assignment, Batch, Task

_LINK = re.compile(r'(?:href|action)="(/[^"#]*)')
_ROOMS = ("/requester", "/account/notices", "/account/data", "/account/known")


@dataclass
class Side:
    """A requester and what they have of their workers."""

    requester: Requester
    client: Client
    batch: Batch
    works: dict[str, Assignment]  # by the worker's name
    kind: QualificationType
    group: QualificationType
    wire_task: Task
    words: dict[str, str] = field(default_factory=dict)  # what came out of every door, by its name

    def known(self, worker: Worker) -> str:
        return alias(worker, self.requester)

    def ask(self, operation: str, **given: object) -> str:
        """One call on the wire, without its signature: what the caller reads."""
        called = registry.find(operation)
        assert called is not None
        try:
            members = called.read_input(json.dumps(given).encode())
            answer = called.write_output(
                called.act(caller=self.requester, given=members, now=timezone.now())
            ).decode()
        except WireError as error:
            answer = json.dumps(error.body(timezone.now()))
        except Refused as refused:
            answer = json.dumps(refusal_error(refused).body(timezone.now()))
        self.words[f"{operation} {len(self.words)}"] = answer
        return answer

    def get(self, path: str) -> str:
        """One page or file as the requester's browser gets it, headers included."""
        answer = self.client.get(path)
        body = streamed(answer) if answer.streaming else answer.content
        self.words[path] = f"{answer.headers} {unescape(body.decode(errors='replace'))}"
        return self.words[path]


@dataclass
class Market:
    karim: Side
    salma: Side
    workers: dict[str, Worker]

    def sides(self) -> Iterator[tuple[Side, Side]]:
        yield self.karim, self.salma
        yield self.salma, self.karim

    def secrets(self, side: Side, other: Side) -> dict[str, str]:
        """What must not come out of any door of ``side``."""
        own = {f"{name}'s own id": one.public_id for name, one in self.workers.items()}
        theirs = {f"{name} as the other knows them": other.known(one) for name, one in self.workers.items()}
        assert not {*own.values(), *theirs.values()} & {side.known(one) for one in self.workers.values()}
        return own | theirs


def side_of(name: str, workers: Mapping[str, Worker]) -> Side:
    """Everything in which a requester can meet a worker."""
    now = timezone.now()
    requester = make.requester(name=name, aliases=True)
    rahima, nusrat, jahid = workers.values()
    batch = make.batch(of=requester, rows=3, places=4, now=now)
    ask(batch, "Email", requester.user.email)
    works = {key: make.submitted(by=one, of=batch, now=now) for key, one in workers.items()}
    more = make.submitted(by=rahima, of=batch, now=now)  # waits for review
    repaired = make.submitted(by=nusrat, of=batch, now=now)
    ask_revision(
        requester=requester, assignment_id=repaired.public_id, reason_code="other", feedback="Again", now=now
    )
    reject_assignments(
        requester=requester,
        assignment_ids=[works["nusrat"].public_id],
        reason_code="other",
        feedback="Wrong",
        now=now,
    )
    appeal(worker=nusrat, assignment_id=works["nusrat"].public_id, text="It was right, look again.", now=now)
    done = [works["rahima"].public_id, works["jahid"].public_id]
    approve_assignments(requester=requester, assignment_ids=done, now=now)
    send_bonus(
        requester=requester,
        assignment_id=done[0],
        amount=Money.parse("0.10"),
        reason="Well done",
        token=f"thanks-{name}",
        now=now,
    )
    kind = create_type_as(
        requester=requester, plan=TypePlan(name="Reads Bengali", description="Can read it."), now=now
    )
    grant(requester=requester, type_id=kind.public_id, worker=rahima, value=80, now=now)
    grant(requester=requester, type_id=kind.public_id, worker=jahid, value=5, now=now)
    revoke(requester=requester, type_id=kind.public_id, worker=jahid, reason="Not any more", now=now)
    request_qualification(worker=nusrat, type_id=kind.public_id, now=now)
    group = create_group(requester=requester, name="Careful eyes", description="", now=now)
    ids = [alias(one, requester) for one in (rahima, nusrat)]
    assert len(invite(requester=requester, group_id=group.public_id, worker_ids=ids, now=now).invited) == 2
    answer_invitation(worker=rahima, group_id=group.public_id, accept=True, now=now)
    begin_as_worker(worker=rahima, about=done[0], text="When do you post more?", now=now)
    begin_as_requester(requester=requester, about=alias(jahid, requester), text="Thank you.", now=now)
    bring_workers(requester=requester, workers=[Former("A1FORMERLY1"), Former("A1FORMERLY2")], now=now)
    claim_former_id(worker=rahima, former_id="A1FORMERLY1", now=now)
    claim_former_id(worker=nusrat, former_id="A1FORMERLY2", now=now)
    policy = known(answer_key(digit="7"), parameter("ApproveIfKnownAnswerScoreIsAtLeast", "100"))
    wire_task = task_with(assignment_level=policy, of=requester)
    assert wire_task.batch is not None
    looked_at = make.submitted(by=rahima, of=wire_task.batch)
    review_submitted(assignment_id=looked_at.public_id, now=now)
    block_worker(requester=requester, worker=jahid, reason="Enough", now=now)
    works["more"] = more
    client = signed_in(requester.user)
    return Side(requester, client, batch, works, kind, group, wire_task)


def walk(side: Side) -> None:
    """Pages and files that can be reached by links from the requester's home: three of each kind."""
    batch = f"/requester/batches/{side.batch.public_id}"
    waiting = ["/requester/", "/account/notices", f"{batch}/review", f"{batch}/results"]
    seen, kinds = set[str](), Counter[str]()
    while waiting:
        path = unescape(waiting.pop(0))
        kind = re.sub(r"[0-9A-Z]{14,}|[0-9]+", "*", path)
        if path not in seen and path.startswith(_ROOMS) and kinds[kind] < 3:
            seen.add(path)
            kinds[kind] += 1
            waiting += _LINK.findall(side.get(path))


def leaks(market: Market) -> list[str]:
    """Where something stands that must not: one line each."""
    return [
        f"{side.requester.name}: {what} in {door}"
        for side, other in market.sides()
        for what, secret in market.secrets(side, other).items()
        for door, text in side.words.items()
        if secret in text
    ]


def doors_that_name(side: Side, worker: Worker) -> set[str]:
    """Names of the doors out of which the requester's own id of this worker came."""
    return {door.partition("?")[0] for door, text in side.words.items() if side.known(worker) in text}
