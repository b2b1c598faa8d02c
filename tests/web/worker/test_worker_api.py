"""docs/worker-api.md is true; tokens read and change nothing; programs are slowed down, not locked out."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from tests import cast, make
from tests.web.market import html_batch, signed_in, taken
from tukro.kernel.errors import NotFound, Refused
from tukro.kernel.formats import iso
from tukro.kernel.money import Money
from tukro.people.actions.tokens import (
    TOKENS_AT_ONCE,
    BadTokenName,
    TooManyTokens,
    make_worker_token,
    worker_with_token,
)
from tukro.people.models import Worker, WorkerToken
from tukro.qualifications.actions.blocking import block_worker
from tukro.qualifications.actions.granting import grant
from tukro.qualifications.actions.requesting import request_qualification
from tukro.qualifications.models import QualificationType
from tukro.qualifications.rules import NUMBER_APPROVED, Requirement
from tukro.web.entry.pace import BURST_SECONDS, Pace
from tukro.web.refusals import refusal_code, refusal_status
from tukro.work.actions.doing.assigning import (
    Blocked,
    NotEligible,
    NothingLeft,
    OwnTask,
    QueueFull,
    TaskClosed,
    TooLate,
    submit_assignment,
)
from tukro.work.actions.finding.searches import save_search
from tukro.work.actions.reviewing import approve_assignment
from tukro.work.models import Assignment, Conduct
from tukro.work.queries import Wanted

pytestmark = pytest.mark.django_db

PAGE = Path(__file__).parents[3] / "docs" / "worker-api.md"
_EXAMPLE = re.compile(r"```http\nGET (\S+)\n```\n\n```json\n(.*?)```", re.S)


def with_token(worker: Worker) -> Client:
    token = make_worker_token(worker=worker, name="finder", now=timezone.now())
    return Client(headers={"Authorization": f"Bearer {token}"})


def busy(worker: Worker) -> dict[str, str]:
    """A market in which each example has something to show; the names in braces of the page's addresses."""
    karim, now = cast.karim(), timezone.now()
    need = Requirement(NUMBER_APPROVED, "GreaterThanOrEqualTo", (50,))
    group = html_batch(of_terms=make.terms(requirements=(need,))).task_type
    done = make.batch(of=karim, places=2, rows=2, now=now, of_terms=make.terms(title="done"))
    first = taken(worker, done)
    submit_assignment(worker=worker, assignment_id=first.assignment_id, fields=[("a", "1")], now=now)
    approve_assignment(requester=karim, assignment_id=first.assignment_id, now=now)
    taken(worker, done)
    reads = make.qualification_type(of=karim)
    grant(requester=karim, type_id=reads.public_id, worker=worker, value=80, now=now)
    Conduct.objects.create(requester=karim, approved=1, counted_at=now)
    wanted = Wanted(min_reward=Money.parse("0.10"))
    save_search(worker=worker, name="dear", wanted=wanted, alert=True, every_seconds=3600, now=now)
    today = timezone.localdate(now, ZoneInfo(worker.user.time_zone))
    return {"requester_id": karim.public_id, "hit_set_id": group.group_id, "today": today.isoformat()}


def missing(said: Any, told: Any, at: str = "") -> list[str]:
    """Fields of the documentation that the answer lacks."""
    if isinstance(said, Mapping):
        return [
            fault
            for name, value in said.items()
            for fault in (
                [f"{at}.{name}"] if name not in told else missing(value, told[name], f"{at}.{name}")
            )
        ]
    if isinstance(said, list) and said:
        return missing(said[0], told[0], f"{at}[0]") if told else [f"{at} is empty"]
    return []


def test_every_example_of_the_page_is_answered_with_the_fields_that_it_names() -> None:
    rahima = cast.rahima()
    names, client = busy(rahima), with_token(rahima)
    examples = _EXAMPLE.findall(PAGE.read_text())
    assert len(examples) >= 8
    for address, said in examples:
        answer = client.get(address.format(**names))
        assert answer.status_code == HTTPStatus.OK, address
        assert missing(json.loads(said), answer.json()) == [], address


