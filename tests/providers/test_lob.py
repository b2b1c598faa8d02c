"""Letters that Lob prints and posts: made once whatever happens, followed by hooks and by asking."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from tests import make
from tests.make import NOW
from tests.providers.played import lob
from tests.providers.played.proxy import Fault, between
from tests.providers.played.server import Reply, serving
from tukro.journal.queries import history
from tukro.outside import http
from tukro.people.actions.contact import Contact, save_contact
from tukro.people.actions.letter_service import NothingToHandOver, hand_letters, take_letter_back
from tukro.people.actions.letters import (
    LetterNotMovable,
    LetterUnderWay,
    ask_for_letter,
    enter_pin,
    print_letters,
)
from tukro.people.models import AddressLetter, Worker
from tukro.people.queries import is_proved, place_of
from tukro.people.rules.letters import POSTED_BY_THEN, is_latin
from tukro.web.jobs import send_letters

HOME = Contact("Rahima Khatun", "House 12, Road 5\nDhanmondi", "1205", "Dhaka", "BD")
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def service(settings: Settings) -> Iterator[lob.LobContract]:
    contract = lob.LobContract()
    with serving(contract) as url:
        settings.LOB_URL, settings.LOB_KEY, settings.LOB_FROM = url, lob.KEY, lob.FROM
        settings.LOB_HOOK_SECRET = lob.HOOK_SECRET
        yield contract


@pytest.fixture
def rahima(db: None) -> Worker:
    del db
    return asking(HOME)


def asking(contact: Contact, *, state: str = "") -> Worker:
    """A worker who has asked for a letter."""
    worker = make.worker(proved=False, country=contact.country)
    Worker.objects.filter(pk=worker.pk).update(subdivision=state)
    save_contact(user=worker.user, contact=contact, now=NOW)
    ask_for_letter(worker=worker, now=NOW)
    return worker


def hand_over() -> int:
    return hand_letters(by=make.staff().actor, provider="lob", now=NOW)


def pin_of(worker: Worker) -> str:
    content = AddressLetter.objects.get(worker=worker).content()
    assert content is not None
    return content[1]


def state_of(worker: Worker) -> str:
    return AddressLetter.objects.get(worker=worker).state


def told(worker: Worker) -> list[str]:
    return [event.name for event in history(worker.public_id)]


def test_lob_prints_posts_and_delivers_and_the_pin_proves_the_address(
    rahima: Worker, service: lob.LobContract
) -> None:
    pin = pin_of(rahima)
    assert hand_over() == 1
    with pytest.raises(LetterUnderWay):
        ask_for_letter(worker=rahima, now=NOW)
    send_letters(NOW)
    [letter] = service.letters
    assert letter["to"] == {
        "name": "Rahima Khatun",
        "address_line1": "House 12, Road 5",
        "address_line2": "Dhanmondi",
        "address_city": "Dhaka",
        "address_zip": "1205",
        "address_country": "BD",
    }
    assert state_of(rahima) == "handed"
    client = Client()
    body, headers = service.happens("Mailed")
    assert client.post("/hooks/letters/lob", body, "application/json", headers=headers).status_code == 204
    AddressLetter.objects.update(next_at=LATER)  # the hook said "at once" by the clock of today
    send_letters(LATER)
    posted = AddressLetter.objects.get()
    assert (posted.state, posted.sealed) == ("posted", None)
    assert posted.posted_at is not None
    assert LATER <= posted.posted_at < LATER + timedelta(minutes=1)
    service.happens("Delivered")
    send_letters(LATER + timedelta(days=1, minutes=1))
    assert AddressLetter.objects.get().delivered_at is not None
    assert told(rahima) == ["LetterAsked", "LetterHanded", "LetterPosted", "LetterDelivered"]
    enter_pin(worker=rahima, pin=pin, now=LATER)
    assert is_proved(rahima, place_of(rahima))
    assert len(service.pdfs) == 1


def test_a_hook_only_makes_us_ask_and_a_forged_one_does_not(
    rahima: Worker, service: lob.LobContract, settings: Settings
) -> None:
    hand_over()
    send_letters(NOW)
    body, headers = service.happens("Returned to Sender")
    service.letters[0]["tracking_events"] = []  # it says so, but Lob itself does not
    client, hook = Client(), "/hooks/letters/lob"
    before = AddressLetter.objects.get().next_at
    for forged in (lob.signed(body, "guess"), {}):
        assert client.post(hook, body, "application/json", headers=forged).status_code == 400
    assert AddressLetter.objects.get().next_at == before
    assert client.post(hook, body, "application/json", headers=headers).status_code == 204
    AddressLetter.objects.update(next_at=LATER)
    send_letters(LATER)
    assert state_of(rahima) == "handed"
    settings.LOB_KEY = ""
    assert client.post(hook, body, "application/json", headers=headers).status_code == 404


def test_what_the_post_brings_back_is_told_with_its_reason(rahima: Worker, service: lob.LobContract) -> None:
    hand_over()
    send_letters(NOW)
    service.happens("Mailed")
    service.happens("Returned to Sender")
    send_letters(NOW + timedelta(hours=7))
    assert state_of(rahima) == "returned"
    assert told(rahima)[-2:] == ["LetterPosted", "LetterReturned"]
    ask_for_letter(worker=rahima, now=NOW + timedelta(hours=8))  # at once


@pytest.mark.parametrize("fault", [Fault.CUT_AFTER, Fault.BAD_GATEWAY_AFTER, Fault.SLOW, Fault.CUT_BEFORE])
def test_a_lost_answer_is_asked_about_and_one_letter_is_made(
    rahima: Worker,
    service: lob.LobContract,
    settings: Settings,
    fault: Fault,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(http, "READ_SECONDS", 0.2)
    http._client.cache_clear()
    hand_over()
    with between(settings.LOB_URL) as proxy:
        settings.LOB_URL, proxy.faults = proxy.url, [fault]
        send_letters(NOW)
        assert state_of(rahima) == "unknown"
        for minutes in (5, 20, 60):
            send_letters(NOW + timedelta(minutes=minutes))
    http._client.cache_clear()
    assert state_of(rahima) == "handed"
    assert len(service.letters) == 1
    posts = service.asked("POST", "/v1/letters")
    assert len(posts) == 1
    assert len({call.headers["idempotency-key"] for call in posts}) == 1


def test_a_sender_that_died_leaves_an_unknown_letter_and_the_key_makes_it_once(
    rahima: Worker, service: lob.LobContract, monkeypatch: pytest.MonkeyPatch
) -> None:
    hand_over()
    with monkeypatch.context() as broken:
        broken.setattr("tukro.people.providers.posting.record_letter_news", _die)
        with pytest.raises(KeyboardInterrupt):
            send_letters(NOW)
    with pytest.raises(LetterNotMovable):
        take_letter_back(by=make.staff().actor, letter_id=AddressLetter.objects.get().public_id, now=NOW)
    for minutes in (6, 30):
        send_letters(NOW + timedelta(minutes=minutes))
    assert state_of(rahima) == "handed"
    assert len(service.letters) == 1


def _die(**news: object) -> None:
    del news
    raise KeyboardInterrupt


def test_too_busy_is_tried_again_and_a_bad_address_goes_back_to_its_worker(
    rahima: Worker, service: lob.LobContract
) -> None:
    service.next = [Reply(429, {"error": {"message": "Rate limit", "code": "rate_limit_exceeded"}})]
    hand_over()
    send_letters(NOW)
    assert state_of(rahima) == "sending"
    send_letters(LATER)
    assert state_of(rahima) == "handed"
    nadia = asking(Contact("Nadia Rahman", "Road " + "5" * 70, "1205", "Dhaka", "BD"))
    hand_over()
    send_letters(NOW)
    letter = AddressLetter.objects.get(worker=nadia)
    assert (letter.state, letter.sealed) == ("returned", None)
    assert letter.reason.startswith("Lob: to.address_line1")
    assert "LetterPosted" not in told(nadia)


def test_a_fault_of_the_house_leaves_letters_waiting_and_staff_take_them_back(
    rahima: Worker, service: lob.LobContract, settings: Settings
) -> None:
    settings.LOB_KEY = "old"
    hand_over()
    send_letters(NOW)
    letter = AddressLetter.objects.get()
    assert (letter.state, letter.reason) == ("sending", "Lob: Your API key is not valid.")
    assert service.letters == []
    staff = make.staff().actor
    take_letter_back(by=staff, letter_id=letter.public_id, now=LATER)
    print_letters(by=staff, now=LATER)
    assert state_of(rahima) == "printed"
    with pytest.raises(LetterNotMovable):
        take_letter_back(by=staff, letter_id=letter.public_id, now=LATER)


def test_a_letter_that_lob_could_not_make_waits_for_our_own_printer(
    rahima: Worker, service: lob.LobContract
) -> None:
    hand_over()
    send_letters(NOW)
    service.letters[0]["status"] = "failed"
    send_letters(NOW + timedelta(hours=7))
    assert state_of(rahima) == "asked"
    print_letters(by=make.staff().actor, now=LATER)
    assert pin_of(rahima)


def test_abroad_a_letter_counts_as_posted_after_some_days(rahima: Worker, service: lob.LobContract) -> None:
    hand_over()
    send_letters(NOW)
    send_letters(NOW + timedelta(days=1))
    assert state_of(rahima) == "handed"
    send_letters(NOW + POSTED_BY_THEN + timedelta(minutes=1))
    assert state_of(rahima) == "posted"
    assert len(service.letters) == 1


def test_the_state_goes_along_within_the_us(db: None, service: lob.LobContract) -> None:
    del db
    asking(Contact("Ann Lee", "1 Main St", "94105", "San Francisco", "US"), state="CA")
    hand_over()
    send_letters(NOW)
    assert service.letters[0]["to"]["address_state"] == "CA"


def test_addresses_in_other_scripts_stay_for_our_own_printer(db: None, service: lob.LobContract) -> None:
    del db, service
    asking(Contact("রহিমা খাতুন", "বাড়ি ১২", "1205", "ঢাকা", "BD"))
    with pytest.raises(NothingToHandOver) as refused:
        hand_over()
    assert refused.value.facts == {"kept": 1}
    assert is_latin("Ævar Þór, Straße 5-A")
    assert not is_latin("Road ৫ক")


def test_staff_hand_over_and_take_back_on_their_page(rahima: Worker, service: lob.LobContract) -> None:
    del service
    staff = Client(headers={"Accept-Language": "en"})
    staff.force_login(make.staff())
    assert "Let Lob print and post them" in staff.get("/staff/letters").content.decode()
    handed = staff.post("/staff/letters/hand-over", follow=True).content.decode()
    assert rahima.user.email in handed
    assert "goes there" in handed
    letter = AddressLetter.objects.get()
    staff.post(f"/staff/letters/{letter.public_id}/take-back")
    assert state_of(rahima) == "asked"
