"""What in a message would lead past the relay is found, and treated as the operator says."""

from __future__ import annotations

import pytest

from tukro.notices.rules.relay import Kind, Treated, Treatment, treat

MASK: dict[Kind, Treatment] = {"contact": "mask", "link": "mask"}


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Write to rahima@example.org please", "Write to ••• please"),
        ("rahima (at) gmail.com", "•••"),
        ("rahima[at]gmail[dot]com!", "•••!"),
        ("আমার নম্বর ০১৭১২-৩৪৫৬৭৮, ফোন দিন", "আমার নম্বর •••, ফোন দিন"),
        ("Call +880 1712 345678 or (01712) 345 678", "Call ••• or (•••"),
        ("See https://t.me/karim_studio.", "See •••."),
        ("www.example.org/x?y=1 and wa.me/880171", "••• and •••"),
        ("Look at example.com/form", "Look at •••"),
    ],
)
def test_addresses_phone_numbers_and_links_are_taken_out(text: str, kept: str) -> None:
    assert treat(text, MASK) == Treated(kept, masked=True, warned=False)


@pytest.mark.parametrize(
    "text",
    [
        "The answer to row 12345678 is wrong",
        "It paid $1,250.00 on 2026-11-28 at 10:30",
        "Assignment 3Z4MEZ53J92JR9WS3IC7R26B3DDAL0",
        "বাক্যটি ঠিক আছে। পরেরটি দেখুন।",
        "Mr.Karim said e.g. this, i.e. that",
        "https://tukro.example/history/3Z4ME",
    ],
)
def test_what_only_looks_alike_stays(text: str) -> None:
    assert treat(text, MASK, own_host="tukro.example") == Treated(text, masked=False, warned=False)


def test_the_operator_may_warn_or_allow_instead() -> None:
    text = "rahima@example.org and www.example.org"
    warn: dict[Kind, Treatment] = {"contact": "mask", "link": "warn"}
    assert treat(text, warn) == Treated("••• and www.example.org", masked=True, warned=True)
    allow: dict[Kind, Treatment] = {"contact": "allow", "link": "allow"}
    assert treat(text, allow) == Treated(text, masked=False, warned=False)
