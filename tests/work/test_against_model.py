"""The SQL functions and the model walk the same random ways and must agree after every step."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from tests import make
from tests.work.model import Job, Market, No
from tukro.kernel.errors import Refused
from tukro.kernel.money import Money
from tukro.money.queries import requester_balance, worker_balance
from tukro.people.models import Worker
from tukro.work import jobs
from tukro.work.actions import reviewing
from tukro.work.actions.doing import assigning
from tukro.work.models import Assignment
from tukro.work.queries import work_faults

REASON = {"reason_code": "wrong", "feedback": "It is a 4."}


class Walk(RuleBasedStateMachine):
    names = Bundle("names")
    who = st.sampled_from(["w1", "w2", "w3"])

    @initialize(silent=st.sampled_from([0, 3600]), funds=st.sampled_from(["4.00", "50.00"]))
    def open_market(self, silent: int, funds: str) -> None:
        self.outer = transaction.atomic()
        self.outer.__enter__()
        with connection.cursor() as cursor:
            # Which task is given depends on these numbers; a walk must be the same when it is repeated.
            for table in ("people_worker", "work_tasktype", "work_lane"):
                cursor.execute("select setval(pg_get_serial_sequence(%s, 'id'), 1000)", [table])
        self.now = make.NOW
        self.workers: dict[str, Worker] = {name: make.worker() for name in ("w1", "w2", "w3")}
        self.requester = make.requester(funds=funds)
        terms = make.terms(
            reward="0.05",
            duration_seconds=600,
            auto_approve_seconds=silent,
            extensions=2,
            extension_seconds=300,
        )
        self.model = Market(
            price=60_000,
            reward=50_000,
            available=requester_balance(self.requester)[0].units,
            duration=timedelta(seconds=600),
            review_time=timedelta(seconds=silent),
            extensions=2,
            more_time=timedelta(seconds=300),
        )
        # One with room for one, one with room for two, one with more than one lane and a shorter life.
        for places, days in ((1, 9), (2, 9), (55, 3)):
            batch = make.batch(
                of=self.requester, of_terms=terms, places=places, lifetime_seconds=days * 86400
            )
            task = batch.tasks.get()
            self.group_id = batch.task_type.group_id
            self.model.jobs[task.public_id] = Job(places, task.expires_at)
            self.model.available -= places * self.model.price

    def teardown(self) -> None:
        if hasattr(self, "outer"):
            transaction.set_rollback(True)
            self.outer.__exit__(None, None, None)

    def both(self, real: Callable[[], Any], modelled: Callable[[], Any]) -> tuple[Any, Any]:
        """What each of them answers; the same refusal by name on both sides is an answer too."""
        answers: list[Any] = []
        try:
            answers.append(real())
        except Refused as refused:
            answers.append(type(refused).__name__)
        try:
            answers.append(modelled())
        except No as no:
            answers.append(str(no))
        return answers[0], answers[1]

    @rule(target=names, who=who)
    def accept_next(self, who: str) -> Any:
        got, wanted = self.both(
            lambda: assigning.accept_next(worker=self.workers[who], group_id=self.group_id, now=self.now),
            lambda: self.model.accept_next(who, self.now),
        )
        return self.taken(who, got, wanted)

    @rule(target=names, who=who, no=st.integers(0, 2))
    def accept_task(self, who: str, no: int) -> Any:
        task = list(self.model.jobs)[no]
        got, wanted = self.both(
            lambda: assigning.accept_task(worker=self.workers[who], task_id=task, now=self.now),
            lambda: self.model.accept_task(who, task, self.now) or {task},  # type: ignore[func-returns-value]  # the model answers nothing where nothing changes
        )
        return self.taken(who, got, wanted)

    def taken(self, who: str, got: Any, wanted: Any) -> Any:
        if isinstance(wanted, str) or isinstance(got, str):
            assert got == wanted
            return multiple()
        assert got.task_id in wanted
        self.model.took(got.assignment_id, who, got.task_id, self.now)
        return got.assignment_id

    @rule(name=names, who=who, own=st.booleans())
    def submit(self, name: str, who: str, own: bool) -> None:
        who = self.model.tries[name].worker if own else who
        # A text of its own each time: the same answer twice would be one submission.
        fields = [("digit", str(self.now.timestamp()) + str(len(connection.queries_log)))]
        before = self.model.tries[name].state
        if before in ("submitted", "approved"):
            fields = [("digit", "another")]
        got, wanted = self.both(
            lambda: (
                assigning.submit_assignment(
                    worker=self.workers[who], assignment_id=name, fields=fields, now=self.now
                ).state
            ),
            lambda: self.model.submit(name, who, self.now) or self.model.tries[name].state,  # type: ignore[func-returns-value]  # the model answers nothing where nothing changes
        )
        assert got == wanted

    @rule(name=names, who=who, own=st.booleans())
    def give_back(self, name: str, who: str, own: bool) -> None:
        who = self.model.tries[name].worker if own else who
        got, wanted = self.both(
            lambda: (
                assigning.return_assignment(
                    worker=self.workers[who], assignment_id=name, reason_code="unclear", now=self.now
                ).stands
            ),
            lambda: self.model.give_back(name, who, self.now),
        )
        assert got == wanted

    @rule(name=names, who=who, own=st.booleans())
    def extend(self, name: str, who: str, own: bool) -> None:
        who = self.model.tries[name].worker if own else who
        got, wanted = self.both(
            lambda: assigning.extend_deadline(worker=self.workers[who], assignment_id=name, now=self.now),
            lambda: self.model.extend(name, who, self.now),
        )
        assert got == wanted

    @rule(target=names, name=names)
    def skip(self, name: str) -> Any:
        who = self.model.tries[name].worker
        got, wanted = self.both(
            lambda: assigning.skip_task(worker=self.workers[who], assignment_id=name, now=self.now),
            lambda: self.model.skip(name, who, self.now),
        )
        taken = self.taken(who, got, wanted)
        if isinstance(taken, str):
            self.model.give_back(name, who, self.now)
        return taken

    @rule(name=names, override=st.booleans())
    def approve(self, name: str, override: bool) -> None:
        got, wanted = self.both(
            lambda: reviewing.approve_assignment(
                requester=self.requester, assignment_id=name, now=self.now, override=override
            ),
            lambda: self.model.approve(name, self.now, override=override),
        )
        assert got == wanted

    @rule(some=st.lists(names, min_size=1, max_size=4, unique=True))
    def approve_many(self, some: list[str]) -> None:
        got, wanted = self.both(
            lambda: reviewing.approve_assignments(
                requester=self.requester, assignment_ids=some, now=self.now
            ),
            lambda: self.model.approve_many(some),
        )
        assert got == wanted

    @rule(some=st.lists(names, min_size=1, max_size=3, unique=True), reopen=st.booleans())
    def reject(self, some: list[str], reopen: bool) -> None:
        got, wanted = self.both(
            lambda: reviewing.reject_assignments(
                requester=self.requester, assignment_ids=some, reopen=reopen, now=self.now, **REASON
            ),
            lambda: self.model.reject(some, self.now, reopen=reopen) or len(some),  # type: ignore[func-returns-value]  # the model answers nothing where nothing changes
        )
        assert got == wanted

    @rule(name=names)
    def ask_revision(self, name: str) -> None:
        got, wanted = self.both(
            lambda: reviewing.ask_revision(
                requester=self.requester,
                assignment_id=name,
                reason_code="unclear",
                feedback="Look again.",
                now=self.now,
            ),
            lambda: self.model.ask_revision(name, self.now) or self.model.tries[name].deadline_at,  # type: ignore[func-returns-value]  # the model answers nothing where nothing changes
        )
        assert got == wanted

    @rule(seconds=st.sampled_from([5, 599, 606, 3600, 86400, 3 * 86400, 8 * 86400, 31 * 86400]))
    def wait(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    @rule(job=st.sampled_from(["expire_late", "auto_approve", "close_expired", "release"]))
    def sweep(self, job: str) -> None:
        real = {
            "expire_late": jobs.expire_late,
            "auto_approve": jobs.auto_approve_due,
            "close_expired": jobs.close_expired,
            "release": jobs.release_rejections,
        }[job]
        assert real(self.now) == getattr(self.model, job)(self.now)

    @invariant()
    def they_agree(self) -> None:
        if not hasattr(self, "model"):
            return
        with connection.cursor() as cursor:  # what would be refused at commit is refused now
            cursor.execute("set constraints all immediate; set constraints all deferred")
        states = dict(Assignment.objects.values_list("public_id", "state"))
        assert states == {name: one.state for name, one in self.model.tries.items()}
        available, held = requester_balance(self.requester)
        assert (available.units, held.units) == (self.model.available, self.model.held())
        for name, worker in self.workers.items():
            assert worker_balance(worker)[0] == Money(self.model.paid.get(name, 0))
        assert work_faults() == []


@pytest.mark.django_db
def test_the_functions_do_what_the_model_does() -> None:
    run_state_machine_as_test(
        Walk,
        settings=settings(
            max_examples=20,
            stateful_step_count=25,
            deadline=None,
            report_multiple_bugs=False,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
