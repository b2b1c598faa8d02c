"""The clients of the chaos run, what they were promised, and what the database says in the end."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from random import Random
from typing import Any
from urllib.parse import urlsplit

import httpx
from django.conf import settings
from django.db import connection
from django.test import Client
from django.utils import timezone
from django.utils.crypto import get_random_string

from tests import make
from tests.chaos.run import Plan
from tests.visitor import Visitor
from tukro.kernel.money import Money
from tukro.money.queries import ledger_faults
from tukro.people.models import Requester, User
from tukro.work.models import Assignment
from tukro.work.queries.faults import work_faults

REVIEWERS_AMONG_CLIENTS = 8  # one client in eight reviews
SECONDS_ALLOTTED = 30  # some never hand in: their places must come free within the storm
_RETURNED, _FORGOTTEN = 0.20, 0.03  # shares of what was accepted
_REJECTED, _TWICE = 0.10, 0.15  # shares of reviews
_GIVE_UP_AFTER = 150.0  # seconds without an answer


@dataclass
class Promises:
    """What the house said was done. Each set is only added to."""

    accepted: set[str] = field(default_factory=set)
    submitted: dict[str, str] = field(default_factory=dict)  # assignment → answer
    returned: set[str] = field(default_factory=set)
    approved: set[str] = field(default_factory=set)
    rejected: set[str] = field(default_factory=set)
    requests: Counter[str] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def count(self, what: str) -> None:
        with self.lock:
            self.requests[what] += 1


@dataclass
class Scene:
    plan: Plan
    group_id: str
    batch_id: str
    requester: Requester
    workers: list[Visitor]
    reviewers: list[Visitor]
    promises: Promises = field(default_factory=Promises)
    to_review: SimpleQueue[str] = field(default_factory=SimpleQueue)


def prepare(plan: Plan, address: str) -> Scene:
    """One requester, the tasks, and everybody signed in."""
    reviewers = max(1, plan.clients // REVIEWERS_AMONG_CLIENTS)
    now = timezone.now()
    karim = make.requester(funds=Money.parse("100000.00"))
    batch = make.batch(
        of=karim,
        rows=plan.tasks,
        places=plan.places,
        of_terms=make.terms(duration_seconds=SECONDS_ALLOTTED),
        now=now,
    )
    workers = [make.worker() for _ in range(plan.clients - reviewers)]
    return Scene(
        plan=plan,
        group_id=batch.task_type.group_id,
        batch_id=batch.public_id,
        requester=karim,
        workers=[_signed_in(address, worker.user) for worker in workers],
        reviewers=[_signed_in(address, karim.user) for _ in range(reviewers)],
    )


def blow(scene: Scene, over: threading.Event) -> None:
    """Everybody at once until it is over."""
    connection.close()  # it would not outlive the server
    hands = [
        *(Hand(scene, visitor, over, no, _work) for no, visitor in enumerate(scene.workers)),
        *(Hand(scene, visitor, over, no, _review) for no, visitor in enumerate(scene.reviewers)),
    ]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
    faults = [hand.fault for hand in hands if hand.fault is not None]
    if faults:
        raise ExceptionGroup("clients broke off", faults)


def look(scene: Scene) -> dict[str, object]:
    """Hold the database against the promises. ``faults`` is empty when all were kept."""
    promises = scene.promises
    states = dict(Assignment.objects.values_list("public_id", "state"))
    answers = {
        one.public_id: dict(one.handed_in["fields"]).get("digit")
        for one in Assignment.objects.filter(answer__isnull=False)
    }
    money = [f"{fault.name}: {fault.rows}" for fault in ledger_faults(clock=True)]
    found = {
        "over_assigned": _over_assigned(),
        "lost_accepts": [one for one in promises.accepted if one not in states],
        "lost_submissions": [
            one
            for one, answer in promises.submitted.items()
            if states.get(one) not in ("submitted", "approved", "rejected") or answers.get(one) != answer
        ],
        "lost_returns": [one for one in promises.returned if states.get(one) != "returned"],
        "lost_approvals": [one for one in promises.approved if states.get(one) != "approved"],
        "lost_rejections": [one for one in promises.rejected if states.get(one) != "rejected"],
        "ledger": money,
        "work": work_faults(),
    }
    return {
        "promised": {
            "accepted": len(promises.accepted),
            "submitted": len(promises.submitted),
            "returned": len(promises.returned),
            "approved": len(promises.approved),
            "rejected": len(promises.rejected),
        },
        "requests": dict(sorted(promises.requests.items())),
        "states": dict(sorted(Counter(states.values()).items())),
        **{name: len(rows) for name, rows in found.items()},
        "faults": {name: [str(row) for row in rows[:5]] for name, rows in found.items() if rows},
    }


_OVER_ASSIGNED = """
    select t.public_id, t.places, count(*) from work_task t
      join work_assignment a on a.task_id = t.id and a.state not in ('returned', 'abandoned')
     group by t.id having count(*) > t.places
    union all
    select t.public_id, t.places, count(*) from work_task t
      join work_assignment a on a.task_id = t.id and a.state not in ('returned', 'abandoned')
     group by t.id, a.worker_id having count(*) > 1
