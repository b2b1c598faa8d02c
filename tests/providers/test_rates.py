"""Rates of a central bank and of any JSON service: read exactly, and held when they jump."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from tests import cast
from tests.make import NOW
from tests.money.bank import SHIRIN
from tests.providers.played.rates import RatesContract
from tests.providers.played.server import Reply, serving
from tests.web.market import signed_in
from tukro.journal.queries import history
from tukro.kernel.errors import NotFound
from tukro.money.actions.books.exchange import enter_rate
from tukro.money.actions.books.fetched_rates import RateDecided, change_rate_policy, decide_rate
from tukro.money.actions.policy import BadPolicy
from tukro.money.jobs import fetch_rates
from tukro.money.models import ExchangeRate, RateSourceState, WaitingRate
from tukro.money.queries import latest_rate
from tukro.money.queries.balances import waiting_rates

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def contract(settings: Settings) -> Iterator[RatesContract]:
    contract = RatesContract()
    with serving(contract) as url:
        settings.RATES_ECB, settings.RATES_ECB_URL = True, f"{url}/eurofxref-daily.xml"
        settings.RATES_JSON_URL, settings.RATES_JSON_NAME = f"{url}/latest", "Rates of Dhaka"
        settings.RATES_JSON = {"BDT": "rates.BDT", "date": "updated"}
        yield contract


def rates() -> dict[str, str]:
    later = NOW + 999 * DAY
    latest = {code: latest_rate(code, later) for code in ("BDT", "EUR", "INR")}
    return {code: str(one.rate) for code, one in latest.items() if one}


def confirm_all() -> None:
    for one in waiting_rates():
        decide_rate(by=SHIRIN, waiting_id=one.pk, good=True, now=NOW)


def test_the_first_rates_wait_for_staff_and_the_next_ones_come_by_themselves(contract: RatesContract) -> None:
    change_rate_policy(by=SHIRIN, jump_basis_points=300, spread_basis_points=50, now=NOW)
    assert (fetch_rates(NOW), rates()) == (0, {})
    assert fetch_rates(NOW) == 0
    assert [one.currency for one in waiting_rates()] == ["INR", "EUR", "BDT"]
    confirm_all()
    # 1 / 1.0870 and 91.3190 / 1.0870, rounded down.
    assert rates() == {"BDT": "121.570000", "EUR": "0.919963", "INR": "84.010119"}
    assert fetch_rates(NOW + DAY) == 0  # the same day's rates once more
    contract.day, contract.euro["USD"], contract.dollar["BDT"] = "2026-11-03", "1.0900", 122
    assert fetch_rates(NOW + DAY) == 3
    assert rates() == {"BDT": "122.000000", "EUR": "0.917431", "INR": "83.778899"}
    one = ExchangeRate.objects.filter(currency="EUR").latest("pk")
    assert (one.source, one.spread_basis_points, str(one.published)) == (
        "European Central Bank",
        50,
        "2026-11-03",
    )
    assert [event.name for event in history("exchange_rate:BDT")] == [
        "ExchangeRateWaits",
        "ExchangeRateEntered",
        "ExchangeRateEntered",
    ]


def test_a_jump_is_not_believed_before_staff_say_so(contract: RatesContract) -> None:
    fetch_rates(NOW)
    confirm_all()
    contract.day, contract.dollar["BDT"] = "2026-11-03", 125.3  # more than three percent
    assert fetch_rates(NOW + DAY) == 2
    assert rates()["BDT"] == "121.570000"
    (waiting,) = waiting_rates()
    assert (str(waiting.before), str(waiting.rate)) == ("121.570000", "125.300000")
    decide_rate(by=SHIRIN, waiting_id=waiting.pk, good=False, now=NOW + DAY)
    with pytest.raises(RateDecided):
        decide_rate(by=SHIRIN, waiting_id=waiting.pk, good=True, now=NOW + DAY)
    assert fetch_rates(NOW + DAY) == 0  # and it does not come again
    assert not waiting_rates()
    contract.day, contract.dollar["BDT"] = "2026-11-04", 126
    fetch_rates(NOW + 2 * DAY)
    contract.day, contract.dollar["BDT"] = "2026-11-05", 122
    fetch_rates(NOW + 3 * DAY)  # a newer one that does not jump overtakes the one that waits
    assert rates()["BDT"] == "122.000000"
    assert not waiting_rates()
    assert WaitingRate.objects.latest("pk").outcome == "overtaken"
    with pytest.raises(NotFound):
        decide_rate(by=SHIRIN, waiting_id=0, good=True, now=NOW)


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"<Cube time='2026-11-02'/>", "no rate of the dollar"),
        (b"<html>", "not one of reference rates"),
        (b"<Cube time='2026-11-02'><Cube currency='USD' rate='0'/></Cube>", "rates that are none"),
        (
            b"<!DOCTYPE x [<!ENTITY r '1'>]><Cube time='2026-11-02'><Cube currency='USD' rate='&r;'/></Cube>",
            "",
        ),
        (b"<!DOCTYPE x [<!ENTITY r SYSTEM 'file:///etc/hostname'>]><x>&r;</x>", "not one of reference rates"),
    ],
)
def test_what_is_no_document_of_rates_is_not_believed(contract: RatesContract, body: bytes, why: str) -> None:
    contract.next = [Reply(body=body), Reply(body=b'{"updated": "2026-11-02", "rates": {"BDT": "NaN"}}')]
    assert fetch_rates(NOW) == 0
    states = {one.name: one.fault for one in RateSourceState.objects.all()}
    assert why in states["European Central Bank"]
    assert states["Rates of Dhaka"] == "NaN is no rate"
    assert {one.currency for one in waiting_rates()} <= {"EUR"}
    fetch_rates(NOW + DAY)
    assert RateSourceState.objects.filter(fault="").count() == 2


@pytest.mark.parametrize(
    ("reply", "why"),
    [
        (Reply(status=503), "503"),
        (Reply(body=b"[]"), "updated is not there"),
        (Reply(body={"updated": "soon", "rates": {"BDT": 121}}), "updated is no day"),
        (Reply(body={"updated": "2026-11-02", "rates": {"BDT": True}}), "rates.BDT is no number"),
        (Reply(body={"updated": "2026-11-02", "rates": {"BDT": 0.0000001}}), "1E-7 is no rate"),
        (Reply(body=b"no json"), "no JSON"),
    ],
)
def test_a_source_that_fails_stops_no_other(
    contract: RatesContract, settings: Settings, reply: Reply, why: str
) -> None:
    settings.RATES_ECB = False
    contract.next = [reply]
    assert fetch_rates(NOW) == 0
    assert why in RateSourceState.objects.get().fault


def test_a_file_of_this_machine_is_a_source_too_and_staffs_own_rate_holds_for_a_day(
    settings: Settings, tmp_path: Path
) -> None:
    file = tmp_path / "rates.json"
    file.write_text('{"BDT": 121.57}')
    settings.RATES_JSON_URL, settings.RATES_JSON = f"file://{file}", {"BDT": "BDT"}
    enter_rate(by=SHIRIN, currency="BDT", rate=Decimal(121), source="the bank", now=NOW)
    assert (fetch_rates(NOW), rates()) == (0, {"BDT": "121.000000"})
    assert (fetch_rates(NOW + DAY), rates()) == (1, {"BDT": "121.570000"})
    assert fetch_rates(NOW + DAY) == 0
    assert fetch_rates(NOW + 2 * DAY) == 1  # said once more, so that it does not grow old
    file.unlink()
    fetch_rates(NOW + 3 * DAY)
    assert "No such file" in RateSourceState.objects.get().fault


def test_staff_see_what_waits_and_decide(contract: RatesContract) -> None:
    fetch_rates(NOW)
    client = signed_in(cast.shirin())
    page = client.get("/staff/policy/rates").content.decode()
    assert contract.asked("GET", "/latest")
    for words in ("Is this right?", "121.57", "Rates of Dhaka", "European Central Bank"):
        assert words in page
    assert "jumped and wait for your word" in client.get("/staff/").content.decode()
    (inr, eur, bdt) = waiting_rates()
    client.post(f"/staff/policy/rates/{bdt.pk}", {"answer": "right"})
    client.post(f"/staff/policy/rates/{eur.pk}", {"answer": "wrong"})
    client.post(f"/staff/policy/rates/{eur.pk}", {"answer": "right"})  # decided
    assert rates() == {"BDT": "121.570000"}
    assert client.post("/staff/policy/rates/rules", {"jump": "0", "spread": "1"}).status_code == 422
    assert client.post("/staff/policy/rates/rules", {"jump": "2.5", "spread": "1"}).status_code == 302
    assert 'value="2.50"' in client.get("/staff/policy/rates").content.decode()
    assert WaitingRate.objects.get(pk=inr.pk).decided_at is None
    with pytest.raises(BadPolicy):
        change_rate_policy(by=SHIRIN, jump_basis_points=1, spread_basis_points=5_001, now=NOW)
