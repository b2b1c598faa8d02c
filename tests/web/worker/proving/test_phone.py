"""The proof of a phone over the pages: asked for, sent, entered, money withdrawn; what staff see of it."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests import make
from tests.notices.telling import tell_at_once
from tukro.journal.queries import history
from tukro.notices.models import Mail
from tukro.people.models import PhoneCode, ProvedPhone, User, Worker
from tukro.people.queries import payout_proofs
from tukro.web.jobs import send_texts

pytestmark = pytest.mark.django_db


@pytest.fixture
def rahima() -> Worker:
    return make.worker(proved=False)


def page_of(user: User) -> Client:
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(user)
    return client


def test_from_the_rule_to_the_message_to_the_proof(rahima: Worker) -> None:
    worker, staff = page_of(rahima.user), page_of(make.staff())
    staff.post("/staff/policy/proofs", {"proofs": ["phone"]})
    assert payout_proofs() == {"phone"}
    assert "/staff/texts" in staff.get("/staff/policy").content.decode()  # nobody sends messages here
    assert "/earnings/phone" in worker.get("/earnings/withdraw").content.decode()
    refused = worker.post("/earnings/phone/ask", {"number": "12"})
    assert (refused.status_code, "no mobile number" in refused.content.decode()) == (422, True)
    asked = worker.post("/earnings/phone/ask", {"number": "০১৭১২৩৪৫৬৭৮"}, follow=True)
    assert "is being sent" in asked.content.decode()
    assert 'value="+880 1712-345678"' in asked.content.decode()  # to ask again
    send_texts(timezone.now())
    soon = worker.post("/earnings/phone/ask", {"number": "01712345678"})
    assert "may still arrive" in soon.content.decode()
    listed = staff.get("/staff/texts").content.decode()
    assert "+880 ••••••• 678" in listed
    text = PhoneCode.objects.get()
    content = text.content()
    assert content is not None
    opened = staff.get(f"/staff/texts/{text.public_id}")
    assert content[1] in opened.content.decode()
    assert opened["Cache-Control"] == "no-store"
    assert [event.name for event in history(rahima.public_id)][-1] == "TextOpened"
    wrong = worker.post("/earnings/phone/code", {"code": f"{(int(content[1]) + 1) % 10**6:06}"})
    assert (wrong.status_code, "Tries that remain: 4" in wrong.content.decode()) == (422, True)
    proved = worker.post("/earnings/phone/code", {"code": content[1]}, follow=True)
    assert "Your phone is verified" in proved.content.decode()
    assert "Before your first withdrawal" not in worker.get("/earnings/withdraw").content.decode()
    assert staff.get(f"/staff/texts/{text.public_id}").status_code == 404
    tell_at_once()
    assert "+880 ••••••• 678" in Mail.objects.get().text
    page = staff.get(f"/staff/workers/{rahima.public_id}").content.decode()
    assert "+880 ••••••• 678" in page
    staff.post(f"/staff/workers/{rahima.public_id}/free-phones", {"reason": "Sold again"})
    assert not ProvedPhone.objects.exists()


def test_texts_are_for_staff_alone(rahima: Worker) -> None:
    page = page_of(rahima.user)
    page.post("/earnings/phone/ask", {"number": "01712345678"})
    send_texts(timezone.now())
    text = PhoneCode.objects.get()
    for address in ("/staff/texts", f"/staff/texts/{text.public_id}"):
        assert page.get(address).status_code == 404
    assert page.post(f"/staff/workers/{rahima.public_id}/free-phones", {"reason": "me"}).status_code == 404


def test_a_list_of_texts_asks_the_database_the_same_however_long_it_is() -> None:
    staff = page_of(make.staff())
    counts = []
    for number in ("01712345678", "01812345678"):
        for worker in (make.worker(), make.worker()):
            page_of(worker.user).post("/earnings/phone/ask", {"number": number})
        with CaptureQueriesContext(connection) as counted:
            staff.get("/staff/texts")
        counts.append(len(counted))
    assert counts[0] == counts[1]