def test_the_page_names_each_refusal_with_the_status_that_it_gets() -> None:
    refusals: tuple[Refused, ...] = (
        QueueFull(limit=25),
        NothingLeft(),
        NotEligible(missing=[]),
        OwnTask(),
        Blocked(),
        NotFound(),
        TaskClosed(),
        TooLate(deadline_at=timezone.now()),
    )
    said = {
        code: int(status)
        for codes, status in re.findall(r"^\| (`[^|]+) \| (\d+) \|", PAGE.read_text(), re.MULTILINE)
        for code in re.findall(r"`(\w+)`", codes)
    }
    answered = {refusal_code(one): refusal_status(one) for one in refusals}
    assert {code: said[code] for code in answered} == answered


def test_the_page_names_the_limits_that_hold() -> None:
    page = PAGE.read_text()
    assert f"{settings.WORKER_RATE} reads a second" in page
    at_once = {5: "five"}[TOKENS_AT_ONCE]
    assert f"A worker can have {at_once}." in page


def test_the_front_page_answers_the_scripts_of_the_models_site() -> None:
    batch = html_batch(of_terms=make.terms(title="Digits"))
    client = signed_in(cast.rahima())
    query = "sort=updated_desc&page_size=20&filters%5Bqualified%5D=true&filters%5Bmin_reward%5D=0.01"
    told = client.get(f"/?{query}&format=json").json()
    assert [row["hit_set_id"] for row in told["results"]] == [batch.task_type.group_id]
    assert client.get(f"/?{query}")["Location"] == f"/projects?{query}"
    assert client.get("/").status_code == HTTPStatus.OK


def test_pages_by_number_follow_each_other_and_end() -> None:
    for no in range(3):
        html_batch(of_terms=make.terms(title=f"Job {no}", reward=f"0.{no}5"))
    client = signed_in(cast.rahima())
    pages = [
        client.get(f"/projects?sort=reward_asc&page_size=2&page_number={no}&format=json").json()
        for no in (1, 2, 3)
    ]
    assert [[row["title"] for row in page["results"]] for page in pages] == [
        ["Job 0", "Job 1"],
        ["Job 2"],
        [],
    ]
    assert [page["total_num_results"] for page in pages] == [3, 3, 3]
    rubbish = client.get("/projects?page_number=-7&format=json").json()
    assert (rubbish["page_number"], rubbish["num_results"]) == (1, 3)


def test_other_addresses_of_the_models_site_lead_to_ours() -> None:
    client = signed_in(cast.rahima())
    assert client.get("/status_details/2026-11-02")["Location"] == "/history?day=2026-11-02"
    assert client.get("/status_details/yesterday").status_code == HTTPStatus.NOT_FOUND
    for address in ("/payment_schedule", "/direct_deposit"):
        assert client.get(address)["Location"] == "/earnings"
    about = html_batch().task_type.group_id
    form = f"/contact_requester/hit_type_messages/new?hit_type_message[hit_set_id]={about}"
    assert client.get(form)["Location"] == f"/messages/about/{about}"
    assert client.get("/contact_requester/assignment_messages/new")["Location"] == "/messages"
    assert client.get("/qualifications/assigned").status_code == HTTPStatus.OK


