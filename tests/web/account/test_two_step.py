"""Two-step sign-in: codes of an app, recovery codes, passkeys; and the list of signed-in devices."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.core.cache import cache
from django.core.mail import EmailMessage
from django.test import Client
from django.utils import timezone
from playwright.sync_api import expect

from tests.web.browser import PHONE, Visits
from tests.web.joining import PASSWORD, verified_user, visitor
from tukro.people.models import Session, User

pytestmark = pytest.mark.django_db

CHROME = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36"


@pytest.fixture(autouse=True)
def fresh_limits() -> None:
    cache.clear()


def enter(client: Client, user: User) -> str:
    """Sign in with the password; answers where it leads."""
    answer = client.post("/account/login/", {"login": user.email, "password": PASSWORD})
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"])


@pytest.fixture(autouse=True)
def same_half_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    """No code goes out of date between the line that makes it and the line that enters it."""
    now = next(totp.yield_hotp_counters_from_time())
    monkeypatch.setattr(totp, "yield_hotp_counters_from_time", lambda: iter([now]))


def code_of(secret: str) -> str:
    return str(totp.format_hotp_value(totp.hotp_value(secret, next(totp.yield_hotp_counters_from_time()))))


def with_app(client: Client) -> str:
    """Set up an app as a person does; answers its secret."""
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    page = client.get("/account/2fa/totp/activate/").content.decode()
    found = re.search(r'<code class="code" translate="no">([A-Z2-7]+)</code>', page)
    assert found, page
    bengali = code_of(found[1]).translate(str.maketrans("0123456789", "০১২৩৪৫৬৭৮৯"))
    assert client.post("/account/2fa/totp/activate/", {"code": bengali}).status_code == 302
    return found[1]


@pytest.mark.django_db(transaction=True)  # the mail goes when the setting up is committed
def test_a_password_alone_opens_nothing_once_an_app_is_set_up(mailoutbox: list[EmailMessage]) -> None:
    user, owner = verified_user(), visitor()
    enter(owner, user)
    secret = with_app(owner)
    assert [mail.subject for mail in mailoutbox] == ["Two-step sign-in is on"]
    assert secret not in str(Authenticator.objects.get(type="totp").data)  # sealed
    cache.clear()  # a code works once; allauth remembers it there
    thief = visitor()
    assert enter(thief, user) == "/account/2fa/authenticate/"
    assert thief.get("/account/").status_code == 302
    assert thief.post("/account/2fa/authenticate/", {"code": "000000"}).status_code == 422
    assert thief.post("/account/2fa/authenticate/", {"code": code_of(secret)})["Location"] == "/account/start"
    assert thief.get("/account/").status_code == 200


def test_a_recovery_code_opens_once() -> None:
    user, owner = verified_user(), visitor()
    enter(owner, user)
    with_app(owner)
    page = owner.get("/account/2fa/recovery-codes/").content.decode()
    code = re.findall(r"<li><code>(\d+)</code></li>", page)[0]
    for expected in (302, 422):
        phone = visitor()
        enter(phone, user)
        assert phone.post("/account/2fa/authenticate/", {"code": code}).status_code == expected
    assert owner.get("/account/2fa/").status_code == 200
    assert owner.get("/account/2fa/recovery-codes/download/")["Content-Type"].startswith("text/plain")


def test_devices_stand_in_a_list_and_can_be_signed_out() -> None:
    user = verified_user()
    here, phone, old = visitor(), visitor(), visitor()
    for client, agent in ((here, "Firefox/140 Windows"), (phone, CHROME), (old, "")):
        client.post(
            "/account/login/", {"login": user.email, "password": PASSWORD}, headers={"user-agent": agent}
        )
    page = here.get("/account/sessions").content.decode()
    assert re.findall(r'<span translate="no">([^<]+)</span>', page)[0] == "Firefox, Windows"
    assert "Chrome, Android" in page
    [mark] = [
        one.mark for one in Session.objects.filter(user=user) if "Android" in one.data.get("device", "")
    ]
    here.post("/account/sessions/end", {"mark": mark})
    assert (phone.get("/account/").status_code, old.get("/account/").status_code) == (302, 200)
    here.post("/account/sessions/end", {"mark": "others"})
    assert (old.get("/account/").status_code, here.get("/account/").status_code) == (302, 200)


def test_nobody_signs_out_a_stranger() -> None:
    user, other = verified_user(), verified_user("tanvir@example.org")
    victim, attacker = visitor(), visitor()
    enter(victim, user)
    enter(attacker, other)
    [mark] = [one.mark for one in Session.objects.filter(user=user)]
    attacker.post("/account/sessions/end", {"mark": mark})
    attacker.post("/account/sessions/end", {"mark": mark[:1]})
    assert victim.get("/account/").status_code == 200


def test_a_visit_is_noted_once_an_hour() -> None:
    user, client = verified_user(), visitor()
    enter(client, user)
    before = timezone.now() - timedelta(hours=2)
    Session.objects.filter(user=user).update(seen_at=before)
    client.get("/account/start")
    seen = Session.objects.get(user=user).seen_at
    client.get("/account/start")
    assert seen is not None
    assert seen > before
    assert Session.objects.get(user=user).seen_at == seen


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_a_passkey_is_added_and_opens_the_account_alone(visit: Visits) -> None:
    user = verified_user()
    context = visit.browser.new_context(base_url=visit.base_url, viewport={"width": PHONE, "height": 780})
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    device = context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    device.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    page.goto("/account/login/?next=/account/2fa/webauthn/add/")
    page.fill("#id_login", user.email)
    page.fill("#id_password", PASSWORD)
    page.click("main form.card button.btn-primary")
    page.wait_for_url("**/reauthenticate/**")
    page.fill("#id_password", PASSWORD)
    page.click("main form.card button.btn-primary")
    page.wait_for_url("**/webauthn/add/")
    page.click("#mfa_webauthn_add")
    page.wait_for_url("**/recovery-codes/**")
    assert Authenticator.objects.filter(user=user, type="webauthn").count() == 1
    context.clear_cookies()
    page.goto("/account/login/")
    page.click("#passkey_login")
    page.wait_for_url("**/account/welcome")
    page.goto("/account/2fa/webauthn/")
    expect(page.locator("main li")).to_have_count(1)
    assert said == []
    context.close()
