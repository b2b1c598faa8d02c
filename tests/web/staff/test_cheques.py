"""Cheques on staff's pages and on paper; amounts in words."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from fpdf import FPDF
from pytest_django import Settings

from tests import cast
from tests.money.paying_out.test_cheques import HOME
from tests.providers.paying import approved, balance, earner
from tukro.journal.queries import history
from tukro.kernel.money import Money
from tukro.money.models import Cheque, Payout
from tukro.people.models import Worker
from tukro.web.paper import FAMILY, sheet
from tukro.web.paper.amount_words import amount_in_words
from tukro.web.paper.window import address_window


@pytest.fixture
def worker() -> Worker:
    return earner("60.00")


@pytest.fixture
def staff() -> Client:
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(cast.shirin())
    return client


def pages(pdf: bytes) -> int:
    assert pdf.startswith(b"%PDF")
    return len(re.findall(rb"/Type /Page\b", pdf))


def act(staff: Client, verb: str, *numbers: str, reason: str = "") -> str:
    """Tick these cheques and press the button; the page that follows."""
    posted = {"act": verb, "cheque": numbers, "reason": reason}
    return staff.post("/staff/cheques/act", posted, follow=True).content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("paper", ["blank", "form"])
def test_from_the_file_to_the_post_to_the_bank(
    staff: Client, worker: Worker, settings: Settings, paper: str
) -> None:
    settings.CHEQUE_PAPER = paper
    settings.CHEQUE_BANK, settings.BANK_ACCOUNT = (
        "Sonali Bank PLC|Mirpur Branch, Dhaka|Routing 200263943",
        "00998877",
    )
    for _ in range(3):
        approved(worker, "cheque", HOME)
    file = staff.post("/staff/payouts/files/make", {"kind": "cheque"})["Location"]
    assert staff.get(f"{file}/cheques.pdf").status_code == 404
    assert staff.get(file).context["cheques"]["missing"] == 3
    staff.post(f"{file}/cheques", {"first": "000501"})
    shown = staff.get(file)
    assert (shown.context["cheques"]["missing"], shown.context["cheques"]["span"]) == (0, "000501-000503")
    printed = staff.get(f"{file}/cheques.pdf")
    assert (pages(printed.content), printed["Cache-Control"]) == (3, "no-store")
    assert pages(staff.get(f"{file}/cheques.pdf?number=000502").content) == 1
    assert [event.name for event in history(file.split("/")[-1])] == [
        *("PayoutBatchMade", "ChequesOpened", "ChequesOpened")
    ]
    staff.post(
        "/staff/cheques/act", {"act": "void", "cheque": "000502", "reason": "spoilt", "state": "printed"}
    )
    staff.post("/staff/cheques/act", {"act": "post", "cheque": ["000501", "000503"], "state": "printed"})
    staff.post("/staff/cheques/act", {"act": "cash", "cheque": "000501", "state": "posted"})
    staff.post(
        "/staff/cheques/act", {"act": "return", "cheque": "000503", "reason": "Moved", "state": "posted"}
    )
    for state, numbers in (("cashed", ["000501"]), ("returned", ["000503"]), ("void", ["000502"])):
        listed = staff.get(f"/staff/cheques?state={state}")
        assert [one.number for one in listed.context["cheques"]] == numbers
    assert staff.get("/staff/cheques?number=০০০৫০৩").context["state"] == "returned"
    assert balance(worker) == ("40.00", "10.00", "0.00")
    again = staff.get(file).context["cheques"]
    assert (again["missing"], again["next"]) == (1, "000504")


@pytest.mark.django_db
def test_what_cannot_be_done_is_said_and_the_others_are_done(staff: Client, worker: Worker) -> None:
    approved(worker, "cheque", HOME)
    file = staff.post("/staff/payouts/files/make", {"kind": "cheque"})["Location"]
    said = staff.post(f"{file}/cheques", {"first": "one"}, follow=True).content.decode()
    assert "up to twelve digits" in said
    staff.post(f"{file}/cheques", {"first": "1"})
    said = staff.post(
        "/staff/cheques/act", {"act": "post", "cheque": ["404", "1"]}, follow=True
    ).content.decode()
    assert "404: " in said
    assert "Cheques written down: 1." in said
    assert (Cheque.objects.get().state, Payout.objects.get().state) == ("posted", "sent")
    assert (
        "Tick at least one" in staff.post("/staff/cheques/act", {"act": "post"}, follow=True).content.decode()
    )
    assert staff.get(f"{file}/cheques.pdf").status_code == 404  # it is in the post


@pytest.mark.django_db
def test_a_long_list_of_cheques_costs_no_more_questions(
    staff: Client, worker: Worker, django_assert_max_num_queries: object
) -> None:
    for _ in range(4):
        approved(worker, "cheque", HOME)
    file = staff.post("/staff/payouts/files/make", {"kind": "cheque"})["Location"]
    staff.post(f"{file}/cheques", {"first": "1"})
    with django_assert_max_num_queries(8):  # type: ignore[operator]  # a fixture of pytest-django
        staff.get("/staff/cheques")


@pytest.mark.parametrize(
    ("amount", "currency", "english", "bengali"),
    [
        ("0.05", "USD", "US Dollars Zero and Cents Five Only", "শূন্য মার্কিন ডলার পাঁচ সেন্ট মাত্র"),
        ("12.50", "USD", "US Dollars Twelve and Cents Fifty Only", "বারো মার্কিন ডলার পঞ্চাশ সেন্ট মাত্র"),
        (
            "1215.70",
            "BDT",
            "Taka One Thousand Two Hundred and Fifteen and Paisa Seventy Only",
            "এক হাজার দুই শত পনেরো টাকা সত্তর পয়সা মাত্র",
        ),
        (
            "12345678.99",
            "BDT",
            "Taka One Crore Twenty-Three Lakh Forty-Five Thousand Six Hundred and Seventy-Eight"
            " and Paisa Ninety-Nine Only",
            "এক কোটি তেইশ লক্ষ পঁয়তাল্লিশ হাজার ছয় শত আটাত্তর টাকা নিরানব্বই পয়সা মাত্র",
        ),
        (
            "1000001",
            "USD",
            "US Dollars One Million and One Only",
            "দশ লক্ষ এক মার্কিন ডলার মাত্র",
        ),
        ("100", "INR", "Rupees One Hundred Only", "এক শত রুপি মাত্র"),
    ],
)
def test_amounts_in_words(amount: str, currency: str, english: str, bengali: str) -> None:
    money = Money.parse(amount, currency)
    assert (amount_in_words(money, "en"), amount_in_words(money, "bn")) == (english, bengali)


def test_every_number_below_a_hundred_has_its_own_words() -> None:
    taka = [Money.parse(str(number), "BDT") for number in range(100)]
    assert len({amount_in_words(each, "en") for each in taka}) == 100
    assert len({amount_in_words(each, "bn") for each in taka}) == 100


CARE_OF = "প্রযত্নে: অধ্যক্ষ শফিকুল ইসলাম, গ্রাম: উত্তর শ্রীকৃষ্ণপুর, ডাকঘর: নোয়াপাড়া বাজার"


@pytest.mark.parametrize("lines", [("রহিমা খাতুন", "ঢাকা ১২০৫"), (CARE_OF,) * 5])
def test_an_address_stays_in_the_window_and_the_sender_beside_the_code(
    settings: Settings, lines: tuple[str, ...]
) -> None:
    settings.LETTER_SENDER = "টুকরো বাংলাদেশ লিমিটেড, বাড়ি ১২, সড়ক ৩, ধানমন্ডি, ঢাকা ১২০৫, বাংলাদেশ"
    pdf, widths, cell = sheet(title="x", language="bn"), [], FPDF.cell
    with pytest.MonkeyPatch.context() as patch:

        def drawn(of: FPDF, width: float, height: float, text: str, **more: Any) -> object:
            widths.append((text, of.get_string_width(text)))
            return cell(of, width, height, text, **more)

        patch.setattr(FPDF, "cell", drawn)
        address_window(pdf, lines, code="000501")
    [(sender, wide)] = widths
    foot = pdf.get_y()
    pdf.output()  # which closes the fonts
    assert sender == settings.LETTER_SENDER
    assert wide <= 71.0  # the code begins there
    assert foot <= 91.0  # the letter begins there


def test_a_line_in_the_other_script_keeps_its_size() -> None:
    """Latin letters come from the fallback font; the Bengali line after them must not keep the old size."""
    pdf = sheet(title="x", language="bn")
    pdf.set_compression(False)
    for size, text in ((14.0, "DD"), (7.5, "Pay to"), (7.5, "প্রাপক")):
        pdf.set_font(FAMILY, "", size)
        pdf.cell(50, 5, text)
    assert re.findall(rb"/F\d+ \d+\.\d+ Tf", bytes(pdf.output()))[-1] == b"/F1 7.50 Tf"
