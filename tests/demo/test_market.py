"""The demo market: made by the house's own verbs, alive on every page, once."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

import pytest

from tukro.campaigns.queries.posting import projects_waiting
from tukro.demo.market import load
from tukro.kernel.money import Money
from tukro.money.models import Dispute
from tukro.money.queries import debt_of, payout_queue, worker_balance
from tukro.money.queries.deposits import unmatched_money
from tukro.money.queries.taxes import withheld_for
from tukro.notices.queries.conversations import open_reports
from tukro.people.actions.accounts import EmailTaken, create_staff
from tukro.people.models import Requester, Worker
from tukro.people.queries import workers_to_review
from tukro.qualifications.models import InvitationState
from tukro.qualifications.queries import invitations_of, lessons_passed
from tukro.qualifications.rules.practice import LESSONS
from tukro.web.worker.doing.practice import first_day
from tukro.work.models import Assignment, Batch
from tukro.work.queries import pending_earnings, queue_of
from tukro.work.queries.of_requester.appeals import open_appeals

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def test_the_market_is_alive() -> None:
    sign_ins = load(NOW)

    assert [(one.role, one.email) for one in sign_ins[:4]] == [
        ("worker", "rahima@demo.example"),
        ("requester", "lab@demo.example"),
        ("staff", "staff@demo.example"),
        ("worker", "mitu@demo.example"),
    ]
    assert Counter(one.role for one in sign_ins) == {"worker": 9, "requester": 3, "staff": 1}
    rahima = Worker.objects.get(user__email="rahima@demo.example")
    assert rahima.user.check_password(sign_ins[0].password)
    assert worker_balance(rahima)[0] > Money.parse("10.00")
    assert pending_earnings(rahima) > Money.zero()
    mitu = Worker.objects.get(user__email="mitu@demo.example")
    assert [lessons_passed(one) for one in (rahima, mitu)] == [set(LESSONS), set(LESSONS[:2])]
    steps = [step.is_done for step in first_day(mitu, submitted=0, paid=0)]
    assert steps == [True, True, False, False, False], "practice is what comes next"
    assert len(queue_of(rahima, now=NOW)) == 2  # one in hand, one sent back for repair
    assert set(Assignment.objects.values_list("state", flat=True)) == {
        "accepted", "submitted", "approved", "rejected", "revising",
    }  # fmt: skip
    assert set(Batch.objects.values_list("state", flat=True)) == {"running"}
    assert Batch.objects.count() == 17
    assert [len(workers_to_review()), len(projects_waiting())] == [2, 1]
    assert [open_appeals().count(), open_reports().count()] == [1, 1]
    assert [one.group.name for one in invitations_of(rahima, InvitationState.INVITED)] == ["Careful eyes"]
    assert [unmatched_money().count(), Dispute.objects.filter(state="taken").count()] == [1, 2]
    assert [payout_queue(state).count() for state in ("requested", "settled")] == [1, 2]
    debtor = Requester.objects.get(user__email="mela@demo.example")
    assert (str(debt_of(debtor)), str(withheld_for("IN"))) == ("7.00", "0.40")


def test_a_second_market_in_the_same_house_is_refused() -> None:
    create_staff("staff@demo.example", "a-long-enough-pass-phrase", now=NOW)
    with pytest.raises(EmailTaken):
        load(NOW)
    assert not Worker.objects.exists()