"""


def _over_assigned() -> list[Any]:
    """Tasks with more living work than places, and workers with the same task twice.

    Counted here and not by the house. Offering a rejected place again adds a place with new money.
    """
    with connection.cursor() as cursor:
        cursor.execute(_OVER_ASSIGNED)
        return list(cursor.fetchall())


# --- clients ------------------------------------------------------------------------------------


class Hand(threading.Thread):
    """One client: does one thing after another until it is over."""

    def __init__(
        self, scene: Scene, visitor: Visitor, over: threading.Event, no: int, act: Callable[[Hand], None]
    ) -> None:
        super().__init__(name=f"{act.__name__}{no}", daemon=True)
        self.scene, self.visitor = scene, visitor
        self.chance = Random(self.name)
        self.fault: Exception | None = None
        self._over, self._act = over, act

    def run(self) -> None:
        try:
            while not self._over.is_set():
                self._act(self)
        except Exception as fault:  # told by ``blow``: a client that broke off proves nothing
            self.fault = fault
        finally:
            self.visitor.http.close()

    def ask(self, what: str, address: str, values: Any = None, **options: Any) -> httpx.Response:
        """Ask until there is an answer: a broken line and a house without database are asked again."""
        give_up = time.monotonic() + _GIVE_UP_AFTER
        while True:
            try:
                answer = self.visitor.call(address, values, **options)
            except httpx.TransportError:
                self.scene.promises.count("broken_lines")
            else:
                if answer.status_code < 500:
                    self.scene.promises.count(f"{what}_{answer.status_code}")
                    return answer
                self.scene.promises.count(f"{what}_{answer.status_code}")
            if time.monotonic() > give_up:
                raise TimeoutError(f"{what}: no answer within {_GIVE_UP_AFTER:.0f} s")
            time.sleep(self.chance.uniform(0.05, 0.3))


def _work(hand: Hand) -> None:
    """Accept; then return, forget, or submit."""
    scene, promises = hand.scene, hand.scene.promises
    taken = hand.ask("accept", f"/projects/{scene.group_id}/tasks/accept_random")
    if taken.status_code != 200:
        assert taken.json()["error"] in ("nothing_left", "queue_full"), taken.text
        time.sleep(hand.chance.uniform(0.1, 0.5))
        return
    task = taken.json()
    assignment_id = task["assignment_id"]
    promises.accepted.add(assignment_id)
    fate = hand.chance.random()
    address = f"/projects/{scene.group_id}/tasks/{task['task_id']}"
    if fate < _RETURNED:
        _return(hand, f"{address}/return?assignment_id={assignment_id}", assignment_id)
    elif fate > _FORGOTTEN + _RETURNED:
        _submit(hand, f"{address}/submit?assignment_id={assignment_id}", assignment_id)


def _return(hand: Hand, address: str, assignment_id: str) -> None:
    answer = hand.ask("return", address, {"reason": "too_long"})
    # Asked again after a broken line, the house says that it was returned already, or that time ran out.
    if answer.status_code == 200:
        hand.scene.promises.returned.add(assignment_id)
    else:
        assert answer.json()["error"] in ("wrong_state", "too_late"), answer.text


def _submit(hand: Hand, address: str, assignment_id: str) -> None:
    said = get_random_string(12)
    answer = hand.ask("submit", address, {"digit": said})
    if answer.status_code != 200:
        assert answer.json()["error"] in ("too_late", "wrong_state"), answer.text
        return
    hand.scene.promises.submitted[assignment_id] = said
    hand.scene.to_review.put(assignment_id)


def _review(hand: Hand) -> None:
    """Take some of what was handed in; approve it, sometimes twice, or reject it and offer it again."""
    waiting = _some(hand)
    if not waiting:
        time.sleep(0.05)
        return
    if hand.chance.random() < _REJECTED:
        _reject(hand, waiting)
        return
    for _ in range(2 if hand.chance.random() < _TWICE else 1):
        answer = hand.ask("approve", "/requester/assignments/approve", json={"assignment_ids": waiting})
        assert answer.status_code == 200, answer.text
    hand.scene.promises.approved.update(waiting)


def _reject(hand: Hand, waiting: list[str]) -> None:
    address = f"/requester/batches/{hand.scene.batch_id}/review/reject"
    values = {"ids": waiting, "reason_code": "wrong", "feedback": "Not this digit.", "reopen": "on"}
    answer = hand.ask("reject", address, values)
    # 302: done. Asked again after a broken line: rejected already.
    if answer.status_code == 302:
        hand.scene.promises.rejected.update(waiting)


def _some(hand: Hand) -> list[str]:
    taken: list[str] = []
    for _ in range(hand.chance.randint(1, 8)):
        try:
            taken.append(hand.scene.to_review.get_nowait())
        except Empty:
            break
    return taken


def _signed_in(address: str, user: User) -> Visitor:
    """A client with a session of ``user``, without sixty-four walks through the sign-in page."""
    browser = Client()
    browser.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
    visitor = Visitor(address, timeout=20)
    session = browser.cookies[settings.SESSION_COOKIE_NAME].value
    here = urlsplit(address).hostname or ""
    visitor.http.cookies.set(settings.SESSION_COOKIE_NAME, session, domain=here)
    visitor.http.cookies.set(settings.CSRF_COOKIE_NAME, get_random_string(32), domain=here)
    return visitor
