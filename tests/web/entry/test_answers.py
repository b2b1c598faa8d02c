"""Wrong addresses, forged tokens and refusals answer in the reader's language, with the right status."""

from __future__ import annotations

import importlib
import pkgutil
from http import HTTPStatus

import pytest
from django.conf import settings
from django.db import OperationalError, connection
from django.db.models import TextChoices
from django.test import Client, RequestFactory
from django.test.utils import override_settings
from django.urls import reverse
from django.utils import translation

import tukro
from tests.web.browser import DESKTOP, PHONE, Visits, faults, overflow
from tukro.kernel.errors import NotFound, NumberMissing, Refused, WordsMissing
from tukro.kernel.money import Money
from tukro.money.actions.books.booking_moves import BadBooking
from tukro.money.actions.deposits import DepositNotMovable
from tukro.money.actions.deposits.refunds import NotRefundable, RefundNotMovable
from tukro.money.actions.deposits.unmatched import AlreadyDecided
from tukro.money.actions.deposits.write_offs import MoreThanOwed
from tukro.money.actions.paying_out.asking import MethodNotReady
from tukro.money.actions.paying_out.cheques import ChequeOver
from tukro.money.actions.payout_moves import PayoutNotMovable
from tukro.money.actions.policy import BadPolicy
from tukro.money.actions.proposals.waiting import ProposalOver
from tukro.money.actions.refusals import InsufficientFunds
from tukro.money.actions.two_persons import SecondPersonNeeded
from tukro.money.models import ChequeState, DepositState, PayoutState, ProposalState, RefundState
from tukro.money.models.deposits import UnmatchedState
from tukro.web.entry import answers
from tukro.web.refusals import WORDS, refusal_code, refusal_mend, refusal_message, refusal_status

pytestmark = pytest.mark.django_db


def test_an_unknown_address_is_a_page_with_status_404(client: Client) -> None:
    answer = client.get("/nowhere")
    assert answer.status_code == HTTPStatus.NOT_FOUND
    assert answer["Content-Type"] == "text/html; charset=utf-8"
    assert "There is nothing here" in answer.content.decode()


def test_a_program_gets_the_same_refusal_as_json(client: Client) -> None:
    answer = client.get("/nowhere?format=json")
    assert answer.status_code == HTTPStatus.NOT_FOUND
    assert answer.json() == {
        "error": "not_found",
        "message": "This does not exist, or it is not yours.",
    }


def test_a_forged_token_is_a_page_with_status_403() -> None:
    answer = Client(enforce_csrf_checks=True).post("/language", {"language": "bn"})
    assert answer.status_code == HTTPStatus.FORBIDDEN
    assert "nothing was done" in answer.content.decode()


def test_what_is_too_much_is_named_for_what_it_is(client: Client) -> None:
    many = {f"answer-{no}": "x" for no in range((settings.DATA_UPLOAD_MAX_NUMBER_FIELDS or 0) + 1)}
    entries = client.post("/language", many)
    text = client.post("/language", {"language": "x" * ((settings.DATA_UPLOAD_MAX_MEMORY_SIZE or 0) + 1)})
    assert (entries.status_code, text.status_code) == (413, 413)
    assert "too many entries" in entries.content.decode()
    assert "longer than a page takes" in text.content.decode()


def test_a_broken_view_answers_500_without_asking_the_database(rf: RequestFactory) -> None:
    answer = answers.server_error(rf.get("/"))
    assert answer.status_code == HTTPStatus.INTERNAL_SERVER_ERROR
    assert "Something broke" in answer.content.decode()


@pytest.mark.parametrize(("language", "words"), [("en", "Back in a moment"), ("bn", "একটু পরেই ফিরছি")])
def test_a_database_that_does_not_answer_is_503_and_says_to_try_again(language: str, words: str) -> None:
    def away(*_: object) -> None:
        raise OperationalError("the database system is starting up")

    visitor = Client(raise_request_exception=False, headers={"accept-language": language})
    visitor.cookies["sessionid"] = "a" * 32
    with connection.execute_wrapper(away), translation.override(language):
        page, program = visitor.get("/projects"), visitor.get("/projects?format=json")
    assert (page.status_code, page["Retry-After"]) == (HTTPStatus.SERVICE_UNAVAILABLE, "30")
    assert words in page.content.decode()
    assert (program.status_code, program.json()["error"]) == (HTTPStatus.SERVICE_UNAVAILABLE, "unavailable")


