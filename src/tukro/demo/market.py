"""Nine days of a small market, lived through the house's own verbs, so that every page has something to show.

Content and course are the same every time; only ids and passwords differ.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from io import BytesIO
from random import Random

from django.core.files.base import File
from django.db import transaction

from tukro.campaigns.actions.projects import ask_moderation, create_project
from tukro.campaigns.actions.publishing import publish
from tukro.campaigns.actions.uploads import prepare_without_file, read_upload
from tukro.campaigns.jobs import publish_due
from tukro.campaigns.models import Project
from tukro.demo.answers import ANSWERS
from tukro.demo.course import DAYS, STINTS, THANKS, Stint, Thanks
from tukro.demo.money import sort_money
from tukro.demo.people import (
    WORKERS,
    SignIn,
    ask_to_join,
    ask_to_move,
    join_beginner,
    join_requesters,
    join_staff,
    join_workers,
)
from tukro.demo.practising import practise
from tukro.demo.projects import DemoProject, read_projects
from tukro.demo.rows import csv_of
from tukro.demo.talk import talk
from tukro.kernel.money import Money
from tukro.money.actions.books.bookings import put_in
from tukro.money.actions.deposits import deposit_play_money
from tukro.money.actions.holds import hold_person
from tukro.money.actions.paying_out.asking import request_payout
from tukro.money.actions.paying_out.methods import IdentityTaken, add_method, confirm_method
from tukro.money.actions.paying_out.payouts import send_payout, settle_payout
from tukro.people.actions.phones import ask_for_code, claim_code, enter_code, record_text
from tukro.people.models import Requester, User, Worker
from tukro.people.providers.registry import OUTBOX
from tukro.people.rules.phones import TextNews
from tukro.qualifications.rules.practice import LESSONS
from tukro.vetting.actions.tax import set_rule
from tukro.work.actions.doing.assigning import NothingLeft, accept_next, submit_assignment
from tukro.work.actions.reporting import report_task
from tukro.work.actions.reviewing import approve_assignments, ask_revision, reject_assignments, send_bonus
from tukro.work.models import Assignment, AssignmentState, Batch, Task

_BUDGET = Money.parse("500.00")
_REVIEWED_UNTIL = DAYS - 2  # what was handed in later still waits
_CARE = {person.key: person.care for person in WORKERS}


def load(now: datetime) -> list[SignIn]:
    """Make the market as if it had been open for nine days.

    Returns the sign-ins; the first four are a worker, a requester, a member of staff and a beginner.
    All of it or nothing. Refuses EmailTaken when it was made before.
    """
    with transaction.atomic():
        return _Market(now).play()


@dataclass
class _Market:
    now: datetime
    chance: Random = field(default_factory=lambda: Random(1971))
    requesters: dict[str, Requester] = field(default_factory=dict)
    workers: dict[str, Worker] = field(default_factory=dict)
    projects: dict[str, DemoProject] = field(default_factory=dict)
    batches: dict[str, Batch] = field(default_factory=dict)
    wrong: set[str] = field(default_factory=set)  # assignments whose answer is known to be wrong

    def play(self) -> list[SignIn]:
        """The whole course, day by day."""
        opening = self._morning(1) - timedelta(hours=2)
        staff, staff_sign_in = join_staff(opening)
        self.requesters, requester_sign_ins = join_requesters(opening)
        self.workers, worker_sign_ins = join_workers(opening)
        for worker in self.workers.values():
            practise(worker, lessons=len(LESSONS), now=opening)
        self._publish_everything(opening)
        for day in range(1, DAYS):
            self._work_through(day)
            if day < _REVIEWED_UNTIL:
                self._review(self._morning(day) + timedelta(hours=14))
            for thanks in THANKS:
                if thanks.day == day:
                    self._thank(thanks, self._morning(day) + timedelta(hours=15))
        self._withdraw(staff)
        sort_money(
            staff=staff.actor, disputed=self.requesters["haat"], taxed=self.workers["moushumi"], now=self.now
        )
        self._today()
        beginner, beginner_sign_in = join_beginner(self.now - timedelta(hours=2))
        practise(beginner, lessons=2, now=self.now - timedelta(hours=1))
        talk(requesters=self.requesters, workers=self.workers, now=self.now)
        return [
            worker_sign_ins[0],
            requester_sign_ins[0],
            staff_sign_in,
            beginner_sign_in,
            *worker_sign_ins[1:],
            *requester_sign_ins[1:],
        ]

    def _morning(self, day: int) -> datetime:
        """The same hour of the day as now, so that nothing lies in the future."""
        return self.now - timedelta(days=DAYS - day, minutes=30)

    # --- posting --------------------------------------------------------------------------------

    def _publish_everything(self, at: datetime) -> None:
        for requester in self.requesters.values():
            deposit_play_money(requester=requester, amount=_BUDGET, now=at)
        for demo in read_projects():
            self.projects[demo.key] = demo
            requester = self.requesters[demo.owner]
            project = create_project(requester=requester, plan=demo.plan, now=at)
            if demo.waits_for_staff:
                ask_moderation(requester=requester, project_id=project.public_id, now=at)
            else:
                self.batches[demo.key] = _publish(requester, project, demo, at)
        publish_due(at)

    # --- working --------------------------------------------------------------------------------

    def _work_through(self, day: int) -> None:
        for no, stint in enumerate(one for one in STINTS if one.day == day):
            self._work(stint, self._morning(day) + timedelta(minutes=7 * no))

    def _work(self, stint: Stint, at: datetime) -> None:
        batch = self.batches[stint.project]
        seconds = self.projects[stint.project].plan.estimate_seconds or 60
        for _ in range(stint.count):
            try:
                self._do_one(stint, batch, at, pause := int(seconds * self.chance.uniform(0.2, 0.9)))
            except NothingLeft:
                return
            at += timedelta(seconds=pause + self.chance.randint(3, 20))

    def _do_one(self, stint: Stint, batch: Batch, at: datetime, seconds: int) -> None:
        worker = self.workers[stint.worker]
        taken = accept_next(worker=worker, group_id=batch.task_type.group_id, now=at)
        row = Task.objects.values_list("input", flat=True).get(public_id=taken.task_id)
        right = self.chance.random() < _CARE[stint.worker]
        submit_assignment(
            worker=worker,
            assignment_id=taken.assignment_id,
            fields=ANSWERS[stint.project](row, right, self.chance),
            now=at + timedelta(seconds=seconds),
        )
        if not right:
            self.wrong.add(taken.assignment_id)

    # --- reviewing ------------------------------------------------------------------------------

    def _review(self, at: datetime) -> None:
        for key, demo in self.projects.items():
            if key in self.batches:
                self._review_batch(self.requesters[demo.owner], self.batches[key], at)

    def _review_batch(self, requester: Requester, batch: Batch, at: datetime) -> None:
        waiting = list(_submitted(batch))
        if right := [one for one in waiting if one not in self.wrong]:
            approve_assignments(requester=requester, assignment_ids=right, now=at)
        if wrong := [one for one in waiting if one in self.wrong]:
            reject_assignments(
                requester=requester,
                assignment_ids=wrong,
                reason_code="wrong",
                feedback="উত্তরটি ঠিক নয়; নির্দেশনার উদাহরণ মিলিয়ে দেখুন। The answer is not right.",
                reopen=True,
                now=at,
            )

    def _thank(self, thanks: Thanks, at: datetime) -> None:
        worker, batch = self.workers[thanks.worker], self.batches[thanks.project]
        approved = Assignment.objects.filter(worker=worker, batch_id=batch.pk, state=AssignmentState.APPROVED)
        send_bonus(
            requester=self.requesters[self.projects[thanks.project].owner],
            assignment_id=approved.order_by("id").values_list("public_id", flat=True)[0],
            amount=Money.parse(thanks.amount),
            reason=thanks.reason,
            token=f"demo-{thanks.worker}-{thanks.project}",
            now=at,
        )

    # --- withdrawing and today ------------------------------------------------------------------

    def _withdraw(self, staff: User) -> None:
        """One withdrawal arrived, one waits for staff, one worker is held; the demo worker has yet to ask."""
        nusrat, tanvir, rahima = (self.workers[key] for key in ("nusrat", "tanvir", "rahima"))
        asked = self._morning(DAYS) - timedelta(days=2)
        given = asked - timedelta(days=4)
        bank = add_method(worker=nusrat, kind="bank", details=_BANK, now=given)
        confirm_method(method=bank, now=given)
        arrived = request_payout(worker=nusrat, method_id=bank.pk, amount=Money.parse("10.00"), now=asked)
        sent = asked + timedelta(hours=5)
        send_payout(by=staff.actor, payout_id=arrived.public_id, reference="BEFTN-240817-0031", now=sent)
        settle_payout(by=staff.actor, payout_id=arrived.public_id, now=sent + timedelta(days=1))
        start = Money.parse("200.00")
        put_in(by=staff.actor, place="bank", amount=start, reference="BEFTN-240816-0007", now=given)
        bkash = add_method(worker=tanvir, kind="bkash", details={"number": "01911000002"}, now=given)
        confirm_method(method=bkash, now=given)
        evening = self.now - timedelta(hours=3)
        request_payout(worker=tanvir, method_id=bkash.pk, amount=Money.parse("10.00"), now=evening)
        hold_person(
            by=staff.actor,
            worker_id=nusrat.public_id,
            code="work",
            note="Thirty answers in two minutes: ask the requester whether they are good.",
            now=evening,
        )
        self._phones()
        limit = Money.parse("100.00").units
        set_rule(
            by=staff.actor,
            country="",
            form="local",
            currency="USD",
            above_units=limit,
            step="hold",
            now=given,
        )
        rahimas = add_method(worker=rahima, kind="bkash", details={"number": "01711000001"}, now=given)
        confirm_method(method=rahimas, now=given)

    def _phones(self) -> None:
        """The demo worker proved a phone. Two others may be one person: one number, one bKash account."""
        rahima, bikash, tanvir = (self.workers[key] for key in ("rahima", "bikash", "tanvir"))
        at = self.now - timedelta(hours=2)
        enter_code(worker=rahima, code=self._text(rahima, "01711000001", at), now=at)
        for worker in (bikash, tanvir):
            self._text(worker, "01911000002", self.now)
        with suppress(IdentityTaken):
            add_method(worker=bikash, kind="bkash", details={"number": "01911000002"}, now=at)

    def _text(self, worker: Worker, number: str, at: datetime) -> str:
        """A code asked for and sent to nobody, as on a machine without a provider; the code itself."""
        asked = ask_for_code(worker=worker, number=number, from_address="", now=at)
        content = asked.content()
        assert content is not None, "it was sealed a moment ago"
        claimed = claim_code(provider=OUTBOX, now=at)
        assert claimed is not None, "one was asked for a moment ago"
        record_text(code_id=claimed.public_id, attempt=claimed.attempts, news=TextNews("accepted"), now=at)
        return content[1]

    def _today(self) -> None:
        """People who ask to join, work sent back for repair, a task in hand, a report."""
        ask_to_join(self.now - timedelta(hours=1))
        ask_to_move(self.workers["shilpi"], self.now - timedelta(hours=3))
        ideas = self.batches["ideas"]
        first = next(_submitted(ideas))
        ask_revision(
            requester=self.requesters["school"],
            assignment_id=first,
            reason_code="unclear",
            feedback="ধারণাটি ভালো। খরচ কত হতে পারে, এক লাইনে লিখে আবার জমা দিন।",
            seconds=3 * 24 * 3600,
            now=self.now - timedelta(minutes=20),
        )
        usability = self.batches["usability"].task_type.group_id
        taken = accept_next(
            worker=self.workers["rahima"], group_id=usability, now=self.now - timedelta(minutes=1)
        )
        report_task(
            worker=self.workers["nusrat"],
            task_id=taken.task_id,
            reason_code="broken",
            text="বোতাম চাপলে পাতাটি খোলে না।",
            now=self.now - timedelta(hours=2),
        )


_BANK = {
    "account_name": "Nusrat Jahan",
    "account_number": "1501203344556",
    "bank": "Surma Bank",
    "branch": "Lamabazar",
    "routing_number": "125912349",
}


def _publish(requester: Requester, project: Project, demo: DemoProject, at: datetime) -> Batch:
    rows = demo.rows()
    if rows:
        file = File(BytesIO(csv_of(rows)), name=f"{demo.key}.csv")
        upload = read_upload(file=file, project=project, now=at)
    else:
        upload = prepare_without_file(project=project, now=at)
    return publish(requester=requester, upload_id=upload.public_id, now=at)


def _submitted(batch: Batch) -> Iterator[str]:
    waiting = Assignment.objects.filter(batch_id=batch.pk, state=AssignmentState.SUBMITTED)
    return waiting.order_by("id").values_list("public_id", flat=True).iterator()
