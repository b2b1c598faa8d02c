"""Codes go out by Twilio and by a described gateway, once each, whatever happens on the way."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from pytest_django.fixtures import Settings

from tests import make
from tests.make import NOW
from tests.providers.played import texting
from tests.providers.played.proxy import Fault, Proxy, between
from tests.providers.played.server import Reply, serving
from tukro.outside import http
from tukro.people.actions.phones import ask_for_code, enter_code
from tukro.people.models import PhoneCode, Worker
from tukro.people.queries.phones import code_of, phone_of
from tukro.people.rules.phones import GOOD_FOR
from tukro.web.jobs import send_texts

NUMBER = "01712345678"
LATER = NOW + timedelta(minutes=1)


@pytest.fixture
def rahima(db: None) -> Worker:
    del db
    return make.worker(proved=False)


@pytest.fixture
def twilio(settings: Settings) -> Iterator[texting.TwilioContract]:
    contract = texting.TwilioContract()
    with serving(contract) as url:
        settings.TWILIO_URL, settings.TWILIO_ACCOUNT = url, texting.ACCOUNT
        settings.TWILIO_TOKEN, settings.TWILIO_FROM = texting.TOKEN, texting.FROM
        yield contract


@pytest.fixture
def proxy(twilio: texting.TwilioContract, settings: Settings) -> Iterator[Proxy]:
    assert not twilio.sent
    with between(settings.TWILIO_URL) as made:
        settings.TWILIO_URL = made.url
        yield made


@pytest.fixture
def gateway(settings: Settings) -> Iterator[texting.SslWireless]:
    contract = texting.SslWireless()
    with serving(contract) as url:
        settings.SMS_URL, settings.SMS_SENDS = f"{url}/api/v3/send-sms", "json"
        settings.SMS_FIELDS = "api_token=tok&sid=TUKRO&msisdn={digits}&sms={text}&csms_id={key}"
        settings.SMS_SUCCESS = r'"status": ?"SUCCESS"'
        yield contract


def sent(worker: Worker, *, now: datetime = NOW, number: str = NUMBER) -> PhoneCode:
    """The worker's code after the job has run once."""
    if code_of(worker) is None:
        ask_for_code(worker=worker, number=number, from_address="", now=now)
    send_texts(now)
    code = code_of(worker)
    assert code is not None
    return code


def code_in(body: str) -> str:
    return next(word for word in body.replace("।", " ").split() if word.isdigit())


def test_twilio_sends_the_code_in_the_workers_language(
    rahima: Worker, twilio: texting.TwilioContract
) -> None:
    code = sent(rahima)
    assert (code.state, code.provider, code.handle) == ("sent", "twilio", f"SM{0:032x}")
    [message] = twilio.sent
    assert message["to"] == "+8801712345678"
    assert "কোড" in message["body"]
    assert len(message["body"]) <= 70  # one piece
    enter_code(worker=rahima, code=code_in(message["body"]), now=NOW)
    assert phone_of(rahima) is not None
    send_texts(LATER)
    assert len(twilio.sent) == 1


