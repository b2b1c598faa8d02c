"""The draw of a scarce group as its pages show it."""

from __future__ import annotations

from datetime import timedelta
from http import HTTPStatus

import pytest
from django.utils import timezone
from pytest_django import Settings

from tests import cast, make
from tests.web.market import html_batch, proof_batch, signed_in
from tukro.work import jobs
from tukro.work.models import Assignment, LotteryPolicy, Wish

pytestmark = pytest.mark.django_db


@pytest.fixture
def address() -> str:
    """The pages of a group of one place that is drawn by lot."""
    LotteryPolicy.objects.update(smaller_than=5, seconds=15)
    return f"/projects/{html_batch(rows=1, places=1).task_type.group_id}/tasks"


def test_entering_waiting_and_winning(address: str) -> None:
    client = signed_in(cast.rahima())
    assert "Enter the draw" in client.get("/projects").content.decode()
    assert "being fast does not help" in client.get(address).content.decode()

    entered = client.post(f"{address}/accept_random")
    assert entered["Location"] == f"{address}?lot=1"
    page = client.get(f"{address}?lot=1")
    assert "You are in the draw" in page.content.decode()
    assert page["Refresh"] == f"3; url={address}?lot=1"

    jobs.hold_draws(timezone.now() + timedelta(seconds=16))
    taken = Assignment.objects.get()
    assert client.get(f"{address}?lot=1")["Location"].endswith(f"?assignment_id={taken.public_id}")


def test_losing_and_leaving(address: str) -> None:
    rahima, tanvir = signed_in(cast.rahima()), signed_in(cast.tanvir())
    for client in (rahima, tanvir):
        client.post(f"{address}/accept_random")
    assert tanvir.post(f"{address}/leave_draw")["Location"] == address
    assert Wish.objects.count() == 1
    tanvir.post(f"{address}/accept_random")
    jobs.hold_draws(timezone.now() + timedelta(seconds=16))
    loser = tanvir if Assignment.objects.get().worker.user.email.startswith("rahima") else rahima
    page = loser.get(f"{address}?lot=1")
    assert "The lot fell on others this time." in page.content.decode()
    assert "Refresh" not in page


def test_there_is_no_draw_of_ones_own_work(settings: Settings) -> None:
    settings.PLAY_MONEY = False
    LotteryPolicy.objects.update(smaller_than=5, seconds=15)
    rahima = cast.rahima()
    own = proof_batch(of=make.requester(of=rahima.user), rows=1, places=1).task_type
    page = signed_in(rahima).get(f"/projects/{own.group_id}/tasks").content.decode()
    assert ("This is your own work" in page, "Enter the draw" in page) == (True, False)


def test_programs_see_the_draw_too(address: str) -> None:
    client = signed_in(cast.rahima())
    answer = client.post(f"{address}/accept_random?format=json")
    assert (answer.status_code, answer.json()["state"]) == (HTTPStatus.ACCEPTED, "InDraw")
    [row] = client.get("/projects?format=json").json()["results"]
    assert (row["caller_wish"], row["drawn_by_lot_at"]) == ("waiting", answer.json()["draw_at"])


def test_staff_say_which_groups_are_drawn() -> None:
    staff = signed_in(cast.shirin())
    assert (
        staff.post("/staff/policy/lottery", {"smaller_than": "২০", "seconds": "10"}).status_code
        == HTTPStatus.FOUND
    )
    policy = LotteryPolicy.objects.get()
    assert (policy.smaller_than, policy.seconds) == (20, 10)
    assert staff.post("/staff/policy/lottery", {"smaller_than": "5000", "seconds": "1"}).status_code == 422
    assert "Draw lots for work" in staff.get("/staff/policy").content.decode()
