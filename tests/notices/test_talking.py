"""Messages between workers and requesters: who may write to whom, how much, and what stays inside."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from tests import cast, make
from tests.notices.telling import tell_at_once
from tests.together import outcomes, together
from tukro.kernel.errors import NotFound
from tukro.notices.actions.contacting import notify_workers
from tukro.notices.actions.relaying import BadRelayPolicy, change_relay_policy
from tukro.notices.actions.talking import (
    EmptyMessage,
    LongMessage,
    MayNotWrite,
    NoStrangers,
    NotWanted,
    TooManyMessages,
    begin_as_requester,
    begin_as_worker,
    mark_read,
    mute,
    reply,
    report_message,
    settle_report,
    unmute,
)
from tukro.notices.models import Conversation, Mail, Message
from tukro.notices.queries.conversations import conversations_of, messages_of, open_reports
from tukro.work.actions.doing.appealing import appeal, withdraw_appeal
from tukro.work.actions.reviewing import approve_assignment, approve_assignments, reject_assignments

pytestmark = pytest.mark.django_db


def test_a_worker_asks_about_work_and_the_requester_answers_in_the_same_place() -> None:
    karim = cast.karim()
    one = make.submitted(of=make.batch(of=karim))
    asked = begin_as_worker(worker=one.worker, about=one.public_id, text=" Was it a 7? ", now=make.NOW)
    again = begin_as_requester(requester=karim, about=one.public_id, text="It was.", now=make.NOW)
    talk = asked.conversation
    assert again.conversation_id == talk.pk
    assert (talk.subject, talk.started_by) == ("Which digit is this?", "worker")
    assert [(m.side, m.text) for m in messages_of(talk)] == [
        ("worker", "Was it a 7?"),
        ("requester", "It was."),
    ]
    talk.refresh_from_db()
    assert (talk.worker_unread, talk.requester_unread) == (1, 0), "who answers has read"
    mark_read(side="worker", conversation=talk)
    talk.refresh_from_db()
    assert talk.worker_unread == 0


def test_groups_and_requesters_can_be_asked_too_each_in_a_conversation_of_its_own() -> None:
    karim, rahima = cast.karim(), cast.rahima()
    group = make.batch(of=karim).task_type.group_id
    for about in (group, karim.public_id, karim.public_id):
        begin_as_worker(worker=rahima, about=about, text="Hello", now=make.NOW)
    assert sorted(one.about for one in conversations_of("requester", karim)) == ["", group]


def test_requesters_write_only_to_workers_whom_they_know_by_their_work() -> None:
    karim, rahima = cast.karim(), cast.rahima()
    write = partial(begin_as_requester, requester=karim, about=rahima.public_id, text="Hi", now=make.NOW)
    with pytest.raises(NoStrangers):
        write()
    make.accepted(by=rahima, of=make.batch(of=karim))
    with pytest.raises(NoStrangers):
        write()
    make.submitted(by=rahima, of=make.batch(of=karim))
    assert write().side == "requester"


def test_what_is_not_ones_own_is_not_found() -> None:
    karim, stranger = cast.karim(), make.requester()
    one = make.submitted(of=make.batch(of=karim))
    tanvir = cast.tanvir()
    sent = begin_as_worker(worker=one.worker, about=one.public_id, text="Mine", now=make.NOW)
    talk = sent.conversation.public_id
    for attempt in (
        partial(begin_as_worker, worker=tanvir, about=one.public_id, text="x", now=make.NOW),
        partial(begin_as_requester, requester=stranger, about=one.public_id, text="x", now=make.NOW),
        partial(reply, side="worker", person=tanvir, conversation_id=talk, text="x", now=make.NOW),
        partial(reply, side="requester", person=stranger, conversation_id=talk, text="x", now=make.NOW),
        partial(mute, side="worker", person=tanvir, conversation_id=talk, now=make.NOW),
        partial(
            report_message, side="worker", person=one.worker, message_id=sent.public_id, note="", now=make.NOW
        ),
    ):
        with pytest.raises(NotFound):
            attempt()


def test_empty_long_and_too_many_messages_are_refused() -> None:
    karim, rahima, staff = cast.karim(), cast.rahima(), cast.shirin().actor
    say = partial(begin_as_worker, worker=rahima, about=karim.public_id)
    with pytest.raises(EmptyMessage):
        say(text=" \n ", now=make.NOW)
    with pytest.raises(LongMessage):
        say(text="x" * 4001, now=make.NOW)
    change_relay_policy(
        by=staff,
        contacts="mask",
        links="warn",
        worker_per_day=2,
        requester_per_day=5,
        now=make.NOW,
    )
    for _ in range(2):
        say(text="Hello", now=make.NOW)
    with pytest.raises(TooManyMessages):
        say(text="Hello", now=make.NOW + timedelta(hours=23))
    say(text="Hello", now=make.NOW + timedelta(hours=25))
    with pytest.raises(BadRelayPolicy):
        change_relay_policy(
            by=staff,
            contacts="shout",  # type: ignore[arg-type]  # no such treatment
            links="warn",
            worker_per_day=0,
            requester_per_day=5,
            now=make.NOW,
        )


def test_who_may_not_work_answers_but_does_not_begin() -> None:
    karim, waiting = cast.karim(), make.worker(state="pending")
    with pytest.raises(MayNotWrite):
        begin_as_worker(worker=waiting, about=karim.public_id, text="Hello", now=make.NOW)
    one = make.submitted(of=make.batch(of=karim))
    sent = begin_as_requester(requester=karim, about=one.public_id, text="Hello", now=make.NOW)
    one.worker.state = "suspended"
    one.worker.save()
    reply(
        side="worker",
        person=one.worker,
        conversation_id=sent.conversation.public_id,
        text="Yes?",
        now=make.NOW,
    )


def test_a_muted_sender_reaches_nobody_until_the_mute_is_lifted() -> None:
    karim = cast.karim()
    one = make.submitted(of=make.batch(of=karim))
    talk = begin_as_requester(requester=karim, about=one.public_id, text="Hello", now=make.NOW).conversation
    mine: dict[str, Any] = {
        "side": "worker",
        "person": one.worker,
        "conversation_id": talk.public_id,
        "now": make.NOW,
    }
    for _ in range(2):
        mute(**mine)
    with pytest.raises(NotWanted) as theirs:
        begin_as_requester(requester=karim, about=one.worker.public_id, text="Hello?", now=make.NOW)
    with pytest.raises(NotWanted) as own:
        reply(text="Yes", **mine)
    assert (theirs.value.facts["by"], own.value.facts["by"]) == ("them", "me")
    unmute(**mine)
    begin_as_requester(requester=karim, about=one.worker.public_id, text="Hello?", now=make.NOW)


def test_addresses_are_not_even_kept_and_links_are_warned_about() -> None:
    karim, rahima = cast.karim(), cast.rahima()
    sent = begin_as_worker(
        worker=rahima, about=karim.public_id, text="Call 01712345678, see www.example.org", now=make.NOW
    )
    kept = Message.objects.get(pk=sent.pk)
    assert (kept.text, kept.masked, kept.warned) == ("Call •••, see www.example.org", True, True)


def test_a_report_goes_to_staff_once_and_is_settled() -> None:
    karim, rahima, staff = cast.karim(), cast.rahima(), cast.shirin().actor
    sent = begin_as_worker(worker=rahima, about=karim.public_id, text="Rude", now=make.NOW)
    for note in ("rude", "again"):
        report_message(side="requester", person=karim, message_id=sent.public_id, note=note, now=make.NOW)
    [found] = open_reports()
    assert found.note == "rude"
    for _ in range(2):
        settle_report(by=staff, report_id=found.pk, now=make.NOW)
    assert not open_reports().exists()


def test_mails_carry_the_text_and_a_link_and_no_address() -> None:
    karim = cast.karim()
    one = make.submitted(of=make.batch(of=karim))
    reject_assignments(
        requester=karim,
        assignment_ids=[one.public_id],
        reason_code="wrong",
        feedback="No",
        now=make.NOW,
    )
    sent = begin_as_worker(worker=one.worker, about=one.public_id, text="It is a 7", now=make.NOW)
    reply(
        side="requester",
        person=karim,
        conversation_id=sent.conversation.public_id,
        text="I see",
        now=make.NOW,
    )
    appeal(worker=one.worker, assignment_id=one.public_id, text="Look at the bar", now=make.NOW)
    approve_assignment(requester=karim, assignment_id=one.public_id, now=make.NOW, override=True)
    two = make.submitted(of=make.batch(of=karim))
    reject_assignments(
        requester=karim,
        assignment_ids=[two.public_id],
        reason_code="wrong",
        feedback="No",
        now=make.NOW,
    )
    appeal(worker=two.worker, assignment_id=two.public_id, text="Hm", now=make.NOW)
    withdraw_appeal(worker=two.worker, assignment_id=two.public_id, now=make.NOW)
    tell_at_once()
    to_karim = list(Mail.objects.filter(to=karim.user.email).order_by("pk"))
    subjects = [mail.subject for mail in to_karim if "Published" not in mail.subject]
    assert subjects == [
        "A worker writes to you: Which digit is this?",
        "A worker appeals: Which digit is this?",
        "A worker appeals: Which digit is this?",
        "Appeal taken back: Which digit is this?",
    ]
    asked = next(mail for mail in to_karim if "writes" in mail.subject)
    assert asked.text.startswith("It is a 7\n")
    assert f"/requester/messages/{sent.conversation.public_id}" in asked.text
    assert one.worker.user.email not in asked.text
    to_worker = {mail.subject: mail.text for mail in Mail.objects.filter(to=one.worker.user.email)}
    answered = to_worker["Karim Studio writes to you: Which digit is this?"]
    assert answered.startswith("I see\n")
    assert f"/messages/{sent.conversation.public_id}" in answered
    assert karim.user.email not in answered
    assert "$0.05" in to_worker["Your appeal was right: Which digit is this?"]


@pytest.mark.django_db(transaction=True)
def test_two_who_write_first_at_the_same_moment_share_one_conversation() -> None:
    karim = cast.karim()
    one = make.submitted(of=make.batch(of=karim))
    change_relay_policy(
        by=cast.shirin().actor,
        contacts="mask",
        links="warn",
        worker_per_day=3,
        requester_per_day=5,
        now=make.NOW,
    )
    asks = partial(begin_as_worker, worker=one.worker, about=one.public_id, text="Hello", now=make.NOW)
    tells = partial(begin_as_requester, requester=karim, about=one.public_id, text="Hello", now=make.NOW)
    assert outcomes(together(asks, asks, asks, asks, asks, tells)) == {"done": 4, "TooManyMessages": 2}
    talk = Conversation.objects.get()
    assert Message.objects.filter(conversation=talk).count() == 4


def test_what_a_program_tells_workers_can_be_answered_unless_they_muted_it() -> None:
    karim = cast.karim()
    batch = make.batch(of=karim, rows=2)
    one, two = make.submitted(of=batch), make.submitted(of=batch)
    approve_assignments(requester=karim, assignment_ids=[one.public_id, two.public_id], now=make.NOW)
    talk = begin_as_worker(
        worker=two.worker, about=karim.public_id, text="No mails", now=make.NOW
    ).conversation
    mute(side="worker", person=two.worker, conversation_id=talk.public_id, now=make.NOW)
    ids = [one.worker.public_id, two.worker.public_id]
    for _ in range(2):
        assert (
            notify_workers(
                requester=karim, subject="New work", text="Call 01712345678", worker_ids=ids, now=make.NOW
            )
            == []
        )
    [heard] = conversations_of("worker", one.worker)
    assert [m.text for m in messages_of(heard)] == ["New work\n\nCall •••"] * 2
    assert heard.worker_unread == 2
    reply(side="worker", person=one.worker, conversation_id=heard.public_id, text="Gladly", now=make.NOW)
    assert [m.text for m in messages_of(talk)] == ["No mails"]
    assert not Mail.objects.filter(to=two.worker.user.email).exists()
    mails = Mail.objects.filter(to=one.worker.user.email, subject="New work")
    assert f"/messages/{heard.public_id}" in mails[0].text
    assert "Call •••" in mails[0].text
    assert "01712345678" not in mails[0].text
