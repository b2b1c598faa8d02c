"""The news stream over TCP: what it tells, to whom, how it goes on after a break, and how it ends."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from tests import cast, make
from tests.web.market import html_batch, signed_in, taken
from tests.web.news.process import Listener, News, news_process
from tukro.notices.actions.keeping import Letter
from tukro.notices.actions.telling import tell
from tukro.people.actions.tokens import make_worker_token, revoke_worker_token
from tukro.people.models import Session, User, Worker
from tukro.qualifications.rules import NUMBER_APPROVED, Requirement
from tukro.web.news.watch import STREAMS_PER_PERSON
from tukro.work.actions.doing.assigning import return_assignment, submit_assignment
from tukro.work.actions.finding.marking import mark_group
from tukro.work.actions.reviewing import approve_assignment
from tukro.work.models import LotteryPolicy

pytestmark = pytest.mark.django_db(transaction=True)

SITE = "http://localhost:8080"
BEGINNING = ["list", "queue", "draws", "notices", "messages", "earnings", "payouts"]
_DROP_OTHERS = """
select count(pg_terminate_backend(pid)) from pg_stat_activity
 where datname = current_database() and pid <> pg_backend_pid()
"""


@pytest.fixture(scope="module")
def news(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[News]:
    """One process for all tests of this file: it looks at whatever market there is."""
    with django_db_blocker.unblock():
        running = news_process(every=0.2, SITE_URL=SITE, NEWS_STREAMS="12")
        with running as process:
            yield process


@pytest.fixture
def rahima() -> Worker:
    return cast.rahima()


def cookie_of(client: Client) -> str:
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def listening(news: News, worker: Worker, **headers: str) -> Listener:
    return news.listen(cookie=cookie_of(signed_in(worker)), **headers)


def test_a_stream_begins_with_how_things_stand(news: News, rahima: Worker) -> None:
    accepted = taken(rahima, html_batch())
    with listening(news, rahima) as stream:
        assert stream.headers["content-type"] == "text/event-stream; charset=utf-8"
        told = stream.first()
    assert list(told) == BEGINNING
    assert (told["list"]["new"], told["list"]["open"]) == (0, 1)
    [task] = told["queue"]["tasks"]
    assert (task["assignment_id"], task["state"]) == (accepted.assignment_id, "Assigned")
    assert told["notices"] == told["messages"] == {"unread": 0}
    assert told["earnings"]["available_earnings"] == {"amount_in_dollars": 0.0, "currency_code": "USD"}


def test_new_work_is_told_only_to_whom_the_list_shows_it(news: News, rahima: Worker) -> None:
    tanvir = cast.tanvir()
    hidden = make.batch(now=timezone.now(), of_terms=make.terms(title="Hidden")).task_type
    mark_group(worker=tanvir, group_id=hidden.group_id, liking="hidden", now=timezone.now())
    need = Requirement(NUMBER_APPROVED, "GreaterThanOrEqualTo", (50,))
    with listening(news, rahima) as hers, listening(news, tanvir) as his:
        hers.first(), his.first()
        batch = html_batch(of_terms=make.terms(title="Digits", requirements=(need,)))
        told = hers.next("list")
        [group] = told.data["groups"]
        assert (group["hit_set_id"], group["title"]) == (batch.task_type.group_id, "Digits")
        assert (group["monetary_reward"]["amount_in_dollars"], group["caller_meets_requirements"]) == (
            0.05,
            False,
        )
        assert (told.data["new"], told.data["open"]) == (1, 2)
        assert [one["title"] for one in his.next("list").data["groups"]] == ["Digits"]

        make.batch(of=hidden.requester, now=timezone.now(), of_terms=make.terms(title="Hidden"))
        assert [one["title"] for one in hers.next("list").data["groups"]] == ["Hidden"]
        with pytest.raises(TimeoutError):
            his.next("list", seconds=0.8)


def test_what_happens_to_ones_work_is_told(news: News, rahima: Worker) -> None:
    karim, now = cast.karim(), timezone.now()
    batch = make.batch(of=karim, rows=3, places=1, now=now)
    with listening(news, rahima) as stream:
        stream.first()
        first, second = taken(rahima, batch), taken(rahima, batch)
        ids = {first.assignment_id, second.assignment_id}
        while {one["assignment_id"] for one in stream.next("queue").data["tasks"]} != ids:
            pass  # the look may have come between the two
        return_assignment(
            worker=rahima, assignment_id=second.assignment_id, reason_code="no_time", now=timezone.now()
        )
        assert stream.next("queue").data["num_results"] == 1
        submit_assignment(
            worker=rahima, assignment_id=first.assignment_id, fields=[("a", "1")], now=timezone.now()
        )
        assert stream.next("queue").data == {"tasks": [], "num_results": 0}
        approve_assignment(requester=karim, assignment_id=first.assignment_id, now=timezone.now())
        assert stream.next("earnings").data["available_earnings"]["amount_in_dollars"] == 0.05
        letter = Letter(
            key="n1",
            to="",
            subject="Bonus",
            text="Thanks.",
            link="/earnings",
            kind="bonus",
            user_id=rahima.user_id,
            language="en",
        )
        tell([letter], now=timezone.now())
        assert stream.next("notices").data == {"unread": 1}


def test_a_draw_is_told(news: News, rahima: Worker) -> None:
    LotteryPolicy.objects.update(smaller_than=5, seconds=15)
    client = signed_in(rahima)
    with news.listen(cookie=cookie_of(client)) as stream:
        stream.first()
        group_id = html_batch(rows=1, places=1).task_type.group_id
        assert stream.next("list").data["groups"][0]["drawn_by_lot_at"]
        client.post(f"/projects/{group_id}/tasks/accept_random")
        assert stream.next("draws").data == {
            "wishes": [{"hit_set_id": group_id, "caller_wish": "waiting", "assignment_id": None}]
        }


def test_who_comes_back_hears_what_was_missed_and_nothing_twice(news: News, rahima: Worker) -> None:
    html_batch(of_terms=make.terms(title="Before"))
    with listening(news, rahima) as stream:
        stream.first()
        taken(rahima, html_batch(of_terms=make.terms(title="Heard")))
        heard = [stream.next() for _ in range(2)]
        assert {event.name for event in heard} == {"list", "queue"}
    missed = html_batch(of_terms=make.terms(title="Missed")).task_type
    with listening(news, rahima, Last_Event_ID=heard[-1].id) as stream:
        told = stream.next()
        assert (told.name, [one["title"] for one in told.data["groups"]]) == ("list", ["Missed"])
        assert told.data["groups"][0]["hit_set_id"] == missed.group_id
        with pytest.raises(TimeoutError):
            stream.next(seconds=0.8)
    with listening(news, rahima, Last_Event_ID="rubbish") as stream:
        assert list(stream.first()) == BEGINNING


def wait_for(news: News, *, streams: int) -> None:
    limit = time.monotonic() + 8
    while news.listen(path="/healthz").refusal["streams"] != streams and time.monotonic() < limit:
        time.sleep(0.05)
    assert news.listen(path="/healthz").refusal["streams"] == streams


def test_strangers_and_other_sites_hear_nothing(news: News, rahima: Worker) -> None:
    cookie = cookie_of(signed_in(rahima))
    assert [
        news.listen().status,
        news.listen(cookie="nobody").status,
        news.listen(token="tukro_x").status,
    ] == [
        401,
        401,
        401,
    ]
    said = news.listen(token="tukro_x", Accept_Language="bn")
    assert said.refusal == {"error": "bad_token", "message": "এই টোকেন কাজ করে না, বা আর করে না।"}
    assert news.listen(cookie=cookie_of(signed_in(make.staff()))).status == 401  # not a worker
    assert news.listen(cookie=cookie, Origin="http://evil.example").status == 403
    assert news.listen(cookie=cookie, Sec_Fetch_Site="cross-site").status == 403
    assert news.listen(cookie=cookie, Host="evil.example").status == 403
    assert news.listen(cookie=cookie, path="/tasks").status == 404
    with news.listen(cookie=cookie, Origin=SITE, Sec_Fetch_Site="same-site") as stream:
        assert stream.status == 200
        assert stream.headers["access-control-allow-origin"] == SITE
        assert stream.headers["access-control-allow-credentials"] == "true"
    with news.listen(cookie=cookie) as stream:
        assert "access-control-allow-origin" not in stream.headers


def expire(rahima: Worker) -> None:
    Session.objects.filter(user=rahima.user).update(expires_at=timezone.now() + timedelta(milliseconds=1))


def suspend(rahima: Worker) -> None:
    User.objects.filter(pk=rahima.user_id).update(is_active=False)


def change_password(rahima: Worker) -> None:
    rahima.user.set_password("another one, and long")
    rahima.user.save()


def test_a_stream_ends_with_its_session_and_with_its_token(news: News, rahima: Worker) -> None:
    now = timezone.now()
    for end in (expire, change_password, suspend):
        with listening(news, rahima) as stream:
            stream.first()
            end(rahima)
            assert stream.next("end").data == {"error": "sign_in_required"}
            assert stream.is_over()
    User.objects.filter(pk=rahima.user_id).update(is_active=True)
    client = signed_in(rahima)
    token = make_worker_token(worker=rahima, name="finder", now=now)
    with news.listen(cookie=cookie_of(client)) as mine, news.listen(token=token) as programs:
        mine.first(), programs.first()
        client.post("/account/logout/")
        assert mine.next("end").data == {"error": "sign_in_required"}
        revoke_worker_token(worker=rahima, token_pk=rahima.tokens.get().pk, now=now)
        assert programs.next("end").data == {"error": "bad_token"}
        assert programs.is_over()


def test_streams_are_few_for_each_and_limited_for_all(news: News, rahima: Worker) -> None:
    streams = [listening(news, rahima) for _ in range(STREAMS_PER_PERSON)]
    refused = listening(news, rahima)
    assert (refused.status, refused.refusal["error"], refused.headers["retry-after"]) == (
        429,
        "too_many_streams",
        "30",
    )
    cookie = cookie_of(signed_in(rahima))
    streams.pop().leave()
    wait_for(news, streams=4)
    with (
        news.listen(cookie=cookie, client="phone") as dead,
        news.listen(cookie=cookie, client="phone") as alive,
    ):
        assert (dead.next("end").data, alive.next().name) == ({"error": "replaced"}, "list")
    wait_for(news, streams=4)
    streams.append(listening(news, rahima))
    for no in (1, 2):
        other = make.worker(email=f"other{no}@example.org")
        streams += [listening(news, other) for _ in range(STREAMS_PER_PERSON)]
    assert [one.status for one in streams] == [200] * 12 + [503] * 3
    assert (streams[-1].refusal["error"], streams[-1].headers["retry-after"]) == ("no_room", "15")
    assert news.listen(path="/healthz").refusal == {"news": "up", "streams": 12}
    for one in streams:
        one.leave()
    wait_for(news, streams=0)  # who hangs up makes room


def test_it_tells_within_two_seconds_and_ends_at_once_with_streams_open(rahima: Worker) -> None:
    with news_process(SITE_URL=SITE) as news, listening(news, rahima) as stream:
        stream.first()
        html_batch()
        published = time.monotonic()
        assert stream.next("list").data["new"] == 1
        assert time.monotonic() - published < 2.5  # on a machine that is busy with other tests
        with connection.cursor() as cursor:  # the server drops its connections, as in a failover
            cursor.execute(_DROP_OTHERS)
            assert cursor.fetchone()[0] >= 1
        html_batch(of_terms=make.terms(title="Later"))
        assert stream.next("list").data["new"] == 1
        began = time.monotonic()
        news.process.send_signal(signal.SIGTERM)
        assert stream.is_over(seconds=4)
        news.process.wait(5)
        assert time.monotonic() - began < 3


def test_the_page_for_programs_is_true(news: News, rahima: Worker) -> None:
    page = (Path(__file__).parents[3] / "docs" / "worker-api.md").read_text()
    with listening(news, rahima) as stream:
        told = stream.first()
    assert [name for name in (*told, "end") if f"| `{name}` |" not in page] == []
    assert f"You can have {STREAMS_PER_PERSON} streams" in page

    token = make_worker_token(worker=rahima, name="finder", now=timezone.now())
    [example] = re.findall(r"```python\n(.*?)```", page, re.S)
    example = example.replace("localhost:8082", f"127.0.0.1:{news.port}").replace("tukro_…", token)
    run = [sys.executable, "-u", "-c", example]
    with subprocess.Popen(run, stdout=subprocess.PIPE, text=True) as program:
        limit = threading.Timer(20, program.kill)  # what it never says is not waited for
        limit.start()
        wait_for(news, streams=1)
        with listening(news, rahima) as later:  # who came before it has heard how things stand
            later.first()
        html_batch(of_terms=make.terms(title="Digits"))
        assert program.stdout is not None
        said = program.stdout.readline()
        limit.cancel()
        program.kill()
    assert said == "Digits 0.05\n"
