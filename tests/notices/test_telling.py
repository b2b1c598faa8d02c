"""What people are told behind the bell, by the ways that they chose; and mails that end with one click."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from tests import cast, make
from tests.make import NOW
from tests.notices.smtp_sink import smtp_sink
from tests.notices.telling import tell_at_once
from tests.web.joining import signed_in
from tukro.notices.actions.choosing import choose_ways
from tukro.notices.actions.telling import read_notice
from tukro.notices.jobs import forget_old_notices, send_due
from tukro.notices.models import Choice, Mail, Notice
from tukro.notices.rules.kinds import KINDS, Way
from tukro.people.actions.contact import Contact, save_contact
from tukro.people.actions.joining import suspend_worker
from tukro.people.models import User, Worker
from tukro.web.account.told.notice_words import KIND_WORDS
from tukro.work.actions.reviewing import ask_revision

HOME = Contact("রহিমা খাতুন", "বাড়ি ১২, মিরপুর", "1216", "ঢাকা", "BD")

pytestmark = pytest.mark.django_db


def sent_back(worker: Worker, times: int = 1) -> None:
    """A requester asks to mend work, and the house tells it."""
    for _ in range(times):
        done = make.submitted(by=worker)
        ask_revision(
            requester=done.task.task_type.requester,
            assignment_id=done.public_id,
            feedback="Please check the number",
            reason_code="unclear",
            now=NOW,
        )
    tell_at_once()


def notices(worker: Worker) -> list[Notice]:
    return list(Notice.objects.filter(user=worker.user).order_by("id"))


def mails(worker: Worker) -> list[Mail]:
    return list(Mail.objects.filter(to=worker.user.email).order_by("id"))


def unread(user: User) -> int:
    user.refresh_from_db()
    return user.unread_notices


def test_every_kind_has_its_words() -> None:
    assert set(KIND_WORDS) == set(KINDS)


def test_a_notice_says_the_essence_and_leads_on() -> None:
    rahima = cast.rahima()
    sent_back(rahima)
    [notice] = notices(rahima)
    assert notice.title == "Please revise your work: Which digit is this?"
    assert notice.text.startswith("The requester asks you to mend your work on")
    assert (notice.link, notice.kind, unread(rahima.user)) == ("/tasks", "revision", 1)


def test_a_mail_greets_by_name_and_a_notice_goes_straight_to_the_point() -> None:
    rahima = cast.rahima()
    rahima.user.language = "bn"
    rahima.user.save()
    save_contact(user=rahima.user, contact=HOME, now=NOW)
    sent_back(rahima)
    [mail], [notice] = mails(rahima), notices(rahima)
    assert mail.text.startswith("প্রিয় রহিমা খাতুন,\n\nকাজদাতা আপনাকে")
    assert notice.text.startswith("কাজদাতা আপনাকে")


def test_a_notice_is_read_in_the_language_of_the_page() -> None:
    rahima = cast.rahima()
    rahima.user.language = ""  # as the browser asks
    rahima.user.save()
    sent_back(rahima)
    client = signed_in(rahima.user)
    for language, said in (("bn", "আপনার কাজটি সংশোধন করুন"), ("en", "Please revise your work")):
        page = client.get("/account/notices", headers={"accept-language": language}).content.decode()
        assert re.search(rf'lang="{language}" translate="no">{said}: Which digit is this\?', page)
    Notice.objects.update(other_title="", other_text="")  # told before both languages were kept
    page = client.get("/account/notices", headers={"accept-language": "bn"}).content.decode()
    assert 'lang="en" translate="no">Please revise your work' in page


def test_the_bell_counts_without_a_query_more(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    rahima = cast.rahima()
    client = signed_in(rahima.user)
    client.get("/account/choose")
    with django_assert_num_queries(1):
        assert "bell-count" not in client.get("/account/choose").content.decode()
    sent_back(rahima, times=2)
    with django_assert_num_queries(1):
        page = client.get("/account/choose").content.decode()
    assert re.search(r'class="bell-count"[^>]*>2<', page)


def test_opening_reads_and_all_can_be_read_at_once() -> None:
    rahima, tanvir = cast.rahima(), cast.tanvir()
    sent_back(rahima, times=3)
    client = signed_in(rahima.user)
    first = notices(rahima)[0]
    assert client.get(f"/account/notices/{first.pk}")["Location"] == "/tasks"
    assert unread(rahima.user) == 2
    assert client.get("/account/notices?show=unread").content.decode().count("is-unread") == 2
    client.post(f"/account/notices/{first.pk}/mark", {"as": "unread"})
    assert unread(rahima.user) == 3
    client.post("/account/notices/all-read")
    assert unread(rahima.user) == 0
    assert signed_in(tanvir.user).get(f"/account/notices/{first.pk}").status_code == 404


def test_nobody_is_told_twice_though_the_journal_is_read_again() -> None:
    rahima = cast.rahima()
    sent_back(rahima)
    tell_at_once()
    assert (len(notices(rahima)), unread(rahima.user)) == (1, 1)


def test_each_kind_comes_by_the_ways_that_were_chosen() -> None:
    rahima = cast.rahima()
    client = signed_in(rahima.user)
    page = client.get("/account/notices/choices").content.decode()
    assert 'name="revision.mail" checked' in page
    assert 'name="account.mail" checked disabled' in page
    client.post("/account/notices/choices", {"bonus.mail": "on"})
    sent_back(rahima)
    assert (notices(rahima), mails(rahima)) == ([], [])
    suspend_worker(by=cast.shirin().actor, worker_id=rahima.public_id, reason="Shared", now=NOW)
    tell_at_once()
    assert [one.kind for one in notices(rahima)] == ["account"]  # that is always told
    assert len(mails(rahima)) == 1


def test_a_mail_program_ends_mails_of_one_kind_with_one_click(settings: Settings) -> None:
    rahima = cast.rahima()
    sent_back(rahima)
    with smtp_sink() as sink:
        settings.SMTP_URL = sink.url
        send_due(NOW)
    [mail] = [one for one in sink.mails if one["To"] == rahima.user.email]
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = mail["List-Unsubscribe"].strip(" <>")
    assert address in mail.get_content()  # people find it too
    path = address.removeprefix(settings.SITE_URL)
    program = Client(enforce_csrf_checks=True)
    assert program.get(path).status_code == 200
    assert Choice.objects.count() == 0  # looking ends nothing
    assert program.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    sent_back(rahima)
    assert (len(mails(rahima)), len(notices(rahima))) == (1, 2)
    program.post(path, {"again": "1"})
    assert Way.MAIL in Choice.objects.get().ways
    assert program.post(path[:-2] + "zz").status_code == 404


def test_mails_that_must_be_read_cannot_be_ended() -> None:
    rahima = cast.rahima()
    suspend_worker(by=cast.shirin().actor, worker_id=rahima.public_id, reason="Shared", now=NOW)
    tell_at_once()
    assert [one.stop for one in mails(rahima)] == [""]
    choose_ways(user=rahima.user, chosen={"account": []}, now=NOW)
    assert Choice.objects.get().ways == sorted([Way.MAIL, Way.SITE])


def test_old_notices_go_and_the_count_follows() -> None:
    rahima = cast.rahima()
    sent_back(rahima, times=2)
    read_notice(user=rahima.user, notice_id=notices(rahima)[0].pk, now=NOW)
    Notice.objects.update(created_at=NOW - timedelta(days=200))
    forget_old_notices(NOW)
    assert Notice.objects.count() == 0
    assert unread(rahima.user) == 0
