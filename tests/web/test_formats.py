"""Amounts, numbers and moments as Bengali and English readers write them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from tukro.kernel import formats
from tukro.kernel.formats import Reader
from tukro.kernel.money import Money
from tukro.web import formats as for_reader

BENGALI, ENGLISH, LATIN_DIGITS = Reader("bn"), Reader("en"), Reader("bn", digits="latin")
NOON = datetime(2026, 2, 5, 9, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    ("units", "english", "bengali"),
    [
        (1_250_000, "$1.25", "US$ ১.২৫"),
        (0, "$0.00", "US$ ০.০০"),
        (2_000, "$0.002", "US$ ০.০০২"),
        (10_001, "$0.010001", "US$ ০.০১০০০১"),
        (-50_000, "−$0.05", "−US$ ০.০৫"),
        (1_234_567_890_000, "$1,234,567.89", "US$ ১২,৩৪,৫৬৭.৮৯"),
    ],
)
def test_money_shows_every_part_of_a_cent(units: int, english: str, bengali: str) -> None:
    assert formats.money(Money(units), ENGLISH) == english
    assert formats.money(Money(units), BENGALI).replace("\xa0", " ") == bengali


def test_other_currencies_have_their_own_sign() -> None:
    assert formats.money(Money(50_000, "BDT"), BENGALI) == "৳৫০০.০০"


def test_digits_are_the_readers_choice() -> None:
    assert formats.number(1_234_567, LATIN_DIGITS) == "12,34,567"
    assert formats.number(1_234_567, BENGALI) == "১২,৩৪,৫৬৭"
    assert formats.number(1_234_567, ENGLISH) == "1,234,567"


@pytest.mark.parametrize(
    ("share", "shown"), [(Decimal("0.9996"), "99%"), (1.0, "100%"), (0, "0%"), (0.29, "29%")]
)
def test_percent_is_rounded_down(share: float | Decimal, shown: str) -> None:
    assert formats.percent(share, ENGLISH) == shown


def test_months_are_spelled_as_the_bangla_academy_does() -> None:
    assert formats.day(date(2026, 1, 5), BENGALI) == "৫ জানুয়ারি ২০২৬"
    assert formats.day(date(2026, 2, 5), BENGALI) == "৫ ফেব্রুয়ারি ২০২৬"
    assert formats.day(date(2026, 2, 5), ENGLISH) == "5 February 2026"


@pytest.mark.parametrize(
    ("hour", "shown"),
    [
        (0, "রাত ১২:০৭"),
        (5, "ভোর ৫:০৭"),
        (9, "সকাল ৯:০৭"),
        (12, "দুপুর ১২:০৭"),
        (17, "বিকাল ৫:০৭"),
        (19, "সন্ধ্যা ৭:০৭"),
    ],
)
def test_the_time_of_day_has_its_bengali_name(hour: int, shown: str) -> None:
    when = datetime(2026, 3, 5, hour, 7, tzinfo=ZoneInfo("Asia/Dhaka"))
    assert formats.time_of_day(when, BENGALI) == shown


def test_a_moment_is_told_in_the_readers_time_zone() -> None:
    assert formats.moment(NOON, ENGLISH) == "5 February 2026, 15:07"
    assert formats.moment(NOON, Reader("en", time_zone=ZoneInfo("Asia/Kolkata"))) == "5 February 2026, 14:37"
    assert formats.day(datetime(2026, 2, 5, 20, tzinfo=UTC), ENGLISH) == "6 February 2026"


@pytest.mark.parametrize(
    ("distance", "english", "bengali"),
    [
        (timedelta(), "just now", "এইমাত্র"),
        (timedelta(minutes=-5, seconds=-30), "5 min ago", "৫ মিনিট আগে"),
        (timedelta(hours=-1), "1 hour ago", "১ ঘণ্টা আগে"),
        (timedelta(days=2, hours=3), "in 2 days", "২ দিন পরে"),
        (timedelta(days=5, seconds=-2), "in 5 days", "৫ দিন পরে"),
        (timedelta(hours=23, minutes=50), "in 1 day", "১ দিন পরে"),
        (timedelta(days=-7), "29 January 2026", "২৯ জানুয়ারি ২০২৬"),
    ],
)
def test_what_is_near_is_told_by_its_distance(distance: timedelta, english: str, bengali: str) -> None:
    assert formats.ago(NOON + distance, ENGLISH, now=NOON) == english
    assert formats.ago(NOON + distance, BENGALI, now=NOON) == bengali


@pytest.mark.parametrize(
    ("seconds", "english", "bengali"),
    [
        (0, "0 sec", "০ সেকেন্ড"),
        (59, "59 sec", "৫৯ সেকেন্ড"),
        (90, "1 min 30 sec", "১ মিনিট ৩০ সেকেন্ড"),
        (5_400, "1 hour 30 min", "১ ঘণ্টা ৩০ মিনিট"),
        (86_405, "1 day", "১ দিন"),
        (604_800, "7 days", "৭ দিন"),
    ],
)
def test_a_duration_has_at_most_two_units(seconds: int, english: str, bengali: str) -> None:
    assert formats.duration(seconds, ENGLISH) == english
    assert formats.duration(timedelta(seconds=seconds), BENGALI) == bengali


@pytest.mark.parametrize(
    ("count", "english", "bengali"),
    [
        (0, "0 bytes", "০ বাইট"),
        (999, "999 bytes", "৯৯৯ বাইট"),
        (1_250, "1.2 kB", "১.২ কেবি"),
        (8_000_000, "8 MB", "৮ এমবি"),
        (1_500_000_000, "1.5 GB", "১.৫ জিবি"),
    ],
)
def test_file_sizes(count: int, english: str, bengali: str) -> None:
    assert formats.filesize(count, ENGLISH).replace("\xa0", " ") == english
    assert formats.filesize(count, BENGALI).replace("\xa0", " ") == bengali


def test_the_page_is_formatted_for_the_user_who_reads_it() -> None:
    user = SimpleNamespace(digits="latin", time_zone="Asia/Kolkata")
    with for_reader.read_by(lambda: user), translation.override("bn"):
        assert for_reader.number(1_234_567) == "12,34,567"
        assert for_reader.moment(NOON) == "5 ফেব্রুয়ারি 2026, দুপুর 2:37"


def test_a_time_zone_that_is_unknown_becomes_that_of_dhaka() -> None:
    with for_reader.read_by(lambda: SimpleNamespace(time_zone="Mars/Olympus")), translation.override("en"):
        assert for_reader.moment(NOON) == "5 February 2026, 15:07"


@pytest.mark.parametrize(
    ("fact", "shown"),
    [
        (Money(10_000_000), "$10.00"),
        (25, "25"),
        (NOON, "5 February 2026, 15:07"),
        (timedelta(minutes=5), "5 min"),
        (["a", 2], "a, 2"),
        ("closed", "closed"),
    ],
)
def test_a_fact_of_any_kind_has_words(fact: object, shown: str) -> None:
    with translation.override("en"):
        assert for_reader.fact(fact) == shown
