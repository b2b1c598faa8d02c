"""No act of staff that needs words is done without them, whatever the browser lets through.

Every form that staff reach by links in the demo market is sent with its reason empty, by each of its buttons.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import resolve
from django.utils import timezone
from pytest_django import Settings

from tests import make
from tests.money.bank import BKASH
from tests.money.law.test_screening import imported
from tests.money.law.test_tax import give
from tests.money.paying_out.test_cheques import HOME
from tests.providers.paying import TEN, approved, earner
from tests.providers.test_identity import picture
from tests.web.market import signed_in
from tukro.demo.market import load
from tukro.kernel.ids import new_id
from tukro.ledger.models import Transfer
from tukro.money.actions.books.corrections import correct_balance
from tukro.money.actions.deposits import create_deposit
from tukro.money.actions.deposits.refunds import ask_refund
from tukro.money.actions.holds import hold_payout
from tukro.money.actions.law.screening import screen_worker
from tukro.money.actions.paying_out.cheques import number_cheques, post_cheque
from tukro.money.actions.proposals.acts import CorrectBalance
from tukro.money.actions.proposals.waiting import do_or_propose
from tukro.money.models import PayoutBatch
from tukro.people.actions.contact import Contact, save_contact
from tukro.people.actions.letters import ask_for_letter, post_letters, print_letters
from tukro.people.models import User, Worker
from tukro.vetting.actions.identity import change_identity_policy, hand_in_photos

ASKED = ("reason", "note", "why", "reference")
OF_ONE_VIEW = 4  # states of a list, persons of several kinds
KEPT = "নয় টাকা <9> & more"
# Words beside these are welcome, not needed: the name of the address and the button that is pressed.
NOT_NEEDED = {
    "cheques_act cash",
    "cheques_act post",
    "identity_decide verified",
    "payouts_act approve",
    "payouts_act settle",
    "proposal_confirm",
    "report_dismiss",
    "report_uphold",
}
NEEDED = {
    "book",
    "booking",
    "cheques_act return",
    "cheques_act void",
    "correct preview",
    "correction_reverse",
    "debt",
    "debt_again",
    "deposit_dispute",
    "hold_release",
    "identity",
    "identity_decide refused",
    "letter_came_back",
    "payout_file_end drop",
    "payout_file_end hand_over",
    "payouts_act hold",
    "payouts_act refuse",
    "payouts_act release",
    "payouts_act return",
    "payouts_act send",
    "project_refuse",
    "proposal_decline",
    "refund_decide done",
    "refund_decide failed",
    "sanctions_decide cleared",
    "sanctions_decide confirmed",
    "tax_export",
    "tax_remit",
    "unmatched_assign",
    "unmatched_return",
    "worker_country",
    "worker_country_kept",
    "worker_free_phones",
    "worker_hold",
    "worker_refuse",
    "worker_suspend",
    "worker_tax",
    "worker_vouch",
}


@dataclass
class Button:
    name: str = ""
    value: str = ""
    action: str = ""


@dataclass
class Form:
    action: str
    values: dict[str, list[str]] = field(default_factory=dict)
    texts: list[str] = field(default_factory=list)
    buttons: list[Button] = field(default_factory=list)
    select: str = ""
    errors: list[str] = field(default_factory=list)
    invalid: list[str] = field(default_factory=list)


class Forms(HTMLParser):
    """The forms of a page that post, as a browser would send them with all boxes ticked; where links lead."""

    def __init__(self, html: str, page: str) -> None:
        super().__init__()
        self.page = page
        self.forms: list[Form] = []
        self.links: list[str] = []
        self._form: Form | None = None
        self._text = ""
        self._in_error = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        one: dict[str, Any] = dict(attrs)
        if tag == "a":
            self.links.append(one.get("href") or "")
        if tag == "form":
            self._form = Form(one.get("action") or self.page) if one.get("method") == "post" else None
            self.forms += [self._form] if self._form else []
        if self._form is None:
            return
        name = one.get("name", "")
        match tag:
            case "button":
                self._form.buttons.append(Button(name, one.get("value", ""), one.get("formaction", "")))
            case "select":
                self._form.select = name
            case "option" if "selected" in one or self._form.select not in self._form.values:
                self._form.values[self._form.select] = [one.get("value", "")]
            case "textarea":
                self._form.texts.append(name)
                self._text, self._form.values[name] = name, [""]
            case "input" if one.get("type") in ("checkbox", "radio"):
                if one.get("type") == "checkbox" or "checked" in one:
                    self._form.values.setdefault(name, []).append(one.get("value", "on"))
            case "input":
                if one.get("type", "text") in ("text", "email"):
                    self._form.texts.append(name)
                self._form.values[name] = [one.get("value", "")]
            case "ul" if one.get("class") == "errorlist":
                self._in_error = True
        if one.get("aria-invalid") == "true":
            self._form.invalid.append(name)

    def handle_data(self, data: str) -> None:
        if self._form and self._text:
            self._form.values[self._text] = [self._form.values[self._text][0] + data]
        if self._form and self._in_error and data.strip():
            self._form.errors.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._text = ""
        if tag == "ul":
            self._in_error = False
        if tag == "form":
            self._form = None


def pages(staff: Client) -> Iterator[Forms]:
    """Every page of staff that links lead to, one of each view and list of answers."""
    with_phone = Worker.objects.filter(phones__isnull=False)[0].public_id
    correction = Transfer.objects.filter(kind="correction").latest("pk").pk
    waiting = [
        "/staff/",
        f"/staff/workers/{with_phone}",
        f"/staff/money/transfers/{correction}",
        "/staff/payouts?state=held",
        "/staff/letters?state=posted",
        "/staff/sanctions",
    ]
    seen, views = set[str](), Counter[str]()
    while waiting:
        address = waiting.pop(0)
        path = address.partition("?")[0]
        if address in seen or not path.startswith("/staff"):
            continue
        seen.add(address)
        view = resolve(path).view_name
        views[view] += 1
        if views[view] > OF_ONE_VIEW:
            continue
        answer = staff.get(address)
        if answer.status_code == 200 and not answer.streaming and b"<main" in answer.content:
            found = Forms(answer.content.decode(), address)
            waiting += [
                one.partition("#")[0] if one[:1] == "/" else path + one.partition("#")[0]
                for one in found.links
                if one[:1] in "/?" and one
            ]
            yield found


def is_asked(name: str) -> bool:
    return name.partition("_")[0] in ASKED


def sent(form: Form, button: Button) -> dict[str, list[str]]:
    texts = {name: ["  " if is_asked(name) else KEPT] for name in form.texts if name != "email"}
    return form.values | texts | ({button.name: [button.value]} if button.name else {})


@pytest.fixture
def staff(settings: Settings, tmp_path: Path) -> Client:
    """A member of staff of the demo market, with what else may wait for them."""
    settings.FILES_ROOT = tmp_path
    now = timezone.now()
    people = {one.role: User.objects.get(email=one.email) for one in reversed(load(now))}
    client = signed_in(people["staff"])
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "bn"
    colleague = make.staff(email="nasrin@example.org").actor
    rahima, newcomer = earner("90.00"), make.worker(proved=False)
    give(rahima)
    deposit = create_deposit(requester=make.requester(), amount=TEN, provider="bank", now=now)
    make.settled(deposit, payment_ref="FT1", now=now)
    ask_refund(requester=deposit.requester, deposit_id=deposit.public_id, amount=TEN, now=now)
    given = CorrectBalance(new_id(), f"worker:{rahima.public_id}", 600_000_000, "promised")
    do_or_propose(act=given, by=colleague, now=now)
    correct_balance(by=colleague, person=rahima, amount=TEN, reason="promised", now=now)
    approved(rahima, "bkash", BKASH)
    for _ in range(2):
        approved(rahima, "cheque", HOME)
    for made in ("bkash", "cheque"):
        client.post("/staff/payouts/files/make", {"kind": made})
    cheques = PayoutBatch.objects.get(kind="cheque").public_id
    number_cheques(by=colleague, batch_id=cheques, first="501", now=now)
    post_cheque(by=colleague, number="501", now=now)
    waiting = approved(rahima, "bkash", BKASH)
    hold_payout(by=colleague, payout_id=waiting.public_id, reason="odd", now=now)
    for person in (rahima, newcomer):
        home = Contact("Rahima Khatun", f"House {person.pk}", "5400", "Rangpur", "BD")
        save_contact(user=person.user, contact=home, now=now)
    ask_for_letter(worker=newcomer, now=now)
    run = print_letters(by=colleague, now=now)
    post_letters(by=colleague, run_id=run.public_id, now=now)
    change_identity_policy(
        by=colleague, moment="first", above_units=0, provider="manual", photo_days=30, now=now
    )
    hand_in_photos(worker=rahima, photos=[("image/jpeg", picture())], now=now)
    imported()
    screen_worker(worker=newcomer, now=timezone.now())
    return client


@pytest.mark.django_db
def test_every_form_of_staff_asks_for_words_that_are_needed_and_keeps_the_others(staff: Client) -> None:
    done: dict[str, set[str]] = {}
    for page in pages(staff):
        for form in page.forms:
            if not set(form.texts) & set(ASKED):
                continue
            for button in form.buttons:
                act = resolve((button.action or form.action).partition("?")[0]).url_name or ""
                name = f"{act} {button.value}".strip()
                if done.get(name) == {"asked"}:
                    continue  # one of a kind says it for all
                with transaction.atomic():
                    answer = staff.post(button.action or form.action, sent(form, button))
                    transaction.set_rollback(True)
                done.setdefault(name, set()).add(_outcome(answer, form, button))
    assert done == {name: {"asked"} for name in NEEDED} | {name: {"302"} for name in NOT_NEEDED}


def _outcome(answer: Any, form: Form, button: Button) -> str:
    if answer.status_code != 422:
        return str(answer.status_code)
    again = [one for one in Forms(answer.content.decode(), form.action).forms if one.errors]
    if len(again) != 1:
        return f"{len(again)} forms with an error"
    (one,) = again
    if foreign := [said for said in one.errors if not re.search("[\u0980-\u09ff]", said)]:
        return f"not in Bengali: {foreign}"
    kept = {
        name: values for name, values in one.values.items() if name not in ("csrfmiddlewaretoken", *ASKED)
    }
    typed = {name: values for name, values in sent(form, button).items() if name in kept}
    return "asked" if kept == typed and one.invalid else f"lost {kept} {typed}"
