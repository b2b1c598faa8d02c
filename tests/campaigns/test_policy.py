"""What no task may ask for, in English and in Bengali; and what may be said all the same."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tukro.campaigns.rules import policy
from tukro.campaigns.rules.policy import asked_by_field, asked_in_text


@pytest.mark.parametrize(
    ("text", "rule", "word"),
    [
        ("Enter your password below.", "password", "password"),
        ("Read the page. Then give us your Facebook PASSWORD!", "password", "PASSWORD"),
        ("Type the pass code you chose", "password", "pass code"),
        ("Send your bKash PIN", "password", "bKash PIN"),
        ("Upload your login credentials", "password", "login credentials"),
        ("Paste the OTP that you got", "one_time_code", "OTP"),
        ("Write the one-time code here", "one_time_code", "one-time code"),
        ("Tell us your SMS code", "one_time_code", "SMS code"),
        ("Give the card number and CVV", "card", "card number"),
        ("your credit card details", "card", "credit card details"),
        ("Submit a photo of your NID", "identity", "photo of your NID"),
        ("Upload your national ID card", "identity", "national ID card"),
        ("Provide passport number", "identity", "passport number"),
        ("আপনার পাসওয়ার্ড লিখুন", "password", "পাসওয়ার্ড"),
        ("আপনার বিকাশের পিন দিন", "password", "বিকাশের পিন"),
        ("মোবাইলে আসা ওটিপি পাঠান।", "one_time_code", "ওটিপি"),
        ("কার্ডের নম্বর দিন", "card", "কার্ডের নম্বর"),
        ("আপনার জাতীয় পরিচয়পত্রের ছবি আপলোড করুন", "identity", "জাতীয় পরিচয়পত্রের"),
        ("আপনার এনআইডি নম্বর জানান", "identity", "এনআইডি"),
    ],
)
def test_asking_for_a_secret_is_found_with_its_word(text: str, rule: str, word: str) -> None:
    found = asked_in_text(text)
    assert found is not None
    assert (found.rule, found.word) == (rule, word)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Which digit is this?",
        "Never enter your password on this page.",
        "We will not ask for your NID.",
        "Do not give anyone your card number.",
        "An article about password managers and why people like them",
        "Enter the width of the candid photo",  # "nid" inside a word
        "আপনার পাসওয়ার্ড কখনো দেবেন না।",
        "কাউকে ওটিপি দেবেন না",
        "Type the text of the receipt. The shop sells passports covers.",
        "Pin the note to your board",
    ],
)
def test_warning_or_speaking_of_one_is_fine(text: str) -> None:
    assert asked_in_text(text) is None


@pytest.mark.parametrize(
    "name", ["password", "user_password", "cardNumber", "otp", "NID", "পাসওয়ার্ড", "Your bKash PIN", "cvv"]
)
def test_a_field_that_is_called_so_asks(name: str) -> None:
    assert asked_by_field("city", name) is not None


@pytest.mark.parametrize(
    "name", ["digit", "pass", "card_colour", "identity_of_object", "candid", "pin", "ছবি"]
)
def test_a_field_with_another_name_does_not(name: str) -> None:
    assert asked_by_field(name) is None


@pytest.mark.parametrize("pattern", [pattern for things in policy._THINGS.values() for pattern in things])
@given(data=st.data())
def test_the_quick_look_finds_everything_that_the_patterns_find(pattern: str, data: st.DataObject) -> None:
    nfc = unicodedata.normalize("NFC", pattern)
    found = data.draw(st.from_regex(re.compile(nfc, re.IGNORECASE), fullmatch=True))
    assert policy._may_name(unicodedata.normalize("NFC", found))
