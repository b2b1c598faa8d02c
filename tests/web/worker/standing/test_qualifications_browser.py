"""A test taken on a phone, and every page of qualifications judged by axe in real Chromium."""

from __future__ import annotations

import pytest
from django.utils import timezone

from tests import cast, make, quiz
from tests.web.browser import DESKTOP, PHONE, Visits, faults, overflow
from tukro.qualifications.actions.blocking import block_worker
from tukro.qualifications.actions.granting import grant, revoke
from tukro.qualifications.actions.requesting import request_qualification
from tukro.qualifications.actions.types import TypePlan, create_type_as
from tukro.qualifications.models import Qualification

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

READS = TypePlan(
    name="Reads Bengali",
    description="Can read it.",
    test=quiz.TEST,
    answer_key=quiz.KEY,
    test_duration_seconds=300,
)


@pytest.mark.parametrize("javascript", [True, False])
def test_a_test_is_taken_on_a_phone_with_and_without_scripts(visit: Visits, javascript: bool) -> None:
    create_type_as(requester=cast.karim(), plan=READS, now=timezone.now())
    page = visit(user=cast.rahima().user, width=PHONE, javascript=javascript)
    page.goto("/dashboard")
    page.get_by_role("link", name="Qualifications").first.click()
    page.get_by_role("link", name="Get one").click()
    page.get_by_role("link", name="Reads Bengali").click()
    page.get_by_role("button", name="Start the test").click()
    for group, colour in (("Question 1", "blue"), ("Question 2", "green")):
        page.get_by_role("radiogroup", name=group).get_by_label(colour).check()
    page.get_by_role("button", name="Hand in the test").click()
    page.get_by_text("Your score: 100.").wait_for()
    assert Qualification.objects.get().value == 100


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_pages_of_qualifications_are_sound_with_something_on_them(visit: Visits, width: int) -> None:
    karim, rahima, tanvir, now = cast.karim(), cast.rahima(), cast.tanvir(), timezone.now()
    tested = create_type_as(requester=karim, plan=READS, now=now)
    plain = create_type_as(requester=karim, plan=TypePlan("Careful", "Works with care."), now=now)
    begun = request_qualification(worker=rahima, type_id=tested.public_id, now=now)
    request_qualification(worker=tanvir, type_id=plain.public_id, now=now)
    for worker in (rahima, tanvir):
        grant(requester=karim, type_id=plain.public_id, worker=worker, value=3, now=now)
    revoke(requester=karim, type_id=plain.public_id, worker=tanvir, reason="Slips", now=now)
    block_worker(requester=karim, worker=make.worker(), reason="copied", now=now)
    pages = {
        rahima.user: [
            "/qualifications/assigned",
            "/qualifications/pending",
            f"/qualifications/{plain.public_id}",
            f"/qualifications/requests/{begun.public_id}",
        ],
        karim.user: [
            f"/requester/qualifications/{plain.public_id}",
            f"/requester/qualifications/{tested.public_id}/edit",
            f"/requester/qualifications/{plain.public_id}/delete",
            "/requester/qualifications/requests",
            "/requester/blocks",
        ],
    }
    wrong = []
    for user, addresses in pages.items():
        page = visit(user=user, width=width)
        for address in addresses:
            answer = page.goto(address)
            assert answer is not None
            assert answer.status == 200, address
            wrong += [(address, one) for one in faults(page)]
            if wider := overflow(page):
                wrong.append((address, f"{wider} px too wide"))
    assert wrong == []
