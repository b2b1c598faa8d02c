"""What accounts share: told for staff, kept for a time, and nothing follows from it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests import make
from tests.make import NOW
from tests.web.joining import PASSWORD, verified_user
from tukro.journal.models import Event
from tukro.money.actions.paying_out.methods import IdentityTaken, add_method
from tukro.money.queries.sharing import shared_places
from tukro.people.actions.contact import Contact, save_contact
from tukro.people.actions.phones import ask_for_code
from tukro.people.actions.sessions import note_sign_in
from tukro.people.jobs import forget_signals
from tukro.people.models import SignInPlace, User, Worker
from tukro.people.queries.sharing import Kind, Shared, shared
from tukro.people.rules.sharing import CODES_KEPT, SIGN_INS_KEPT

pytestmark = pytest.mark.django_db
ANDROID = "Chrome, Android"


def living(name: str, address: str, city: str = "Dhaka", *, code: str = "1205") -> Worker:
    worker = make.worker()
    save_contact(user=worker.user, contact=Contact(name, address, code, city, "BD"), now=NOW)
    return worker


def groups(kind: Kind, **asked: Worker) -> list[set[int]]:
    return [ids(one) for one in shared(kind, **asked)]  # type: ignore[arg-type]  # only a worker is asked for


def ids(one: Shared) -> set[int]:
    return {worker.pk for worker in one.workers}


def same_words(text: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute("select people_same_words(%s)", [text])
        row: tuple[str] = cursor.fetchone()
    return row[0]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("House 12, Road 5", "ROAD-5  house #১২".replace("#", "")),
        ("বাড়ি ১২, সড়ক ৫", "সড়ক ৫; বাড়ি 12।"),
        ("Cafe\u0301 Road", "caf\u00e9 road"),
    ],
)
def test_words_count_whatever_their_order_case_signs_and_digits(one: str, other: str) -> None:
    assert same_words(one) == same_words(other)
    assert same_words("House 12") != same_words("House 13")
    assert same_words(" ,;-") == ""


def test_one_address_and_one_name_in_a_town_are_told() -> None:
    rahima = living("Mst. Rahima Khatun", "House 12, Road 5")
    sister = living("Salma Khatun", "road 5, HOUSE ১২")
    double = living("Khatun Rahima", "Mirpur 10", code="1216")
    living("Rahima Khatun", "Zindabazar", "Sylhet", code="3100")  # another town
    living("Karim Uddin", "House 13, Road 5")
    assert groups("address") == [{rahima.pk, sister.pk}]
    assert groups("name") == [{rahima.pk, double.pk}]
    assert groups("address", worker=double) == []
    assert groups("name", worker=double) == [{rahima.pk, double.pk}]


def test_a_number_that_several_tried_and_a_line_that_several_signed_in_from_are_told() -> None:
    one, two, three = (make.worker() for _ in range(3))
    for worker, number in ((one, "01712345678"), (two, "+880 1712-345678"), (three, "01812345678")):
        ask_for_code(worker=worker, number=number, from_address="", now=NOW)
    [phone] = shared("phone")
    assert (ids(phone), phone.count, phone.what) == ({one.pk, two.pk}, 2, "+880 ••••••• 678")
    note_sign_in(user=one.user, address="203.0.113.9", device=ANDROID, now=NOW)
    note_sign_in(user=one.user, address="203.0.113.9", device=ANDROID, now=NOW + timedelta(days=1))
    note_sign_in(user=three.user, address="203.0.113.9", device=ANDROID, now=NOW)
    note_sign_in(user=two.user, address="203.0.113.9", device="Firefox, Windows", now=NOW)
    note_sign_in(user=make.requester().user, address="203.0.113.9", device=ANDROID, now=NOW)  # no worker
    note_sign_in(user=two.user, address="", device=ANDROID, now=NOW)  # nobody knows from where
    assert groups("line") == [{one.pk, three.pk}]
    assert "203.0.113.9" not in repr(SignInPlace.objects.values())
    forget_signals(NOW + SIGN_INS_KEPT + timedelta(hours=1))
    assert groups("line") == []
    assert len(groups("phone")) == 1
    forget_signals(NOW + CODES_KEPT + timedelta(hours=1))
    assert groups("phone") == []


def test_a_place_for_money_that_others_gave_is_told_with_its_owner() -> None:
    owner, *others = (make.worker() for _ in range(3))
    make.payout_method(of=owner, details={"number": "01712345678"})
    for other in (*others, others[0]):
        with pytest.raises(IdentityTaken):
            add_method(worker=other, kind="bkash", details={"number": "01712345678"}, now=NOW)
    [found] = shared_places()
    assert (ids(found), found.count) == ({owner.pk, *(one.pk for one in others)}, 3)
    assert [ids(one) for one in shared_places(worker=others[1])] == [ids(found)]
    assert shared_places(before=(NOW, found.key)) == []


def test_pages_follow_each_other_without_a_gap() -> None:
    for house in range(5):
        living(f"A{house}", f"House {house}")
        living(f"B{house}", f"House {house}")
    whole = shared("address")
    first = shared("address", limit=2)
    rest = shared("address", before=(first[-1].last_at, first[-1].key))
    assert [one.key for one in (*first, *rest)] == [one.key for one in whole]
    assert len(whole) == 5


def page_of(user: User) -> Client:
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(user)
    return client


def test_staff_see_it_and_that_they_looked_is_written_down() -> None:
    staff, rahima = page_of(make.staff()), living("Rahima Khatun", "House 12")
    living("Salma Begum", "House 12")
    shown = staff.get("/staff/sharing?kind=address").content.decode()
    assert rahima.user.email in shown
    assert "House 12" in shown
    for kind in ("", "payout", "phone", "name", "line", "nonsense"):
        assert staff.get(f"/staff/sharing?kind={kind}&after=rubbish").status_code == 200
    one = staff.get(f"/staff/sharing?worker={rahima.public_id}").content.decode()
    assert "House 12" in one
    read = Event.objects.filter(name="SharedSignalsRead")
    assert read.filter(subject=rahima.public_id).count() == 1
    assert read.filter(facts={"kind": "address"}).count() == 1
    assert page_of(rahima.user).get("/staff/sharing").status_code == 404
    assert staff.get("/staff/sharing?worker=A1").status_code == 404


def test_the_page_asks_the_database_the_same_however_much_is_shared() -> None:
    staff, counts = page_of(make.staff()), []
    for house in range(2):
        for name in ("Rahima", "Salma", "Nadia"):
            living(f"{name} {house}", f"House {house}")
        with CaptureQueriesContext(connection) as asked:
            staff.get("/staff/sharing?kind=address")
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_signing_in_is_noted_once_for_each_line_and_browser() -> None:
    user = verified_user()
    for _ in range(2):
        client = Client(headers={"User-Agent": "Mozilla/5.0 (Linux; Android 14) Chrome/130.0 Mobile"})
        client.post("/account/login/", {"login": user.email, "password": PASSWORD})
    [place] = SignInPlace.objects.all()
    assert (place.user_id, place.device) == (user.pk, ANDROID)
