"""Mails are rows first; a mail server takes them later, each once."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.core.mail import send_mail
from django.db import connection
from pytest_django import Settings

from tests.make import NOW
from tests.notices.smtp_sink import Sink, smtp_sink
from tukro.notices import jobs
from tukro.notices.actions.keeping import Letter, keep_mails
from tukro.notices.jobs import send_due
from tukro.notices.models import Mail
from tukro.notices.queries import due_mails, outbox
from tukro.notices.rules.mails import ATTEMPTS, wait_after

pytestmark = pytest.mark.django_db


@pytest.fixture
def sink(settings: Settings) -> Iterator[Sink]:
    with smtp_sink() as listening:
        settings.SMTP_URL = listening.url
        yield listening


def letters(count: int) -> list[Letter]:
    return [
        Letter(f"test:{no}", f"person{no}@example.org", f"Subject {no}", "কাজ শেষ।\n") for no in range(count)
    ]


def test_whatever_is_mailed_is_kept_as_a_row(settings: Settings) -> None:
    settings.EMAIL_BACKEND = "tukro.notices.channels.outbox.OutboxBackend"
    send_mail("Hello", "Text", None, ["a@example.org", "b@example.org"])
    assert [(mail.to, mail.subject, mail.text, mail.sent_at) for mail in outbox()] == [
        ("b@example.org", "Hello", "Text", None),
        ("a@example.org", "Hello", "Text", None),
    ]


def test_a_letter_with_the_same_key_is_kept_once() -> None:
    keep_mails(letters(2), now=NOW)
    keep_mails(letters(3), now=NOW)
    assert [mail.key for mail in outbox()] == ["test:2", "test:1", "test:0"]


def test_the_outbox_is_read_page_by_page_and_by_receiver() -> None:
    keep_mails(letters(5), now=NOW)
    first = outbox(limit=2)
    assert [mail.key for mail in first] == ["test:4", "test:3"]
    assert [mail.key for mail in outbox(before=first[-1].pk, limit=2)] == ["test:2", "test:1"]
    assert [mail.key for mail in outbox(to="person0@")] == ["test:0"]


def test_without_a_mail_server_mails_stay_in_the_outbox(settings: Settings) -> None:
    settings.SMTP_URL = ""
    keep_mails(letters(1), now=NOW)
    assert send_due(NOW) == 0
    assert due_mails(NOW).count() == 1


def test_due_mails_are_sent_in_order_with_bengali_whole(sink: Sink) -> None:
    keep_mails(letters(2), now=NOW)
    assert send_due(NOW) == 2
    assert [(mail["To"], mail["Subject"]) for mail in sink.mails] == [
        ("person0@example.org", "Subject 0"),
        ("person1@example.org", "Subject 1"),
    ]
    assert sink.mails[0].get_content().strip() == "কাজ শেষ।"
    assert [mail.sent_at for mail in outbox()] == [NOW, NOW]
    assert send_due(NOW) == 0


def test_a_refused_mail_is_tried_again_later(sink: Sink) -> None:
    keep_mails(letters(1), now=NOW)
    sink.refuses = True
    assert send_due(NOW) == 0
    mail = Mail.objects.get()
    assert (mail.attempts, mail.retry_at, mail.sent_at) == (1, NOW + timedelta(minutes=1), None)
    assert "busy" in mail.error
    sink.refuses = False
    assert send_due(NOW + timedelta(seconds=59)) == 0
    assert send_due(NOW + timedelta(minutes=1)) == 1
    mail.refresh_from_db()
    assert (mail.attempts, mail.error) == (2, "")


def test_a_server_that_is_away_is_not_asked_for_every_waiting_mail(settings: Settings) -> None:
    with smtp_sink() as gone:
        settings.SMTP_URL = gone.url
    keep_mails(letters(10), now=NOW)
    assert send_due(NOW) == 0
    assert Mail.objects.filter(attempts=1).count() == 3


@pytest.mark.parametrize("address", [f"a@ex{'ä' * 60}.de", "me@gmail.com,", "me\r@gmail.com"])
def test_a_mail_to_an_address_that_is_none_holds_up_no_other(sink: Sink, address: str) -> None:
    odd = [Letter(f"odd:{no}", address, "Subject", "Text\n") for no in range(4)]
    keep_mails([*odd, *letters(2)], now=NOW)
    assert send_due(NOW) == 2
    first = Mail.objects.earliest("pk")
    assert (first.attempts, first.retry_at, first.sent_at) == (1, NOW + timedelta(minutes=1), None)
    assert first.error


def test_a_subject_that_is_none_holds_up_no_other(sink: Sink) -> None:
    keep_mails(letters(2), now=NOW)
    Mail.objects.filter(key="test:0").update(subject="Two\r\nBcc: all@example.org")
    assert send_due(NOW) == 1
    assert [mail["To"] for mail in sink.mails] == ["person1@example.org"]


def test_a_subject_is_one_line(sink: Sink) -> None:
    keep_mails([Letter("test:0", "rahima@example.org", "Work:\r name\u2028it", "Text\n")], now=NOW)
    assert send_due(NOW) == 1
    assert sink.mails[0]["Subject"] == "Work: name it"


def test_after_the_last_wait_no_one_tries_again() -> None:
    keep_mails(letters(1), now=NOW)
    Mail.objects.update(attempts=ATTEMPTS)
    assert due_mails(NOW + timedelta(days=365)).count() == 0
    waits = [wait_after(attempts) for attempts in range(1, ATTEMPTS + 1)]
    assert waits[-1] is None
    assert sorted(wait for wait in waits if wait) == waits[:-1]


@contextmanager
def sending(act: Callable[[Mail], None], monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A mail server that does ``act`` with each mail."""

    @contextmanager
    def server(_url: str) -> Iterator[Callable[[Mail], None]]:
        yield act

    with monkeypatch.context() as patched:
        patched.setattr(jobs, "mail_server", server)
        yield


@pytest.mark.django_db(transaction=True)
def test_no_transaction_is_open_while_a_server_is_waited_for(
    sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep_mails(letters(1), now=NOW)
    seen = []

    def looks(_mail: Mail) -> None:
        with connection.cursor() as cursor:
            cursor.execute("select pg_current_xact_id_if_assigned()")
            seen.append(cursor.fetchone())

    with sending(looks, monkeypatch):
        assert send_due(NOW) == 1
    assert seen == [(None,)]


def test_a_mail_that_a_process_died_of_is_sent_when_its_claim_is_over(
    sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dies(_mail: Mail) -> None:
        raise SystemExit

    keep_mails(letters(1), now=NOW)
    with sending(dies, monkeypatch), pytest.raises(SystemExit):
        send_due(NOW)
    assert send_due(NOW + timedelta(minutes=1)) == 0
    assert send_due(NOW + timedelta(minutes=3)) == 1


def test_a_mail_that_was_erased_while_it_was_sent_stays_erased(
    sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    def erased_meanwhile(mail: Mail) -> None:
        Mail.objects.filter(pk=mail.pk).delete()

    keep_mails(letters(1), now=NOW)
    with sending(erased_meanwhile, monkeypatch):
        assert send_due(NOW) == 1
    assert not Mail.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_senders_at_once_send_each_mail_once(sink: Sink) -> None:
    keep_mails(letters(40), now=NOW)
    barrier = threading.Barrier(2)
    sent: list[int] = []

    def send() -> None:
        try:
            barrier.wait(timeout=10)
            sent.append(send_due(NOW))
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(sent) == 40
    assert sorted(mail["To"] for mail in sink.mails) == sorted(letter.to for letter in letters(40))
