"""What people are told of what happened, in their language, once."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

import tukro.web
from tests import cast, make
from tests.make import NOW
from tests.notices.telling import tell_all
from tukro.campaigns.actions.projects import (
    approve_project,
    ask_moderation,
    change_kind_of_work,
    refuse_project,
)
from tukro.journal.actions import record
from tukro.journal.models import Event
from tukro.kernel.actors import HOUSE
from tukro.kernel.money import Money
from tukro.money.actions.books.corrections import correct_balance
from tukro.money.actions.books.exchange import enter_rate
from tukro.money.actions.law.taxes import change_tax_rule
from tukro.money.actions.paying_out.asking import request_payout
from tukro.money.actions.paying_out.payouts import return_payout, send_payout
from tukro.money.models import PayoutMethod
from tukro.notices.actions.letters import letters_of
from tukro.notices.jobs import tell_people
from tukro.notices.models import Cursor, Mail
from tukro.notices.rules.kinds import first_paragraph
from tukro.people.actions.joining import approve_worker, refuse_worker, suspend_worker
from tukro.people.models import User, Worker, WorkerState
from tukro.work.actions.doing.assigning import expire_late, return_assignment
from tukro.work.actions.publishing import cancel_batch, hold_batch, pause_batch, release_batch
from tukro.work.actions.reviewing import ask_revision, reject_assignment, reject_assignments, send_bonus
from tukro.work.models import Batch, CategoryPolicy

pytestmark = pytest.mark.django_db


def told(user: User) -> list[tuple[str, str]]:
    """Subjects and texts of the letters to ``user`` that the journal asks for."""
    letters = letters_of(list(Event.objects.order_by("id")))
    return [(letter.subject, letter.text) for letter in letters if letter.to == user.email]


def reading(worker: Worker, language: str, digits: str = "native") -> Worker:
    worker.user.language, worker.user.digits = language, digits
    worker.user.save()
    return worker


def test_approval_names_the_dashboard() -> None:
    worker = reading(make.worker(state=WorkerState.PENDING), "en")
    approve_worker(by=cast.shirin().actor, worker_id=worker.public_id, now=NOW)
    [(subject, text)] = told(worker.user)
    assert subject == "Your worker account is approved"
    assert "/dashboard" in text
    assert "Workers never pay" in text


def test_refusal_and_suspension_carry_the_reason() -> None:
    shirin, worker = cast.shirin(), cast.rahima()
    suspend_worker(by=shirin.actor, worker_id=worker.public_id, reason="Shared account", now=NOW)
    approve_worker(by=shirin.actor, worker_id=worker.public_id, now=NOW)
    other = reading(make.worker(state=WorkerState.PENDING), "en")
    refuse_worker(by=shirin.actor, worker_id=other.public_id, reason="Two accounts & more", now=NOW)
    approve_worker(by=shirin.actor, worker_id=other.public_id, now=NOW)
    suspended, again = told(worker.user)
    refused, after_all = told(other.user)
    assert (suspended[0], again[0], refused[0]) == (
        "Your worker account is suspended",
        "Your worker account is open again",
        "Your worker account is not approved",
    )
    assert "looked at your worker account again and approved it after all" in after_all[1]
    assert "Shared account" in suspended[1]
    assert "Two accounts & more" in refused[1]
    assert (first_paragraph(suspended[1]), first_paragraph(refused[1])) == (
        "You cannot take tasks for now. The reason: Shared account",
        "We have looked at your worker account and cannot approve it. The reason: Two accounts & more",
    )


def test_a_requester_hears_what_the_staff_say_of_a_project() -> None:
    shirin, karim = cast.shirin().actor, cast.karim()
    project = make.project(of=karim, category="sign_up", name="Try & tell").public_id
    ask_moderation(requester=karim, project_id=project, now=NOW)
    refuse_project(by=shirin, project_id=project, reason="Say what for.", now=NOW)
    ask_moderation(requester=karim, project_id=project, now=NOW)
    approve_project(by=shirin, project_id=project, now=NOW)
    refused, approved = told(karim.user)
    assert (refused[0], approved[0]) == ("Not approved: Try & tell", "Approved: Try & tell")
    assert "Say what for." in refused[1]
    assert f"/requester/projects/{project}" in approved[1]


def test_a_requester_hears_that_staff_need_not_look_any_more() -> None:
    shirin, karim = cast.shirin().actor, cast.karim()
    project = make.project(of=karim, category="sign_up", name="Try & tell").public_id
    ask_moderation(requester=karim, project_id=project, now=NOW)
    change_kind_of_work(by=shirin, code="sign_up", policy=CategoryPolicy.OPEN, now=NOW)
    [(subject, text)] = told(karim.user)
    assert subject == "Can be published: Try & tell"
    assert f"/requester/projects/{project}" in text


@pytest.mark.parametrize(
    ("act", "words"),
    [
        (None, "It goes on as before."),
        (pause_batch, "You had paused it, so it waits until you resume it."),
        (cancel_batch, "You had cancelled it, so it stays cancelled; you can publish this work again."),
    ],
)
def test_a_requester_hears_when_staff_stop_a_batch_and_when_they_release_it(
    act: Callable[..., None] | None, words: str
) -> None:
    shirin, karim = cast.shirin().actor, cast.karim()
    batch = make.batch(of=karim)
    if act is not None:
        act(requester=karim, batch_id=batch.public_id, now=NOW)
    hold_batch(batch_pk=batch.pk, reason_code="secrets", by=shirin, now=NOW)
    release_batch(by=shirin, batch_id=batch.public_id, now=NOW)
    stopped, released = told(karim.user)[-2:]
    assert (stopped[0], released[0]) == (
        f"Stopped by our staff: {batch.name}",
        f"Released by our staff: {batch.name}",
    )
    assert "Reason: It asks for a password, a one-time code or a card number." in stopped[1]
    assert f"/requester/batches/{batch.public_id}" in stopped[1]
    assert words in released[1]


def test_rejections_of_one_reading_make_one_letter_for_each_worker() -> None:
    karim, rahima, tanvir = cast.karim(), cast.rahima(), cast.tanvir()
    batch = make.batch(of=karim, rows=3)
    works = [make.submitted(by=worker, of=batch) for worker in (rahima, rahima, tanvir)]
    reject_assignments(
        requester=karim,
        assignment_ids=[work.public_id for work in works],
        reason_code="wrong",
        feedback="The digit is a 3.",
        reopen=False,
        now=NOW,
    )
    [(subject, text)] = told(rahima.user)
    assert subject == "2 of your answers were rejected"
    assert "rejected 2 of your answers to “Which digit is this?”, so the reward of $0.05 for each" in text
    assert text.count("Reason: The answer is wrong.\nThe requester writes: The digit is a 3.") == 1
    assert "/history?state=rejected" in text
    [(subject, text)] = told(tanvir.user)
    assert subject == "Your work was rejected: Which digit is this?"
    assert "$0.05 is not paid" in text
    assert f"/history/{works[2].public_id}" in text


def test_a_reason_is_told_in_the_worker_s_language_and_words_only_where_there_are_any() -> None:
    karim, rahima, tanvir = cast.karim(), cast.rahima(), cast.tanvir()
    rahima.user.language = "bn"
    rahima.user.save()
    one, two = (make.submitted(by=worker, of=make.batch(of=karim)) for worker in (rahima, tanvir))
    reject_assignments(
        requester=karim,
        assignment_ids=[one.public_id],
        reason_code="copied",
        feedback="দেখুন",
        now=NOW,
    )
    [(_, text)] = told(rahima.user)
    assert "কারণ: উত্তর নকল করা।\n" in text
    # As programs do, who give no reason and may have no words.
    reject_assignment(requester=karim, assignment_id=two.public_id, feedback="", now=NOW)
    [(_, text)] = told(tanvir.user)
    assert "Reason:" not in text
    assert "The requester writes:" not in text


def test_a_request_to_mend_says_what_and_until_when() -> None:
    karim, rahima = cast.karim(), cast.rahima()
    work = make.submitted(by=rahima, of=make.batch(of=karim))
    ask_revision(
        requester=karim,
        assignment_id=work.public_id,
        reason_code="unclear",
        feedback="Which one?",
        now=NOW,
    )
    [(subject, text)] = told(rahima.user)
    assert subject == "Please revise your work: Which digit is this?"
    assert "Reason: The answer is not clear." in text
    assert "Which one?" in text
    assert "You have time until 3 November 2026" in text


def test_repairs_that_do_not_come_are_told_to_both_sides() -> None:
    karim, rahima = cast.karim(), cast.rahima()
    batch = make.batch(of=karim, rows=2)
    works = [make.submitted(by=by, of=batch) for by in (rahima, None)]
    for work in works:
        ask_revision(
            requester=karim,
            assignment_id=work.public_id,
            reason_code="unclear",
            feedback="Which one?",
            now=NOW,
        )
    expire_late(now=NOW + timedelta(days=1, minutes=1))
    [_asked, (subject, text)] = told(rahima.user)
    assert subject == "Your answer counts as it was: Which digit is this?"
    assert "The requester can review it until 6 November 2026" in text
    assert f"/history/{works[0].public_id}" in text
    [(subject, text)] = [one for one in told(karim.user) if one[0].startswith("Not repaired")]
    assert "did not come: 2." in text
    assert f"/requester/batches/{batch.public_id}/review" in text


def test_who_gave_a_repair_back_is_not_told_of_it() -> None:
    karim, rahima = cast.karim(), cast.rahima()
    work = make.submitted(by=rahima, of=make.batch(of=karim))
    given: dict[str, Any] = {"assignment_id": work.public_id, "reason_code": "other", "now": NOW}
    ask_revision(requester=karim, feedback="Which one?", **given)
    return_assignment(worker=rahima, **given)
    [(subject, _text)] = told(rahima.user)
    assert subject.startswith("Please revise")
    [(_subject, text)] = [one for one in told(karim.user) if one[0].startswith("Not repaired")]
    assert f"/requester/assignments/{work.public_id}" in text


def test_a_bonus_is_told_in_the_digits_of_the_reader() -> None:
    karim, rahima = cast.karim(), reading(cast.rahima(), "bn")
    work = make.submitted(by=rahima, of=make.batch(of=karim))
    send_bonus(
        requester=karim,
        assignment_id=work.public_id,
        amount=Money.parse("1.50"),
        reason="ধন্যবাদ",
        token="t1",
        now=NOW,
    )
    [(_, text)] = told(rahima.user)
    assert "১.৫০" in text
    assert "ধন্যবাদ" in text
    reading(rahima, "bn", "latin")
    [(_, text)] = told(rahima.user)
    assert "1.50" in text


def test_a_withdrawal_is_told_when_it_leaves_and_when_it_comes_back() -> None:
    karim, rahima, shirin = cast.karim(), cast.rahima(), cast.shirin()
    work = make.submitted(by=rahima, of=make.batch(of=karim))
    send_bonus(
        requester=karim,
        assignment_id=work.public_id,
        amount=Money.parse("20.00"),
        reason="Thanks",
        token="t1",
        now=NOW,
    )
    method = make.payout_method(of=rahima)
    payout = request_payout(worker=rahima, method_id=method.pk, amount=Money.parse("12.00"), now=NOW)
    send_payout(by=shirin.actor, payout_id=payout.public_id, reference="TRX9", now=NOW)
    return_payout(by=shirin.actor, payout_id=payout.public_id, reason="Wrong number", reference="R1", now=NOW)
    _, (sent, sent_text), (back, back_text) = told(rahima.user)
    assert sent == "Your withdrawal of $12.00 is on its way"
    assert "TRX9" in sent_text
    assert "We have sent $12.00 to you.\nSent to: bKash •••• " in sent_text
    assert "/earnings/withdraw" in sent_text
    assert back == "Your withdrawal of $12.00 came back"
    assert "Wrong number" in back_text
    assert "\nIt was to go to: bKash •••• " in back_text
    assert "\nReference: R1\n" in back_text


def test_of_a_withdrawal_it_is_told_what_was_kept_and_what_arrives_in_other_money() -> None:
    by, rahima = cast.shirin().actor, reading(cast.rahima(), "en")
    correct_balance(by=HOUSE, person=rahima, amount=Money.parse("20.00"), reason="earned", now=NOW)
    change_tax_rule(by=by, country="BD", basis_points=1000, authority="NBR", now=NOW)
    enter_rate(by=by, currency="BDT", rate=Decimal(120), source="bank", now=NOW)
    method, asked = make.payout_method(of=rahima).pk, Money.parse("12.00")
    payout = request_payout(worker=rahima, method_id=method, amount=asked, currency="BDT", now=NOW)
    send_payout(by=by, payout_id=payout.public_id, reference="TRX9", now=NOW)
    [_corrected, (_subject, text)] = told(rahima.user)
    kept = "Tax, kept for the authority of your country: $1.20"
    assert f"We have sent $10.80 to you.\nWhat arrives: ৳1,296.00\n{kept}\nSent to: bKash" in text


def test_a_requester_hears_that_a_batch_is_published() -> None:
    karim = cast.karim()
    make.batch(of=karim, rows=4)
    [(subject, text)] = told(karim.user)
    assert subject == "Published: Digits"
    assert "Tasks: 4." in text
    assert f"/requester/batches/{Batch.objects.get().public_id}" in text


@pytest.mark.django_db(transaction=True)
def test_two_readers_at_once_tell_everyone_once() -> None:
    shirin = cast.shirin()
    for no in range(20):
        worker = make.worker(email=f"w{no}@example.org", state=WorkerState.PENDING)
        approve_worker(by=shirin.actor, worker_id=worker.public_id, now=NOW)
    barrier = threading.Barrier(3)

    def read() -> None:
        try:
            barrier.wait(timeout=10)
            tell_people(NOW)
        finally:
            connection.close()

    threads = [threading.Thread(target=read) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    tell_all()
    assert sorted(Mail.objects.values_list("to", flat=True)) == sorted(
        f"w{no}@example.org" for no in range(20)
    )


@pytest.mark.django_db(transaction=True)
def test_a_reader_that_lost_its_place_tells_no_one_twice() -> None:
    worker = make.worker(state=WorkerState.PENDING)
    approve_worker(by=cast.shirin().actor, worker_id=worker.public_id, now=NOW)
    tell_all()
    Cursor.objects.update(event_id=0)
    tell_all()
    assert Mail.objects.filter(to=worker.user.email).count() == 1


def test_a_saved_search_names_what_it_found_and_counts_the_rest() -> None:
    rahima = reading(cast.rahima(), "en")
    found = {"group": "3GROUP", "title": "Type & check", "reward": 50_000, "requester": "Karim Studio"}
    facts = {"worker": rahima.public_id, "name": "Typing", "count": 3, "groups": [found, found]}
    record(name="SearchMatched", actor=HOUSE, subject="3SEARCH", at=NOW, facts=facts)
    [(subject, text)] = told(rahima.user)
    assert subject == "New work for “Typing”"
    assert text.startswith("Type & check: $0.05 per task\n\n")
    assert text.count("/projects/3GROUP/tasks") == 2
    assert "and 1 more in the list" in text


def test_a_lot_that_was_won_leads_to_the_task() -> None:
    rahima = reading(cast.rahima(), "en")
    facts = {
        "worker": rahima.public_id,
        "group": "3GROUP",
        "task": "3TASK",
        "title": "Type",
        "reward": 50_000,
        "deadline": NOW.isoformat(),
    }
    record(name="LotWon", actor=HOUSE, subject="3WON", at=NOW, facts=facts)
    [(subject, text)] = told(rahima.user)
    assert subject == "The lot fell on you: “Type”"
    assert "/projects/3GROUP/tasks/3TASK?assignment_id=3WON" in text


def test_an_event_that_cannot_be_told_silences_no_other() -> None:
    rahima, karim = cast.rahima(), cast.karim()
    method = make.payout_method(of=rahima)
    PayoutMethod.objects.update(confirmed_at=None, sealed_details=b"sealed by another house")
    record(
        name="PayoutMethodAdded",
        actor=rahima.actor,
        subject=rahima.public_id,
        at=NOW,
        facts={"method": method.pk},
    )
    batch = make.batch(of=karim)
    facts = {"count": 1, "amount": 60_000}
    record(name="ApprovedBySilence", actor=HOUSE, subject=batch.public_id, at=NOW, facts=facts)
    assert told(rahima.user) == []
    assert len(told(karim.user)) > 0


def test_a_subject_is_one_line_whatever_the_work_is_called() -> None:
    karim = cast.karim()
    karim.user.language = "en"
    karim.user.save()
    batch = make.batch(of=karim)
    Batch.objects.filter(pk=batch.pk).update(name="Shops\r\nand\rsigns")
    record(
        name="ApprovedBySilence",
        actor=HOUSE,
        subject=batch.public_id,
        at=NOW,
        facts={"count": 1, "amount": 60_000},
    )
    [*_, (subject, text)] = told(karim.user)
    assert subject == "Approved by itself: Shops and signs"
    assert not text.startswith("and")


def test_a_requester_hears_what_their_silence_approved_and_where_the_rest_waits() -> None:
    karim = cast.karim()
    karim.user.language = "en"
    karim.user.save()
    batch = make.batch(of=karim)
    Batch.objects.filter(pk=batch.pk).update(name="Shops & signs")
    facts = {"count": 12, "amount": 720_000}
    record(name="ApprovedBySilence", actor=HOUSE, subject=batch.public_id, at=NOW, facts=facts)
    [*_, (subject, text)] = told(karim.user)
    assert subject == "Approved by itself: Shops & signs"
    assert "the time to review them was over: 12. Together with the fees they cost $0.72." in text
    assert f"/requester/batches/{batch.public_id}/review" in text


def test_every_link_in_a_mail_says_where_it_leads() -> None:
    """A bare address in a mail is what people are told to distrust."""
    mails = (Path(tukro.web.__file__).parent / "templates" / "mail").glob("*.txt")
    written = {mail.name: _without_branches(mail.read_text()) for mail in mails}
    assert len(written) > 40
    assert [name for name, text in written.items() if re.search(r"\n[ ]*\n{{ site }}", text)] == []


def _without_branches(template: str) -> str:
    return re.sub(r"{% (?:if|elif|else|endif|for|endfor|with|endwith)\b[^%]*%}", "", template)
