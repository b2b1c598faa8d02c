"""Lists of sanctioned people: read in, compared with everybody who is paid, decided by staff."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests import make
from tests.make import NOW
from tests.money.bank import SHIRIN, add_bkash
from tests.providers.paying import TEN, earner
from tukro.kernel.errors import NotFound
from tukro.kernel.money import Money
from tukro.money.actions.deposits import create_deposit, note_sighting
from tukro.money.actions.deposits.refunds import ask_refund, take_refund_to_send
from tukro.money.actions.deposits.unmatched import assign_unmatched, return_unmatched
from tukro.money.actions.law.screening import decide_hit, screen_due, screen_worker
from tukro.money.actions.law.screening_requesters import PaymentsHeld, screen_due_requesters
from tukro.money.actions.paying_out.asking import request_payout
from tukro.money.actions.refusals import ReasonMissing
from tukro.money.models import Deposit, PayoutHold, PayoutMethod, UnmatchedMoney
from tukro.money.queries import requester_balance
from tukro.money.queries.holds import holds_of
from tukro.money.rules.deposits import Sighting
from tukro.people.actions.contact import Contact, save_contact
from tukro.people.models import Requester, Worker
from tukro.vetting.actions.sanctions import SourceMissing, change_likeness, import_list
from tukro.vetting.models import SanctionsHit, SanctionsList, SanctionsName, Screening
from tukro.vetting.rules.lists import BadList, read_ofac, read_plain
from tukro.vetting.rules.names import births_agree, likeness, skeleton

_NO = ",".join(["-0- "] * 7)
SDN = (
    f'7001,"KHATUN, Rahima","individual","SDGT",{_NO},"DOB 21 Feb 1971; POB Rangpur; nationality BD."\n'
    f'7002,"GREEN SHIPPING LTD",-0- ,"IRAN",{_NO},-0- \n'
    f'7003,"HUSSEIN, Mohammad","individual","SYRIA",{_NO},"DOB 1960 to 1963."\n\x1a'
)
ALT = '7001,1,"aka","BEGUM, Rohima",-0- \n'
ADD = '7001,1,"Station Road","Rangpur","Bangladesh",-0- \n'
PLAIN = "name,aliases,birth_date,country\nRahima Khatun,Rohima Begum;Rahima B.,1971-02-21,BD\n"


@pytest.fixture
def rahima() -> Worker:
    worker = earner("60.00")
    say(worker, "রহিমা খাতুন")
    return worker


def say(worker: Worker, name: str) -> None:
    contact = Contact(name, "House 7", "5400", "Rangpur", "BD")
    save_contact(user=worker.user, contact=contact, now=NOW)


def imported(text: str = SDN, *, minutes: int = 0) -> SanctionsList:
    now = NOW + timedelta(minutes=minutes)
    return import_list(by=SHIRIN, source="OFAC SDN", people=text.encode(), now=now)


# --- names and files ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other", "percent"),
    [
        ("Rahima Khatun", "KHATUN, Rahima", 100),
        ("Mrs Rehima Khatoon", "Rahima Khatun", 100),
        ("রহিমা খাতুন", "Rahima Khatun", 100),
        ("মোহাম্মদ হোসেন চৌধুরী", "Muhammed Hussain Chowdhury", 100),
        ("Md. Rahim Uddin", "Mohammad Rahim Uddin", 80),
        ("গাড়োয়ান হায়দার", "Garoan Haidar", 100),
        ("Rahim Uddin Ahmed Khan", "Rahim Uddin", 67),
        ("Rahima Khatun", "Rahima Begum", 0),  # one word in common is nobody
        ("Hasan Ali", "Hussein Ali", 0),
        ("Ann Lee", "Li An", 0),
        ("", "Rahima Khatun", 0),
    ],
)
def test_how_like_names_are(one: str, other: str, percent: int) -> None:
    assert likeness(one, other) == percent == likeness(other, one)


def test_skeletons_know_both_scripts() -> None:
    assert [skeleton(word) for word in ("khatun", "খাতুন", "aziz", "আজিজ", "শাহ", "shah")] == [
        "ktn",
        "ktn",
        "aj",
        "aj",
        "sh",
        "sh",
    ]


def test_births_are_a_reason_against_only_when_known() -> None:
    assert [births_agree(*pair) for pair in ((None, [1971]), (1998, []), (1972, [1971]), (1998, [1971]))] == [
        True,
        True,
        True,
        False,
    ]


def test_ofacs_three_files_give_persons_under_every_name() -> None:
    first, firm, second = read_ofac(SDN, ALT, ADD)
    assert (firm.names, firm.firm, first.firm) == (("GREEN SHIPPING LTD",), True, False)
    assert (first.ref, first.names) == ("7001", ("KHATUN, Rahima", "BEGUM, Rohima"))
    assert (first.birth_years, first.countries) == ((1971,), ("Bangladesh",))
    assert second.birth_years == (1960, 1961, 1962, 1963)


def test_a_plain_file_gives_the_same_and_rubbish_is_refused() -> None:
    [one] = read_plain(PLAIN)
    assert one.names == ("Rahima Khatun", "Rohima Begum", "Rahima B.")
    assert (one.birth_years, one.countries) == ((1971,), ("BD",))
    for text, code in (("a,b\n1,2\n", "no_columns"), ("name\n", "nobody")):
        with pytest.raises(BadList) as fault:
            read_plain(text)
        assert fault.value.code == code
    with pytest.raises(BadList):
        read_ofac("not a list")


# --- people ------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_hit_holds_withdrawals_until_it_is_cleared_and_is_not_asked_again(rahima: Worker) -> None:
    imported()
    payout = request_payout(worker=rahima, method_id=add_bkash(rahima), amount=TEN, now=NOW)
    assert payout.state == "held"
    [hit] = SanctionsHit.objects.all()
    assert (hit.listed, hit.likeness, hit.birth_years) == ("KHATUN, Rahima", 100, [1971])
    [hold] = holds_of(rahima)
    assert hold.code == "sanctions"
    with pytest.raises(ReasonMissing):
        decide_hit(by=SHIRIN, hit_id=hit.public_id, verdict="cleared", note="", now=NOW)
    decide_hit(by=SHIRIN, hit_id=hit.public_id, verdict="cleared", note="Born 1998", now=NOW)
    payout.refresh_from_db()
    assert payout.state == "requested"
    imported(SDN + "\n", minutes=5)  # a newer file with the same entry
    assert screen_worker(worker=rahima, now=NOW + timedelta(minutes=6)) == 0
    decide_hit(by=SHIRIN, hit_id=hit.public_id, verdict="confirmed", note="It is her", now=NOW)
    payout.refresh_from_db()
    assert payout.state == "held"


@pytest.mark.django_db
def test_who_cannot_be_compared_holds_up_nobody_else(rahima: Worker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tukro.money.actions.law.screening_requesters._PER_RUN", 1)
    imported()
    make.payout_method(of=rahima)
    PayoutMethod.objects.update(sealed_details=b"sealed by another house")
    tanvir = make.worker()
    make.payout_method(of=tanvir)
    assert rahima.pk < tanvir.pk
    assert screen_due(NOW + timedelta(minutes=2)) == 1
    assert Screening.objects.get().worker == tanvir


@pytest.mark.django_db
def test_everybody_with_a_name_is_compared_when_a_list_or_a_name_is_new(rahima: Worker) -> None:
    say(rahima, "Somebody Else")
    assert screen_due(NOW) == 0  # there is no list
    imported(minutes=1)
    assert [screen_due(NOW + timedelta(minutes=minute)) for minute in (2, 3)] == [1, 0]
    contact = Contact("Rahima Khatun", "House 7", "5400", "Rangpur", "BD")
    save_contact(user=rahima.user, contact=contact, now=NOW + timedelta(minutes=4))
    assert screen_due(NOW + timedelta(minutes=5)) == 1
    assert PayoutHold.objects.get().code == "sanctions"
    change_likeness(by=SHIRIN, likeness=90, now=NOW + timedelta(minutes=6))
    assert screen_due(NOW + timedelta(minutes=7)) == 1


@pytest.mark.django_db
def test_a_list_is_replaced_by_the_next_of_its_name_and_the_same_file_is_none(rahima: Worker) -> None:
    first = imported()
    assert imported() == first
    imported(PLAIN, minutes=1)
    assert SanctionsList.objects.filter(replaced_at=None).count() == 1
    assert set(SanctionsName.objects.values_list("name", flat=True)) == {
        "Rahima Khatun",
        "Rohima Begum",
        "Rahima B.",
    }
    with pytest.raises(SourceMissing):
        import_list(by=SHIRIN, source=" ", people=PLAIN.encode(), now=NOW)
    with pytest.raises(NotFound):
        decide_hit(by=SHIRIN, hit_id="nobody", verdict="cleared", note="?", now=NOW)
    del rahima


# --- requesters --------------------------------------------------------------------------------------


def asks(karim: Requester, *, minutes: int = 1) -> Deposit:
    now = NOW + timedelta(minutes=minutes)
    return create_deposit(requester=karim, amount=Money.parse("20.00"), provider="stripe", now=now)


def paid(deposit: Deposit) -> Sighting:
    return Sighting("paid", paid=deposit.asked, payment=f"pi_{deposit.pk}")


@pytest.mark.django_db
def test_a_firm_on_a_list_pays_nothing_in_until_staff_have_decided() -> None:
    karim = make.requester(funds="0", name="Green Shipping Company Limited")
    imported()
    for _twice in range(2):
        with pytest.raises(PaymentsHeld):
            asks(karim)
    [hit] = SanctionsHit.objects.all()
    assert (hit.person, hit.listed, hit.worker) == (karim, "GREEN SHIPPING LTD", None)
    assert PayoutHold.objects.count() == 0
    decide_hit(by=SHIRIN, hit_id=hit.public_id, verdict="confirmed", note="The same office", now=NOW)
    with pytest.raises(PaymentsHeld):
        asks(karim)
    decide_hit(by=SHIRIN, hit_id=hit.public_id, verdict="cleared", note="Another country", now=NOW)
    assert asks(karim).state == "created"
    assert SanctionsHit.objects.count() == 1


@pytest.mark.django_db
def test_a_new_list_keeps_a_requesters_money_apart_and_refunds_here() -> None:
    karim = make.requester(funds="0", name="Rahima Crafts")
    first, second = asks(karim), asks(karim)
    note_sighting(deposit_id=first.public_id, seen=paid(first), now=NOW)
    refund = ask_refund(requester=karim, deposit_id=first.public_id, amount=Money.parse("5.00"), now=NOW)
    say_requester(karim, "Rahima Khatun")
    imported(minutes=2)
    later = NOW + timedelta(minutes=3)
    assert [screen_due_requesters(later), screen_due_requesters(later)] == [1, 0]
    assert take_refund_to_send(refund_id=refund.public_id, now=later) is None
    with pytest.raises(PaymentsHeld):
        ask_refund(requester=karim, deposit_id=first.public_id, amount=Money.parse("5.00"), now=later)
    assert note_sighting(deposit_id=second.public_id, seen=paid(second), now=later).why == "held"
    [kept] = UnmatchedMoney.objects.all()
    with pytest.raises(PaymentsHeld):
        assign_unmatched(by=SHIRIN, unmatched_id=kept.public_id, requester=karim, reason="his", now=later)
    with pytest.raises(PaymentsHeld):
        return_unmatched(by=SHIRIN, unmatched_id=kept.public_id, reason="away", now=later)
    [hit] = SanctionsHit.objects.all()
    decide_hit(by=SHIRIN, hit_id=hit.public_id, verdict="cleared", note="Born 1998", now=later)
    assign_unmatched(by=SHIRIN, unmatched_id=kept.public_id, requester=karim, reason="his", now=later)
    assert requester_balance(karim)[0] == Money.parse("35.00")
    assert take_refund_to_send(refund_id=refund.public_id, now=later) is not None


def say_requester(karim: Requester, name: str) -> None:
    save_contact(user=karim.user, contact=Contact(name, "House 7", "5400", "Rangpur", "BD"), now=NOW)


def test_a_firm_is_compared_without_its_legal_form() -> None:
    assert likeness("Green Shipping Co Ltd", "GREEN SHIPPING LIMITED", firm=True) == 100
    assert likeness("Blue Shipping Ltd", "GREEN SHIPPING LTD", firm=True) == 0
