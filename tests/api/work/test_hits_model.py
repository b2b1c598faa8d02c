"""boto3 and a model walk the same random ways through the life of HITs and must agree after every step."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from botocore.exceptions import ClientError
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
from tests.api.conftest import Wire
from tests.api.hits import HTML, TYPE
from tests.api.work.hit_model import Market, No
from tukro.kernel.errors import Refused
from tukro.people.models import Worker
from tukro.work.actions import reviewing
from tukro.work.actions.doing import assigning

REWARDS = {"0.05": 6, "0.20": 24}  # what a place costs with its fee, in cents
WORKERS = ("w1", "w2", "w3")


class Walk(RuleBasedStateMachine):
    wire: Wire  # set for a run
    hits = Bundle("hits")
    tries = Bundle("tries")  # (hit, assignment)
    who = st.sampled_from(WORKERS)

    @initialize(funds=st.sampled_from(["0.50", "5.00"]))
    def open_market(self, funds: str) -> None:
        requester = make.requester(funds=funds)
        self.requester = requester
        self.client = self.wire.client_of(requester)
        self.workers: dict[str, Worker] = {name: make.worker() for name in WORKERS}
        self.types: dict[str, str] = {
            reward: self.client.create_hit_type(**TYPE | {"Reward": reward})["HITTypeId"]
            for reward in REWARDS
        }
        self.model = Market(available=int(funds.replace(".", "")))

    def both(self, real: Callable[[], Any], modelled: Callable[[], None]) -> Any:
        """What the house answers; None when both refuse for the same reason."""
        try:
            modelled()
            expected = ""
        except No as no:
            expected = str(no)
        try:
            answer = real()
            got = ""
        except ClientError as error:
            got = str(error.response.get("TurkErrorCode", "")).removeprefix("AWS.MechanicalTurk.")
        except Refused as refused:
            got = type(refused).__name__
        assert got == expected
        return None if got else answer

    # --- the requester, over the wire ---

    @rule(target=hits, places=st.sampled_from([1, 2, 3, 9, 10]), reward=st.sampled_from(list(REWARDS)))
    def create(self, places: int, reward: str) -> Any:
        answer = self.both(
            lambda: self.client.create_hit_with_hit_type(
                HITTypeId=self.types[reward], LifetimeInSeconds=3600, MaxAssignments=places, Question=HTML
            ),
            lambda: self.model.create(places, REWARDS[reward]),
        )
        if answer is None:
            return multiple()
        hit_id = answer["HIT"]["HITId"]
        self.model.created(hit_id, places, REWARDS[reward], self.types[reward])
        return hit_id

    @rule(hit=hits)
    def end(self, hit: str) -> None:
        self.both(
            lambda: self.client.update_expiration_for_hit(HITId=hit, ExpireAt=0),
            lambda: self.model.end(hit),
        )

    @rule(hit=hits, hours=st.integers(2, 90))
    def go_on(self, hit: str, hours: int) -> None:
        until = datetime.now(UTC) + timedelta(hours=hours)
        self.both(
            lambda: self.client.update_expiration_for_hit(HITId=hit, ExpireAt=until),
            lambda: self.model.go_on(hit),
        )

    @rule(hit=hits, places=st.integers(1, 3))
    def add(self, hit: str, places: int) -> None:
        self.both(
            lambda: self.client.create_additional_assignments_for_hit(
                HITId=hit, NumberOfAdditionalAssignments=places
            ),
            lambda: self.model.add(hit, places),
        )

    @rule(hit=hits, revert=st.booleans())
    def look_through(self, hit: str, revert: bool) -> None:
        self.both(
            lambda: self.client.update_hit_review_status(HITId=hit, Revert=revert),
            lambda: self.model.look_through(hit, revert=revert),
        )

    @rule(hit=hits)
    def delete(self, hit: str) -> None:
        self.both(lambda: self.client.delete_hit(HITId=hit), lambda: self.model.delete(hit))

    @rule(hit=hits, reward=st.sampled_from(list(REWARDS)))
    def retype(self, hit: str, reward: str) -> None:
        type_id = self.types[reward]
        self.both(
            lambda: self.client.update_hit_type_of_hit(HITId=hit, HITTypeId=type_id),
            lambda: self.model.retype(hit, REWARDS[reward], type_id),
        )

    # --- workers, and the requester's verdicts ---

    @rule(target=tries, hit=hits, who=who)
    def accept(self, hit: str, who: str) -> Any:
        taken = self.both(
            lambda: assigning.accept_task(worker=self.workers[who], task_id=hit, now=datetime.now(UTC)),
            lambda: self.model.accept(hit, who),
        )
        if taken is None:
            return multiple()
        self.model.accepted(hit, who, taken.assignment_id)
        return hit, taken.assignment_id

    @rule(one=tries)
    def submit(self, one: tuple[str, str]) -> None:
        hit, assignment_id = one
        worker = self.workers[self.model.hits[hit].workers[assignment_id]]
        # A text of its own each time: the same answer twice would be one submission.
        fields = [("digit", str(datetime.now(UTC).timestamp()))]
        self.both(
            lambda: assigning.submit_assignment(
                worker=worker, assignment_id=assignment_id, fields=fields, now=datetime.now(UTC)
            ),
            lambda: self.model.submit(hit, assignment_id),
        )

    @rule(one=tries)
    def give_back(self, one: tuple[str, str]) -> None:
        hit, assignment_id = one
        worker = self.workers[self.model.hits[hit].workers[assignment_id]]
        self.both(
            lambda: assigning.return_assignment(
                worker=worker, assignment_id=assignment_id, reason_code="unclear", now=datetime.now(UTC)
            ),
            lambda: self.model.give_back(hit, assignment_id),
        )

    @rule(one=tries, good=st.booleans())
    def judge(self, one: tuple[str, str], good: bool) -> None:
        hit, assignment_id = one
        if self.model.hits[hit].tries[assignment_id] != "submitted":
            return  # test_against_model.py asks about the other states
        now = datetime.now(UTC)
        if good:
            reviewing.approve_assignment(requester=self.requester, assignment_id=assignment_id, now=now)
            self.model.approve(hit, assignment_id)
        else:
            reviewing.reject_assignment(
                requester=self.requester, assignment_id=assignment_id, feedback="", now=now
            )
            self.model.reject(hit, assignment_id)

    # --- what must agree ---

    @invariant()
    def hits_agree(self) -> None:
        if not hasattr(self, "model"):
            return
        listed = self.client.list_hits(MaxResults=100)["HITs"]
        living = {hit_id: hit for hit_id, hit in self.model.hits.items() if not hit.disposed}
        assert [hit["HITId"] for hit in listed] == list(living)[::-1]
        for hit in listed:
            assert shown(hit) == living[hit["HITId"]].counters
            assert hit["HITTypeId"] == living[hit["HITId"]].type_id
        for hit_id, modelled in self.model.hits.items():
            if modelled.disposed:
                assert self.client.get_hit(HITId=hit_id)["HIT"]["HITStatus"] == "Disposed"

    @invariant()
    def reviewable_ones_agree(self) -> None:
        if not hasattr(self, "model"):
            return
        for status in ("Reviewable", "Reviewing"):
            listed = self.client.list_reviewable_hits(Status=status, MaxResults=100)["HITs"]
            assert {hit["HITId"] for hit in listed} == {
                hit_id for hit_id, hit in self.model.hits.items() if hit.status == status
            }

    @invariant()
    def balances_agree(self) -> None:
        if hasattr(self, "model"):
            balance = self.client.get_account_balance()["AvailableBalance"]
            assert int(balance.replace(".", "")) == self.model.available

    def teardown(self) -> None:
        if hasattr(self, "client"):
            self.client.close()


def shown(hit: dict[str, Any]) -> tuple[str, int, int, int, int]:
    return (
        hit["HITStatus"],
        hit["MaxAssignments"],
        hit["NumberOfAssignmentsAvailable"],
        hit["NumberOfAssignmentsPending"],
        hit["NumberOfAssignmentsCompleted"],
    )


def test_hits_live_as_the_model_says(wire: Wire) -> None:
    class ThisWalk(Walk):
        pass

    ThisWalk.wire = wire
    run_state_machine_as_test(
        ThisWalk,
        settings=settings(
            max_examples=5,
            stateful_step_count=30,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
