"""The letter's way over the pages: asked for, printed, posted, its PIN entered, money withdrawn."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from tests import make
from tests.notices.telling import tell_at_once
from tukro.journal.queries import history
from tukro.notices.models import Mail
from tukro.people.actions.contact import Contact, save_contact
from tukro.people.models import AddressLetter, LetterRun, User, Worker

pytestmark = pytest.mark.django_db
HOME = Contact("রহিমা খাতুন", "বাড়ি ১২, সড়ক ৫\nধানমন্ডি", "1205", "ঢাকা", "BD")


@pytest.fixture
def rahima() -> Worker:
    worker = make.worker(proved=False)
    save_contact(user=worker.user, contact=HOME, now=timezone.now())
    return worker


def page_of(user: User) -> Client:
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(user)
    return client


def test_from_the_page_to_the_letter_to_the_pin(rahima: Worker) -> None:
    worker, staff = page_of(rahima.user), page_of(make.staff())
    shown = worker.get("/earnings/withdraw")
    assert "/earnings/address" in shown.content.decode()
    worker.post("/earnings/address/letter")
    content = AddressLetter.objects.get().content()
    assert content is not None
    staff.post("/staff/letters/print")
    run = LetterRun.objects.get()
    printed = staff.get(f"/staff/letters/runs/{run.public_id}.pdf")
    assert printed.content.startswith(b"%PDF")
    assert printed["Cache-Control"] == "no-store"
    assert [event.name for event in history(run.public_id)] == ["LettersPrinted", "LettersOpened"]
    staff.post(f"/staff/letters/runs/{run.public_id}/posted")
    assert staff.get(f"/staff/letters/runs/{run.public_id}.pdf").status_code == 404
    wrong = worker.post("/earnings/address", {"pin": f"{(int(content[1]) + 1) % 10**8:08}"})
    assert wrong.status_code == 422
    assert "Tries that remain: 4" in wrong.content.decode()
    right = worker.post("/earnings/address", {"pin": content[1]})
    assert right["Location"] == "/earnings/withdraw"
    assert "/earnings/address" not in worker.get("/earnings/withdraw").content.decode()


def test_the_person_is_told_when_it_is_posted_and_when_it_comes_back(rahima: Worker) -> None:
    page_of(rahima.user).post("/earnings/address/letter")
    staff = page_of(make.staff())
    staff.post("/staff/letters/print")
    staff.post(f"/staff/letters/runs/{LetterRun.objects.get().public_id}/posted")
    letter = AddressLetter.objects.get()
    on_their_way = staff.get("/staff/letters?state=posted").content.decode()
    assert f'<label class="small" for="r-{letter.public_id}">Why it came back' in on_their_way  # to be seen
    staff.post(f"/staff/letters/{letter.public_id}/came-back", {"reason": "Unknown at this address"})
    tell_at_once()
    mails = list(Mail.objects.order_by("pk").values_list("text", flat=True))
    assert len(mails) == 2
    assert "/earnings/address" in mails[0]
    assert "Unknown at this address" in mails[1]
    assert "Unknown at this address" in page_of(rahima.user).get("/earnings/address").content.decode()


def test_the_page_says_what_is_missing_and_what_is_too_soon(rahima: Worker) -> None:
    stranger = page_of(make.worker(proved=False).user)
    assert "/account/contact" in stranger.get("/earnings/address").content.decode()
    worker = page_of(rahima.user)
    worker.post("/earnings/address/letter")
    again = worker.post("/earnings/address/letter", follow=True)
    assert "about to be posted" in again.content.decode()
    worker.post("/earnings/address/cancel")
    assert AddressLetter.objects.get().state == "cancelled"


def test_letters_are_for_staff_alone(rahima: Worker) -> None:
    page = page_of(rahima.user)
    for address in ("/staff/letters", "/staff/letters/runs/3A.pdf"):
        assert page.get(address).status_code == 404
    for act in ("/staff/letters/print", f"/staff/workers/{rahima.public_id}/vouch"):
        assert page.post(act, {"reason": "me"}).status_code == 404


def test_staff_vouch_and_choose_the_rule_on_their_pages(rahima: Worker) -> None:
    staff = page_of(make.staff())
    staff.post(f"/staff/workers/{rahima.public_id}/vouch", {"reason": "Came to the office"})
    assert "Address verified" in staff.get(f"/staff/workers/{rahima.public_id}").content.decode()
    staff.post("/staff/policy/proofs", {"proofs": ["name"]})
    assert (
        "/earnings/address"
        not in page_of(make.worker(proved=False).user).get("/earnings/withdraw").content.decode()
    )
