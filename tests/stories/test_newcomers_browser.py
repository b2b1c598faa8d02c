"""The main job by newcomers alone, every step in a browser: from joining to money in hand.

A requester, a worker and a member of staff do it as they would: each presses what a page shows them, and
mails are read where a market without a mail server keeps them. Once in Bengali on a phone, once in English
at a desk.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field
from typing import Literal

import pytest
from django.utils import timezone
from django.utils.translation import gettext, override
from playwright.sync_api import Browser, Locator, Page, expect

from tests.web.browser import DESKTOP, PHONE, Visits, overflow, until
from tests.web.joining import PASSWORD
from tukro.people.actions.accounts import create_staff
from tukro.people.models import AddressLetter

pytestmark = [pytest.mark.story, pytest.mark.browser, pytest.mark.long]

Language = Literal["bn", "en"]
SENTENCES = ["আজ বাজারে ইলিশ খুব সস্তা 🐟", 'She said "never again",\nand left.']
TWELVE_DOLLARS = {"bn": "US$ ১২.০০", "en": "$12.00"}  # what the two answers bring


@dataclass
class Person:
    """Somebody at a browser, who finds things by the words that stand on them."""

    page: Page
    language: Language
    email: str
    mails: int = 0  # that were read
    wrong: list[str] = field(default_factory=list)  # what no page may do

    def __post_init__(self) -> None:
        self.page.on("pageerror", lambda error: self.wrong.append(f"{self.page.url}: {error}"))

    def words(self, text: str) -> str:
        """The sentence of a template in the person's language."""
        with override(self.language):
            return gettext(text)

    def opens(self, address: str) -> None:
        self.page.goto(address)
        self._look()

    def follows(self, text: str) -> None:
        self._go_by(self.page.get_by_role("link", name=self.words(text)))

    def presses(self, text: str) -> None:
        self._go_by(self.page.get_by_role("button", name=self.words(text)))

    def fills(self, label: str, value: str) -> None:
        fields = self.page.locator("input:visible, textarea:visible, select:visible")
        fields.and_(self.page.get_by_label(self.words(label))).first.fill(value)

    def ticks(self, label: str) -> None:
        self.page.get_by_label(self.words(label).partition("%")[0].rstrip(" (")).check()

    def reads(self, text: str) -> None:
        expect(self.page.get_by_text(self.words(text)).locator("visible=true").first).to_be_visible()

    def _go_by(self, found: Locator) -> None:
        with self.page.expect_navigation():
            found.locator("visible=true").first.click()
        self._look()

    def _look(self) -> None:
        if wider := overflow(self.page):
            self.wrong.append(f"{self.page.url}: {wider} px wider than the window")


@pytest.mark.parametrize(("language", "width"), [("bn", PHONE), ("en", DESKTOP)])
def test_newcomers_do_the_whole_job(site: str, chromium: Browser, language: Language, width: int) -> None:
    create_staff("shirin@example.org", PASSWORD, now=timezone.now())
    visits = Visits(chromium, site)
    shirin, karim, rahima = (
        Person(visits(width=width, language=language, strict=True), language, f"{name}@example.org")
        for name in ("shirin", "karim", "rahima")
    )
    try:
        _set_the_rules(shirin)
        _join(karim, shirin, name="Karim Uddin")
        _post_tasks(karim)
        _join(rahima, shirin, name="রহিমা খাতুন")
        _become_worker(rahima, shirin)
        _work(rahima)
        _review(karim)
        _withdraw(rahima, shirin)
        _send(shirin)
        _hold_the_money(rahima, shirin)
        _prove_the_books(shirin)
    finally:
        visits.close()
    assert [*shirin.wrong, *karim.wrong, *rahima.wrong] == []


