"""One day of the market over HTTP: 500 real digits, 30 people, and every cent where it belongs.

A requester posts a file through the pages, workers with different care do the tasks, the requester judges
them against what is known to be true, workers are paid, one withdraws, staff send the money, and in the end
the books balance.
"""

from __future__ import annotations

import csv
import io
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pytest
from allauth.account.models import EmailAddress
from django.db import connections
from django.utils import timezone

from tests import make
from tests.visitor import Stranger, Visitor
from tukro.demo.digits import read_digits, write_tasks_csv
from tukro.journal.queries import history
from tukro.kernel.money import Money
from tukro.money.queries import ledger_faults, requester_balance, worker_balance
from tukro.people.actions.accounts import create_requester, create_staff, create_worker
from tukro.people.models import Requester, User, Worker
from tukro.work.models import Assignment, Task
from tukro.work.queries.faults import work_faults

pytestmark = [pytest.mark.story, pytest.mark.long]

TASKS = 500
PEOPLE = 30
AT_ONCE = 8
SHARE = -(-TASKS // PEOPLE)
PASSWORD = "a-long-enough-pass-phrase"
REWARD, FEE = Money.parse("0.50"), Money.parse("0.10")
DEPOSIT, BONUS = Money.parse("400.00"), Money.parse("6.00")
PAGE = Path(__file__).parents[2] / "src" / "tukro" / "demo" / "data" / "pages" / "digit.html"

TRUTH = {digit.id: str(digit.truth) for digit in read_digits(TASKS)}


@dataclass
class Cast:
    karim: Requester
    shirin: User
    workers: list[Worker]

    def care_of(self, worker: Worker) -> float:
        """How often this worker is right: from 70 % to 100 %."""
        return 0.7 + 0.3 * self.workers.index(worker) / (len(self.workers) - 1)


@pytest.fixture
def people(site: str) -> Cast:
    now = timezone.now()
    return Cast(
        karim=create_requester("karim@example.org", PASSWORD, name="Karim Studio", now=now),
        shirin=create_staff("shirin@example.org", PASSWORD, now=now),
        workers=_workers(),
    )


def _workers() -> list[Worker]:
    """Thirty people with one password, which is hashed once: hashing is slow on purpose."""
    first = create_worker("worker0@example.org", PASSWORD, country="BD", now=timezone.now())
    others = [make.worker(email=f"worker{no}@example.org") for no in range(1, PEOPLE)]
    for worker in others:
        worker.user.password = first.user.password
        worker.user.save(update_fields=["password"])
        EmailAddress.objects.create(user=worker.user, email=worker.user.email, primary=True, verified=True)
    return [first, *others]


@pytest.fixture
def karim(site: str, people: Cast) -> Iterator[Visitor]:
    """The requester at the browser."""
    with Visitor(site) as visitor:
        visitor.sign_in("karim@example.org", PASSWORD)
        yield visitor


def test_market_day(site: str, people: Cast, karim: Visitor) -> None:
    _add_money(karim)
    batch_id = _publish_the_digits(karim)

    _work(site, people, group_id=_group_of(batch_id))
    _expect_everything_handed_in()

    verdicts = _judge_against_truth(karim, batch_id)
    _expect_paid(people, verdicts)

    best = max(people.workers, key=lambda worker: worker_balance(worker)[0].units)
    _thank(karim, best)
    _withdraw(site, best)
    _send_the_money(site, best)

    _expect_result_file(karim, batch_id, verdicts)
    _expect_balanced_books(people, verdicts)
    assert work_faults() == []
    assert ledger_faults(clock=True) == []


# --- posting ------------------------------------------------------------------------------------


def _add_money(karim: Visitor) -> None:
    page = karim.open("/requester/balance/add")
    karim.send(page.form(having="amount"), amount=str(DEPOSIT))
    assert requester_balance(Requester.objects.get()) == (DEPOSIT, Money.zero())


def _publish_the_digits(karim: Visitor) -> str:
    """A project from a starter, the file, the cost, publishing; waits until workers can see it."""
    form = karim.open("/requester/projects/new/image_classification").form(having="template")
    project = karim.send(
        form,
        name="Digits",
        title="হাতে লেখা অঙ্কটি চিনুন (Which digit is this?)",
        description="Look at one handwritten digit and choose what it is.",
        keywords="image, digits",
        category="image",
        reward="০.৫০",  # as a Bengali keyboard writes it
        places="1",
        template=PAGE.read_text(encoding="utf-8"),
    )
    assert project.status == 200, project.text
    chosen = karim.open(f"{project.address}/file").form(having="file")
    upload = karim.send(chosen, files={"file": ("digits.csv", _digits_csv(), "text/csv")})
    assert "500" in upload.text
    assert "300.00" in upload.text  # 500 x (0.50 + 0.10)
    batch = karim.send(upload.form(to="/publish"))
    batch_id = batch.address.rpartition("/")[2]
    assert requester_balance(Requester.objects.get())[1] == (REWARD + FEE) * TASKS
    _wait_until_published(karim, batch_id)
    return batch_id


def _digits_csv() -> bytes:
    file = io.StringIO(newline="")
    write_tasks_csv(read_digits(TASKS), file)
    return file.getvalue().encode("utf-8")


def _wait_until_published(karim: Visitor, batch_id: str) -> None:
    until = time.monotonic() + 30
    while (
        Task.objects.count() < TASKS
        or "running" not in karim.open(f"/requester/batches/{batch_id}").text.lower()
    ):
        assert time.monotonic() < until, "the batch was not published"
        time.sleep(0.3)


def _group_of(batch_id: str) -> str:
    group_id: str = Task.objects.filter(batch__public_id=batch_id).values_list(
        "task_type__group_id", flat=True
    )[0]
    return group_id


# --- working ------------------------------------------------------------------------------------


def _work(site: str, people: Cast, *, group_id: str) -> None:
    """Everybody does a fair share or what is left of it, eight people at a time."""
    with ThreadPoolExecutor(AT_ONCE) as threads:
        done = [
            threads.submit(_work_one, site, worker, people.care_of(worker), group_id)
            for worker in people.workers
        ]
    for one in done:
        one.result()


def _work_one(site: str, worker: Worker, care: float, group_id: str) -> None:
    with Visitor(site) as visitor, Stranger(site) as frame:
        visitor.sign_in(worker.user.email, PASSWORD)
        _do_a_share(visitor, frame, group_id, care, Random(worker.user.email))
    connections.close_all()  # of this thread


def _do_a_share(visitor: Visitor, frame: Stranger, group_id: str, care: float, chance: Random) -> None:
    for no in range(SHARE):
        taken = visitor.call(f"/projects/{group_id}/tasks/accept_random")
        if taken.status_code != 200:
            assert taken.json()["error"] == "nothing_left", taken.text
            break
        task = taken.json()
        answer = _answer(TRUTH[_shown_digit(task["task_id"])], care, chance)
        # The first is done in the page's own frame, as in a browser; the rest as a script would.
        if no == 0:
            _hand_in_by_frame(visitor, frame, task["task_url"], answer)
        else:
            _hand_in(visitor, group_id, task, answer)


def _shown_digit(task_id: str) -> str:
    """Which picture the worker sees."""
    return str(Task.objects.values_list("input__id", flat=True).get(public_id=task_id))


def _answer(truth: str, care: float, chance: Random) -> str:
    return truth if chance.random() < care else chance.choice([d for d in "0123456789" if d != truth])


def _hand_in(visitor: Visitor, group_id: str, task: dict[str, str], answer: str) -> None:
    address = f"/projects/{group_id}/tasks/{task['task_id']}/submit?assignment_id={task['assignment_id']}"
    handed_in = visitor.call(address, {"digit": answer})
    assert handed_in.status_code == 200, handed_in.text


def _hand_in_by_frame(visitor: Visitor, frame: Stranger, work_address: str, answer: str) -> None:
    (source,) = visitor.open(work_address).frames
    page = frame.open(source)
    assert page.status == 200, page.text
    handed_in = frame.send(page, page.form(having="digit"), digit=answer)
    assert handed_in.status == 200, handed_in.text


def _expect_everything_handed_in() -> None:
    states = Counter(Assignment.objects.values_list("state", flat=True))
    assert states == {"submitted": TASKS}
    by_worker = Counter(Assignment.objects.values_list("worker_id", flat=True))
    assert len(by_worker) == PEOPLE


# --- reviewing ----------------------------------------------------------------------------------


def _judge_against_truth(karim: Visitor, batch_id: str) -> dict[str, bool]:
    """Download the result file, put X or a reason into each line, bring it back, confirm."""
    rows = _result_rows(karim, batch_id)
    right = {row["AssignmentId"]: row["Answer.digit"] == TRUTH[row["Input.id"]] for row in rows}
    for row in rows:
        if right[row["AssignmentId"]]:
            row["Approve"] = "X"
        else:
            row["Reject"] = f"The picture shows {TRUTH[row['Input.id']]}."
    form = karim.open(f"/requester/batches/{batch_id}/results").form(having="file")
    plan = karim.send(form, files={"file": ("results.csv", _as_csv(rows), "text/csv")})
    assert plan.status == 200, plan.text
    done = karim.send(plan.form(having="reopen"))
    assert done.address.endswith("/results"), done.text
    return right


def _result_rows(karim: Visitor, batch_id: str) -> list[dict[str, str]]:
    text = karim.open(f"/requester/batches/{batch_id}/results.csv").text
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def _as_csv(rows: Sequence[dict[str, str]]) -> bytes:
    file = io.StringIO(newline="")
    lines = csv.DictWriter(file, fieldnames=list(rows[0]), quoting=csv.QUOTE_ALL)
    lines.writeheader()
    lines.writerows(rows)
    return file.getvalue().encode("utf-8")


def _expect_paid(people: Cast, right: dict[str, bool]) -> None:
    """Everybody has the reward for every right answer and for no other."""
    done: dict[int, list[str]] = {worker.pk: [] for worker in people.workers}
    for worker_id, assignment_id in Assignment.objects.values_list("worker_id", "public_id"):
        done[worker_id].append(assignment_id)
    for worker in people.workers:
        earned = REWARD * sum(right[assignment_id] for assignment_id in done[worker.pk])
        assert worker_balance(worker) == (earned, Money.zero(), Money.zero())


# --- paying out ---------------------------------------------------------------------------------


def _thank(karim: Visitor, best: Worker) -> None:
    best_work = Assignment.objects.filter(worker=best, state="approved").order_by("id")[0]
    page = karim.open(f"/requester/assignments/{best_work.public_id}")
    form = page.form(to="/bonus")
    karim.send(form, amount=str(BONUS), reason="The most careful eyes of all thirty.")
    assert worker_balance(best)[0] >= Money.parse("10.00")


def _withdraw(site: str, best: Worker) -> None:
    """Add a bKash number, ask for all of it, confirm; the button is pressed twice."""
    before = worker_balance(best)[0]
    with Visitor(site, language="bn") as visitor:
        visitor.sign_in(best.user.email, PASSWORD)
        visitor.send(visitor.open("/earnings/methods/add/bkash").form(having="number"), number="০১৭১২৩৪৫৬৭৮")
        make.waited_out(best.payout_methods.get(), now=timezone.now())
        check = visitor.send(visitor.open("/earnings/withdraw").form(having="which"), which="all")
        for _ in range(2):
            visitor.send(check.form(having="payout"))
    assert worker_balance(best) == (Money.zero(), before, Money.zero())


def _send_the_money(site: str, best: Worker) -> None:
    """Staff tick it, write the wallet's number, and later that it arrived."""
    payout_id = best.payouts.get().public_id
    with Visitor(site) as staff:
        staff.sign_in("shirin@example.org", PASSWORD)
        queue = staff.open("/staff/payouts").form(having="payout")
        staff.send(queue, payout=payout_id, reference="8N7A6D5E4K", act="send")
        sent = staff.open("/staff/payouts?state=sent")
        assert "8N7A6D5E4K" in sent.text
        staff.send(sent.form(having="payout"), payout=payout_id, act="settle")
        proof = staff.send(staff.open("/staff/ledger").form(to="/staff/ledger"))
        assert "every proof holds" in proof.text
    assert [event.name for event in history(payout_id)] == ["PayoutRequested", "PayoutSent", "PayoutSettled"]


# --- the end of the day -------------------------------------------------------------------------


def _expect_result_file(karim: Visitor, batch_id: str, right: dict[str, bool]) -> None:
    rows = _result_rows(karim, batch_id)
    assert len(rows) == TASKS
    assert {row["AssignmentId"]: row["AssignmentStatus"] == "Approved" for row in rows} == right
    assert {row["Input.id"] for row in rows} == set(TRUTH)
    assert {row["Reward"] for row in rows} == {"$0.50"}
    assert all(row["RequesterFeedback"].startswith("The picture shows") for row in rows
               if row["AssignmentStatus"] == "Rejected")  # fmt: skip


def _expect_balanced_books(people: Cast, right: dict[str, bool]) -> None:
    """What came in is with the workers, outside, with the house, or still the requester's."""
    approved = sum(right.values())
    assert 0 < approved < TASKS
    paid = sum((sum(worker_balance(worker), Money.zero()) for worker in people.workers), Money.zero())
    withdrawn = sum((p.paid_out for w in people.workers for p in w.payouts.all()), Money.zero())
    fees = FEE * approved + BONUS.share_rounded_up(2000)
    available, set_aside = requester_balance(people.karim)
    assert paid + withdrawn == REWARD * approved + BONUS
    assert set_aside == (REWARD + FEE) * (TASKS - approved)  # rejected: waits for an appeal
    assert paid + withdrawn + fees + available + set_aside == DEPOSIT