def test_requirements_cost_statements_only_where_something_is_asked(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    rahima = cast.rahima()
    client = signed_in(rahima)
    html_batch()
    client.get("/projects?format=json")
    with django_assert_num_queries(3):  # the session with its person, the sets that fit, the rows
        client.get("/projects?format=json")


# --- accepting by the address of the model's site ---

OWN = {"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "cors", "Sec-Fetch-Dest": "empty"}


def test_a_script_of_our_own_page_accepts_by_the_models_address() -> None:
    group = html_batch().task_type.group_id
    client = signed_in(cast.rahima(), strict=True)
    address = f"/projects/{group}/tasks/accept_random?format=json"
    taken = client.get(address, headers=OWN).json()
    assert taken["state"] == "Assigned"
    shown = client.get(f"{taken['task_url']}&format=json").json()
    assert (shown["state"], shown["question"]["type"]) == ("Assigned", "html")


def test_a_script_that_gets_no_task_is_told_in_the_models_words() -> None:
    rahima = cast.rahima()
    client = signed_in(rahima, strict=True)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "bn"
    need = Requirement(NUMBER_APPROVED, "GreaterThanOrEqualTo", (50,))
    hard = html_batch(of_terms=make.terms(title="Hard", requirements=(need,))).task_type.group_id
    kind = html_batch().task_type
    full = html_batch(places=1, rows=1, of_terms=make.terms(title="Full"))
    taken(make.worker(), full)

    def told(wanted: str) -> tuple[int, str]:
        answer = client.get(f"/projects/{wanted}/tasks/accept_random?format=json", headers=OWN)
        return answer.status_code, answer.json()["message"]

    said = [told(hard), told(full.task_type.group_id), told("3" + "A" * 29)]
    block_worker(requester=kind.requester, worker=rahima, reason="", wordless=True, now=make.NOW)
    said.append(told(kind.group_id))
    words = ("not meet those Qualifications", "no more of these HITs", "address is not valid", "prevent you")
    for part, (status, text) in zip(words, said, strict=True):
        assert (status, part in text) == (HTTPStatus.UNPROCESSABLE_ENTITY, True), text


def test_a_qualification_says_when_it_can_be_asked_for_again() -> None:
    rahima, now = cast.rahima(), timezone.now()
    client = signed_in(rahima)
    karim = cast.karim()
    kinds = [make.qualification_type(of=karim, name=name) for name in ("never", "soon", "now")]
    for kind, delay in zip(kinds, (None, 3600, 0), strict=True):
        gift = QualificationType.objects.filter(pk=kind.pk)
        gift.update(retry_delay_seconds=delay, auto_granted=True)
        request_qualification(worker=rahima, type_id=kind.public_id, now=now)
    held = {one["name"]: one for one in client.get("/qualifications/assigned.json").json()["results"]}
    can = {name: held[name]["can_retake_test_or_rerequest"] for name in ("never", "soon", "now")}
    assert can == {"never": False, "soon": False, "now": True}
    assert held["never"]["earliest_retriable_time"] is None
    assert held["soon"]["earliest_retriable_time"] == iso(now + timedelta(hours=1))
    page = f"/qualifications/{kinds[2].public_id}"
    assert client.get(f"{page}/request")["Location"] == held["now"]["request_qualification_url"] == page


@pytest.mark.parametrize(
    "forged",
    [
        {},
        OWN | {"Sec-Fetch-Site": "cross-site"},
        OWN | {"Sec-Fetch-Site": "same-site"},
        OWN | {"Sec-Fetch-Mode": "navigate"},
        OWN | {"Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "image"},
        OWN | {"Sec-Purpose": "prefetch"},
    ],
)
def test_links_other_sites_and_prefetching_take_nothing(forged: dict[str, str]) -> None:
    group = html_batch().task_type.group_id
    client = signed_in(cast.rahima(), strict=True)
    address = f"/projects/{group}/tasks/accept_random"
    assert client.get(f"{address}?format=json", headers=forged).status_code == HTTPStatus.METHOD_NOT_ALLOWED
    assert client.get(address, headers=forged)["Location"] == f"/projects/{group}/tasks"
    assert not Assignment.objects.exists()


# --- tokens ---


def test_a_token_reads_and_changes_nothing() -> None:
    rahima = cast.rahima()
    group = html_batch().task_type.group_id
    client = with_token(rahima)
    assert client.get("/projects").json()["num_results"] == 1
    accept = f"/projects/{group}/tasks/accept_random"
    for answer in (client.post(accept), client.post("/marks/change", {"group": group, "liking": "hidden"})):
        assert (answer.status_code, answer.json()["error"]) == (HTTPStatus.FORBIDDEN, "read_only_token")
    assert client.get(f"{accept}?format=json", headers=OWN).status_code == HTTPStatus.METHOD_NOT_ALLOWED
    assert client.get("/searches/new").status_code == HTTPStatus.NOT_FOUND  # a page without data
    assert client.get("/account/tokens").status_code == HTTPStatus.NOT_FOUND
    assert not Assignment.objects.exists()


def test_a_token_is_kept_as_a_hash_and_works_until_it_is_revoked() -> None:
    rahima = cast.rahima()
    client = signed_in(rahima)
    page = client.post("/account/tokens", {"name": "finder on my laptop"})
    shown = re.search(r"tukro_[0-9A-Za-z]{40}", page.content.decode())
    assert shown
    token = shown[0]
    assert "no-store" in page["Cache-Control"]
    kept = WorkerToken.objects.get()
    assert token not in str(WorkerToken.objects.values_list().get())
    later = client.get("/account/tokens").content.decode()
    assert token not in later
    assert f"…{token[-4:]}" in later

    reader = Client(headers={"Authorization": f"Bearer {token}"})
    assert reader.get("/tasks").status_code == HTTPStatus.OK
    kept.refresh_from_db()
    assert kept.last_used_at is not None
    stranger = signed_in(cast.tanvir())
    assert stranger.post(f"/account/tokens/{kept.pk}/revoke").status_code == HTTPStatus.NOT_FOUND
    client.post(f"/account/tokens/{kept.pk}/revoke")
    answer = reader.get("/tasks")
    assert (answer.status_code, answer.json()["error"]) == (HTTPStatus.UNAUTHORIZED, "bad_token")
    assert answer["WWW-Authenticate"] == "Bearer"


def test_rubbish_and_closed_accounts_open_nothing() -> None:
    rahima = cast.rahima()
    token = make_worker_token(worker=rahima, name="x", now=make.NOW)
    assert worker_with_token(token, now=make.NOW) == rahima
    for rubbish in ("", "tukro_", "tukro_💥", token[:-1], token + "A"):
        assert worker_with_token(rubbish, now=make.NOW) is None
    rahima.user.is_active = False
    rahima.user.save()
    assert worker_with_token(token, now=make.NOW) is None


def test_tokens_are_few_and_named() -> None:
    rahima = cast.rahima()
    with pytest.raises(BadTokenName):
        make_worker_token(worker=rahima, name=" ", now=make.NOW)
    for no in range(TOKENS_AT_ONCE):
        make_worker_token(worker=rahima, name=f"program {no}", now=make.NOW)
    with pytest.raises(TooManyTokens):
        make_worker_token(worker=rahima, name="one more", now=make.NOW)
    page = signed_in(rahima).get("/account/tokens").content.decode()
    assert "more are not possible" in page


def test_a_token_costs_one_statement(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    client = with_token(cast.rahima())
    client.get("/tasks")
    with django_assert_num_queries(2):  # the token with its person, the queue
        client.get("/tasks")


# --- pace ---


def test_who_reads_too_fast_waits_and_is_told_how_long() -> None:
    pace, most = Pace(lambda: settings.WORKER_RATE), settings.WORKER_RATE * BURST_SECONDS
    assert [pace.wait_for(1, at=100.0) for _ in range(most + 1)] == [0] * most + [1]
    assert pace.wait_for(2, at=100.0) == 0
    assert pace.wait_for(1, at=101.0) == 0  # the reserve fills again
    assert pace.wait_for(1, at=100.0 + 3600) == 0


def test_the_limit_holds_for_cookies_and_tokens_alike_and_pages_are_free() -> None:
    rahima = cast.rahima()
    browser, program = signed_in(rahima), with_token(rahima)
    for _ in range(settings.WORKER_RATE * BURST_SECONDS + 20):
        last = program.get("/searches")
    assert last.status_code == HTTPStatus.TOO_MANY_REQUESTS
    assert int(last["Retry-After"]) >= 1
    assert last.json()["error"] == "too_many_requests"
    assert browser.get("/searches?format=json").status_code == HTTPStatus.TOO_MANY_REQUESTS
    assert browser.get("/searches").status_code == HTTPStatus.OK


# --- looking again ---


def test_looking_again_at_once_costs_the_sign_in_and_nothing_else(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    client = signed_in(cast.rahima())
    html_batch()
    html_batch(of_terms=make.terms(title="another"))
    first = client.get("/projects?format=json")
    with django_assert_num_queries(1):  # the session with its person
        again = client.get("/projects?format=json", headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (HTTPStatus.NOT_MODIFIED, b"")
    assert 1 <= int(again["Retry-After"]) <= 5
    other = client.get("/projects?format=json&page_size=1", headers={"If-None-Match": first["ETag"]})
    assert other.status_code == HTTPStatus.OK  # another list: the copy of the first is none of it
    stranger = signed_in(cast.tanvir()).get("/projects?format=json", headers={"If-None-Match": '"x"'})
    assert stranger.status_code == HTTPStatus.OK


def test_what_has_changed_is_told_when_the_copy_is_old(monkeypatch: pytest.MonkeyPatch) -> None:
    client = signed_in(cast.rahima())
    html_batch()
    first = client.get("/projects?format=json")
    html_batch(of_terms=make.terms(title="news"))
    monkeypatch.setattr("tukro.web.worker.finding.conditional.FRESH_SECONDS", 0.0)
    again = client.get("/projects?format=json", headers={"If-None-Match": first["ETag"]})
    assert again.status_code == HTTPStatus.OK
    assert again["ETag"] != first["ETag"]
    same = client.get("/projects?format=json", headers={"If-None-Match": again["ETag"]})
    assert same.status_code == HTTPStatus.NOT_MODIFIED