def _set_the_rules(shirin: Person) -> None:
    """New workers are looked at first, and a new place of withdrawal does not wait for days."""
    shirin.opens("/account/login/")
    shirin.fills("E-mail", shirin.email)
    shirin.fills("Password", PASSWORD)
    shirin.presses("Sign in")
    shirin.opens("/staff/policy")
    shirin.ticks("Staff look at the account before the first task")
    shirin.presses("the rule for joining")
    shirin.reads("The rule for joining was saved.")
    shirin.follows("Kinds of withdrawal")
    shirin.fills("Hours that a new place waits", "0")
    shirin.presses("how long a new place waits")


def _mail_to(one: Person, shirin: Person) -> str:
    """Where the link of the next mail leads, as staff see it in the outbox."""
    shirin.opens(f"/staff/outbox?to={one.email}")
    mails = shirin.page.locator("main tbody tr")
    one.mails += 1
    until(shirin.page, lambda: mails.count() >= one.mails or not shirin.page.reload())
    with shirin.page.expect_navigation():
        mails.first.locator("a").click()
    link = shirin.page.locator("main .card a").first.get_attribute("href")
    assert link
    return link


def _join(one: Person, shirin: Person, *, name: str) -> None:
    one.opens("/")
    one.follows("Register for free")
    one.fills("E-mail", one.email)
    one.fills("Password", PASSWORD)
    one.presses("Register")
    one.reads("Check your mailbox")
    one.opens(_mail_to(one, shirin))
    one.reads("Your profile is active.")
    one.fills("Full name", name)
    one.fills("Address", "House 12, Road 5, Mirpur")
    one.fills("Postal code", "1216")
    one.fills("City", "Dhaka")
    one.page.get_by_label(one.words("Country")).select_option("BD")
    one.presses("Save")
    one.reads("What would you like to do?")


def _post_tasks(karim: Person) -> None:
    karim.follows("Create tasks")
    karim.presses("Go on")
    karim.follows("Add money")
    karim.fills("Amount", "20")
    karim.presses("Add play money")
    karim.opens("/requester/")
    karim.follows("New project")
    karim.follows("Sentiment of a text")
    karim.fills("Title", "How does this sentence feel? 🙂")
    karim.fills("Description", "Read one sentence and say how it feels.")
    karim.fills("Reward for one answer, in US dollars", "6.00")
    karim.fills("Answers per task", "1")
    karim.presses("Save and look at it")
    karim.follows("Upload a CSV file")
    upload = karim.page.get_by_label(karim.words("CSV file"))
    upload.set_input_files({"name": "sentences.csv", "mimeType": "text/csv", "buffer": _file().encode()})
    karim.presses("Upload and check")
    karim.reads("Check and publish")
    karim.follows("Next row")
    shown = karim.page.frame_locator("iframe.task-frame").locator("blockquote")
    expect(shown).to_have_text(SENTENCES[1])
    karim.presses("Publish")
    expect(karim.page.locator("[data-progress]")).to_have_count(0)  # until then its bar moves


def _file() -> str:
    """What a spreadsheet program saves: quotes and a newline inside a field."""
    out = io.StringIO()
    rows = csv.writer(out)
    rows.writerow(["text"])
    rows.writerows([sentence] for sentence in SENTENCES)
    return out.getvalue()


def _become_worker(rahima: Person, shirin: Person) -> None:
    rahima.follows("Request a worker account")
    for box in rahima.page.locator("main input[type=checkbox]").all():  # one account, and the rules
        box.check()
    rahima.presses("Request a worker account")
    rahima.reads("We are looking at it")
    shirin.opens("/staff/")
    shirin.follows("Look at them")
    shirin.presses("Approve")
    rahima.opens(_mail_to(rahima, shirin))
    rahima.reads("What to do next")


def _work(rahima: Person) -> None:
    rahima.follows("Find work")
    rahima.fills("Search", "sentence")
    rahima.presses("Search")
    rahima.follows("How does this sentence feel?")
    rahima.presses("Accept and start")
    rahima.ticks("Accept the next task by itself")
    done = set()
    for _ in SENTENCES:
        frame = rahima.page.frame_locator("iframe.task-frame")
        done.add(frame.locator("blockquote").inner_text())
        frame.locator("input[type=radio]").first.check()
        _hand_in(rahima, frame.locator("button[type=submit]"))
    assert len(done) == len(SENTENCES)
    rahima.reads("That was the last task of this work for you.")


