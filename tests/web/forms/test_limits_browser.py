"""How long a text may be is said when it is near: seen at once, heard after a pause, and never in the way."""

from __future__ import annotations

from decimal import Decimal

import pytest
from playwright.sync_api import expect

from tests import make
from tests.web.browser import Visits, faults, overflow
from tests.web.market import address, proof_batch, taken
from tukro.questions.proof import Field, Form, Kind

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SHORT = Field(name="word", kind=Kind.TEXT, label="Word", maximum=Decimal(50))
LONG = Field(name="story", kind=Kind.LONG_TEXT, label="Story", minimum=Decimal(5), maximum=Decimal(60))


def test_a_limit_is_said_in_the_readers_digits_when_it_is_near(visit: Visits) -> None:
    rahima = make.worker()
    held = taken(rahima, proof_batch(form=Form("", (SHORT, LONG))))
    page = visit(user=rahima.user, language="bn")
    page.goto(address(held))
    word, story = page.get_by_label("Word"), page.get_by_label("Story")
    seen, heard = page.locator("[data-limit-of]").first, page.locator("[data-limit-of] + [role=status]").first
    expect(page.get_by_text("সর্বোচ্চ ৫০টি অক্ষর।")).to_be_hidden()
    expect(word).to_have_accessible_description("সর্বোচ্চ ৫০টি অক্ষর।")
    expect(page.get_by_text("৫ থেকে ৬০")).to_be_visible()  # a least is to be known from the start
    word.fill("ক" * 39)
    expect(seen).to_be_hidden()
    word.fill(" " + "ক" * 42 + "😀😀 ")
    expect(seen).to_have_text("আর ৬টি অক্ষর লেখা যাবে")
    expect(heard).to_have_text("আর ৬টি অক্ষর লেখা যাবে")
    word.fill("ক" * 53)
    expect(seen).to_have_text("৩টি অক্ষর বেশি হয়ে গেছে")
    story.fill("ab\n" * 19)
    expect(page.locator("[data-limit-of]").last).to_have_text("আর ৪টি অক্ষর লেখা যাবে")
    assert faults(page) == []
    assert overflow(page) == 0


def test_without_scripts_the_limit_stands_below_the_field(visit: Visits) -> None:
    rahima = make.worker()
    held = taken(rahima, proof_batch(form=Form("", (SHORT,))))
    page = visit(user=rahima.user, javascript=False)
    page.goto(address(held))
    expect(page.get_by_text("At most 50 characters.")).to_be_visible()