@pytest.mark.parametrize(
    "fault", [Fault.CUT_AFTER, Fault.CUT_INSIDE, Fault.BAD_GATEWAY_AFTER, Fault.SLOW, Fault.CUT_BEFORE]
)
def test_a_lost_answer_is_asked_about_and_nothing_is_sent_twice(
    rahima: Worker,
    twilio: texting.TwilioContract,
    proxy: Proxy,
    fault: Fault,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(http, "READ_SECONDS", 0.2)
    http._client.cache_clear()
    proxy.faults = [fault]
    assert sent(rahima).state == "unknown"
    for minute in range(1, 6):
        send_texts(NOW + timedelta(minutes=minute))
    http._client.cache_clear()
    arrived = fault is not Fault.CUT_BEFORE
    assert len(twilio.sent) == (1 if arrived else 0)
    code = code_of(rahima)
    assert code is not None
    assert code.state == ("sent" if arrived else "unknown")
    assert len(twilio.asked("POST", f"/2010-04-01/Accounts/{texting.ACCOUNT}/Messages.json")) == arrived


def test_twilio_too_busy_is_tried_again_and_a_refused_number_is_not(
    rahima: Worker, twilio: texting.TwilioContract
) -> None:
    twilio.next = [Reply(429, {"code": 20429, "message": "Too Many Requests", "status": 429})]
    assert sent(rahima).state == "asked"
    assert sent(rahima, now=LATER).state == "sent"
    abroad = make.worker()
    code = sent(abroad, number="+91 98765 43210")
    assert (code.state, code.sealed) == ("failed", None)
    assert code.reason.startswith("Twilio 21408")
    send_texts(LATER)
    assert len(twilio.sent) == 1


def test_a_wrong_password_of_the_house_is_the_houses_fault(
    rahima: Worker, twilio: texting.TwilioContract, settings: Settings
) -> None:
    settings.TWILIO_TOKEN = "old"
    code = sent(rahima)
    assert (code.state, code.reason) == ("asked", "Twilio 20003: Authenticate")
    settings.TWILIO_TOKEN = texting.TOKEN
    assert sent(rahima, now=LATER).state == "sent"
    assert len(twilio.sent) == 1


def test_a_message_that_twilio_could_not_deliver_is_seen_when_asked(
    rahima: Worker, twilio: texting.TwilioContract, proxy: Proxy
) -> None:
    twilio.status = "undelivered"
    proxy.faults = [Fault.CUT_AFTER]
    assert sent(rahima).state == "unknown"
    assert sent(rahima, now=LATER).state == "failed"


def test_a_described_gateway_gets_its_own_fields(rahima: Worker, gateway: texting.SslWireless) -> None:
    code = sent(rahima)
    assert (code.state, code.provider) == ("sent", "gateway")
    [message] = gateway.sent
    assert (message["msisdn"], len(message["csms_id"])) == ("8801712345678", 20)
    enter_code(worker=rahima, code=code_in(message["sms"]), now=NOW)


def test_a_gateway_that_says_no_with_200_has_said_no(rahima: Worker, gateway: texting.SslWireless) -> None:
    gateway.balance = False
    code = sent(rahima)
    assert code.state == "failed"
    assert "Insufficient balance" in code.reason


def test_a_gateways_lost_answer_stays_unknown(
    rahima: Worker, gateway: texting.SslWireless, settings: Settings
) -> None:
    with between(settings.SMS_URL) as proxy:
        settings.SMS_URL = f"{proxy.url}/api/v3/send-sms"
        proxy.faults = [Fault.BAD_GATEWAY_AFTER]
        assert sent(rahima).state == "unknown"
        for minute in range(1, 16):
            send_texts(NOW + timedelta(minutes=minute))
    assert len(gateway.sent) == 1
    code = code_of(rahima)
    assert code is not None
    assert (code.state, code.sealed) == ("unknown", None)


@pytest.mark.parametrize(("method", "sends"), [("GET", "query"), ("POST", "form"), ("POST", "query")])
def test_gateways_take_queries_and_forms(
    rahima: Worker, gateway: texting.SslWireless, settings: Settings, method: str, sends: str
) -> None:
    settings.SMS_METHOD, settings.SMS_SENDS, settings.SMS_SUCCESS = method, sends, ""
    settings.SMS_FIELDS, settings.SMS_HEADERS = "to={local}&from=Tukro&{key}=&msg={text}", "X-Key=k%20k"
    gateway.next = [Reply(200, b"OK 1")]
    assert sent(rahima).state == "sent"
    [call] = gateway.calls
    fields = call.form if sends == "form" else call.query
    assert (call.method, fields["to"], fields["from"]) == (method, NUMBER, "Tukro")
    assert call.headers["x-key"] == "k k"


def test_where_nobody_is_set_up_the_message_is_kept_for_staff(rahima: Worker) -> None:
    code = sent(rahima)
    assert (code.state, code.provider) == ("sent", "outbox")
    assert code.content() is not None
    send_texts(NOW + GOOD_FOR)
    code.refresh_from_db()
    assert code.content() is None