def test_every_refusal_has_words() -> None:
    for module in pkgutil.walk_packages(tukro.__path__, "tukro."):
        if module.name.endswith((".actions", ".rules", ".queries")) or ".actions." in module.name:
            importlib.import_module(module.name)
    families = {Refused, WordsMissing, NumberMissing}  # never raised themselves
    refusals = {kind for kind in _every(Refused) - families if kind.__module__.startswith("tukro.")}
    # The vault's own refusals never leave money.
    wordless = {
        kind.__name__ for kind in refusals if kind not in WORDS and "tukro.ledger" not in kind.__module__
    }
    assert wordless == set()


def test_where_a_refusal_can_be_mended_there_is_a_page() -> None:
    mends = [words.mend for words in WORDS.values() if words.mend]
    assert len(mends) >= 7
    assert all(reverse(page) and str(link) for page, link in mends)


def test_nobody_is_sent_to_a_page_of_another_audience() -> None:
    short = InsufficientFunds(needed=Money.parse("2.00"), available=Money.parse("1.00"))
    assert (
        refusal_mend(short) == refusal_mend(short, on="requester") == ("/requester/balance/add", "Add money")
    )
    assert refusal_mend(short, on="worker") is None


@pytest.mark.parametrize(
    ("refused", "told"),
    [
        (DepositNotMovable(state="settled", verb="cancel"), "The money of this deposit has come in already."),
        (SecondPersonNeeded(why="amount", limit=Money.parse("500.00")), "Above $500.00 two of our staff"),
        (SecondPersonNeeded(why="rules"), "Two of our staff do this"),
        (NotRefundable(state="pending"), "This payment is still under way."),
        (
            PayoutNotMovable(state="requested", verb="settle"),
            "This withdrawal has moved on since you looked.",
        ),
        (PayoutNotMovable(state="unknown", verb="fail"), "This withdrawal is with the bank or provider now."),
        (MethodNotReady(confirmed=False, usable_from=None), "Confirm this place first: follow the link"),
        (MoreThanOwed(amount=Money.parse("1.00"), debt=Money.zero()), "Nothing is owed any more."),
        (
            BadPolicy(fields=["maximum_reward", "minimum", "minimum_payout"]),
            "The largest reward is not below the smallest one. "
            "The smallest withdrawal is at least one cent, in whole cents.",
        ),
        (BadBooking(fields=["paid"]), "This cannot be booked: check the amounts"),
    ],
)
def test_a_refusal_says_what_it_knows_of_its_cause(refused: Refused, told: str) -> None:
    assert refusal_message(refused).startswith(told)


def test_causes_have_the_names_that_refusals_give_them() -> None:
    states: dict[type[Refused], type[TextChoices]] = {
        DepositNotMovable: DepositState,
        NotRefundable: DepositState,
        RefundNotMovable: RefundState,
        AlreadyDecided: UnmatchedState,
        PayoutNotMovable: PayoutState,
        ChequeOver: ChequeState,
        ProposalOver: ProposalState,
    }
    for kind, known in states.items():
        assert WORDS[kind].cases, kind
        assert WORDS[kind].cases.keys() <= set(known.values), kind


def test_a_refusal_names_its_code_status_and_facts() -> None:
    refused = NotFound(id="3ABC")
    assert refusal_code(refused) == "not_found"
    assert refusal_status(refused) == HTTPStatus.NOT_FOUND
    assert refusal_message(refused) == "This does not exist, or it is not yours."


def test_the_chosen_language_is_kept(client: Client) -> None:
    answer = client.post("/language", {"language": "bn", "next": "/nowhere?a=1"})
    assert (answer.status_code, answer["Location"]) == (HTTPStatus.FOUND, "/nowhere?a=1")
    assert 'lang="bn"' in client.get("/nowhere").content.decode()


@pytest.mark.parametrize(
    "target", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)"]
)
def test_the_language_switch_leads_nowhere_else(client: Client, target: str) -> None:
    assert client.post("/language", {"language": "bn", "next": target})["Location"] == "/"


def test_the_chosen_theme_is_kept(client: Client) -> None:
    client.post("/theme", {"theme": "dark"})
    assert 'data-theme="dark"' in client.get("/nowhere").content.decode()
    client.post("/theme", {"theme": "system"})
    assert "data-theme" not in client.get("/nowhere").content.decode()


@pytest.mark.browser
@pytest.mark.parametrize("language", ["bn", "en"])
@pytest.mark.parametrize("width", [PHONE, DESKTOP])
@override_settings(DEBUG=False)
def test_the_error_page_is_accessible(visit: Visits, language: str, width: int) -> None:
    page = visit(language="bn" if language == "bn" else "en", width=width)
    page.goto("/nowhere")
    assert faults(page) == []
    assert overflow(page) == 0


def _every(kind: type[Refused]) -> set[type[Refused]]:
    return {kind} | {below for child in kind.__subclasses__() for below in _every(child)}