def _hand_in(rahima: Person, button: Locator) -> None:
    """Press it, and wait for what comes after the page that says so and goes on by itself."""
    at = rahima.page.url
    button.click()
    until(rahima.page, lambda: rahima.page.url != at and "/done" not in rahima.page.url)


def _review(karim: Person) -> None:
    karim.opens("/requester/")
    karim.follows("Review")
    karim.ticks("All that match (%(count)s)")
    karim.presses("Approve")
    karim.reads("Nothing waits for review")
    karim.follows("Results")
    with karim.page.expect_download() as results:
        karim.page.get_by_role("link", name=karim.words("Result file (CSV)")).click()
    rows = list(csv.DictReader(io.StringIO(results.value.path().read_text(encoding="utf-8-sig"))))
    assert sorted(row["Input.text"] for row in rows) == sorted(SENTENCES)
    assert [(row["AssignmentStatus"], row["Answer.sentiment"]) for row in rows] == [
        ("Approved", "positive")
    ] * len(SENTENCES)


def _withdraw(rahima: Person, shirin: Person) -> None:
    rahima.opens("/dashboard")
    rahima.follows("Earnings")
    rahima.follows("Withdraw")
    _prove_the_address(rahima, shirin)
    rahima.follows("PayPal")
    rahima.fills("PayPal e-mail address", rahima.email)
    rahima.presses("Add")
    rahima.opens(_mail_to(rahima, shirin))
    rahima.presses("Yes, it is mine")
    rahima.follows("To your withdrawals")
    rahima.presses("Show fee and what arrives")
    rahima.page.get_by_role("button", name=TWELVE_DOLLARS[rahima.language]).click()
    rahima.reads("On the way to you")


def _prove_the_address(rahima: Person, shirin: Person) -> None:
    """By the PIN of a letter, which staff print and post."""
    rahima.follows("Prove your address")
    rahima.presses("Send me the letter")
    printed = AddressLetter.objects.get().content()  # what stands on the paper; it is forgotten once posted
    assert printed
    shirin.opens("/staff/letters")
    shirin.presses("Make the next run")
    with shirin.page.expect_download() as letters:
        shirin.page.get_by_role("link", name="PDF").click()
    assert letters.value.path().read_bytes().startswith(b"%PDF")
    shirin.presses("Posted")
    rahima.opens(_mail_to(rahima, shirin))
    rahima.fills("PIN of the letter", printed[1])
    rahima.presses("Prove my address")


def _send(shirin: Person) -> None:
    shirin.opens("/staff/")
    shirin.follows("Send them")
    _do_to_all(shirin, "Approve")
    shirin.follows("Approved, about to be sent")
    shirin.fills("One reference for all without their own", "PP-4711")
    _do_to_all(shirin, "Sent")
    shirin.opens("/staff/")
    shirin.follows("Follow them up")
    _do_to_all(shirin, "Arrived")


def _do_to_all(shirin: Person, act: str) -> None:
    for box in shirin.page.locator("main table input[type=checkbox]").all():
        box.check()
    shirin.presses(act)


def _hold_the_money(rahima: Person, shirin: Person) -> None:
    rahima.opens(_mail_to(rahima, shirin))
    rahima.opens("/earnings")
    paid_out = rahima.page.locator("dl .card", has_text=rahima.words("Paid out so far")).locator("dd")
    expect(paid_out).to_have_text(TWELVE_DOLLARS[rahima.language])
    rahima.follows("Withdraw")
    rahima.reads("Arrived")
    rahima.reads("PP-4711")


def _prove_the_books(shirin: Person) -> None:
    shirin.opens("/staff/ledger")
    shirin.presses("Run the proofs now")
    shirin.reads("The books balance: every proof holds.")
