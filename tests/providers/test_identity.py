"""Who somebody is: by Stripe's page or by staff and photos, and which withdrawals ask for it."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image
from pytest_django import DjangoCaptureOnCommitCallbacks
from pytest_django.fixtures import Settings

from tests import cast, make
from tests.make import NOW
from tests.money.bank import SHIRIN, add_bkash
from tests.providers.paying import TEN, earner
from tests.providers.played import stripe
from tests.providers.played.server import Reply, serving
from tests.providers.played.stripe_identity import StripeIdentityContract
from tukro.journal.models import Event
from tukro.money.actions.paying_out.asking import ProofMissing, request_payout
from tukro.money.actions.paying_out.payouts import send_payout
from tukro.money.providers.identity import desk
from tukro.people.actions.contact import Contact, save_contact
from tukro.people.models import Worker
from tukro.vetting.actions.identity import (
    AlreadyIdentified,
    CheckOver,
    PhotosMissing,
    change_identity_policy,
    conclude_check,
    forget_late_photos,
    hand_in_photos,
)
from tukro.vetting.actions.tax import LookNeedsReason
from tukro.vetting.models import CheckState, IdentityCheck, IdentityPhoto
from tukro.vetting.queries.identity import is_identified

pytestmark = pytest.mark.django_db
BACK = "https://tukro.example/earnings/identity"


@pytest.fixture
def contract(settings: Settings) -> Iterator[StripeIdentityContract]:
    contract = StripeIdentityContract()
    with serving(contract) as url:
        settings.STRIPE_URL = url
        settings.STRIPE_SECRET, settings.STRIPE_HOOK_SECRET = stripe.SECRET, stripe.HOOK_SECRET
        yield contract


@pytest.fixture(autouse=True)
def files(settings: Settings, tmp_path: Path) -> Path:
    settings.FILES_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def rahima() -> Worker:
    worker = earner("60.00")
    contact = Contact("Rahima Khatun", "House 7", "5400", "Rangpur", "BD")
    save_contact(user=worker.user, contact=contact, now=NOW)
    return worker


def asked(moment: str = "first", provider: str = "manual", above: int = 0) -> None:
    change_identity_policy(
        by=SHIRIN, moment=moment, above_units=above, provider=provider, photo_days=30, now=NOW
    )


def begun(worker: Worker) -> IdentityCheck:
    return desk.begin(worker=worker, back=BACK, now=NOW)


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(out, "JPEG")
    return out.getvalue()


# --- Stripe ------------------------------------------------------------------------------------------


def test_stripe_is_asked_once_and_what_it_says_counts(
    contract: StripeIdentityContract, rahima: Worker
) -> None:
    asked(provider="stripe")
    check = begun(rahima)
    assert check.url == "https://verify.stripe.example/vs_1"
    assert begun(rahima) == check
    [call] = contract.asked("POST", "/v1/identity/verification_sessions")
    assert call.form["return_url"] == BACK
    assert desk.look(check, now=NOW).state == "started"  # not finished there
    contract.show("vs_1", "processing")
    assert desk.look(check, now=NOW).state == "waiting"
    contract.show("vs_1", "verified", first="Rahima", last="Khatun")
    assert desk.look(IdentityCheck.objects.get(), now=NOW).state == "verified"
    with pytest.raises(AlreadyIdentified):
        begun(rahima)


def test_another_name_on_the_document_waits_for_staff(
    contract: StripeIdentityContract, rahima: Worker
) -> None:
    asked(provider="stripe")
    check = begun(rahima)
    contract.show("vs_1", "verified", first="Karim", last="Mia")
    assert desk.look(check, now=NOW).state == "waiting"
    conclude_check(check_id=check.public_id, state=CheckState.VERIFIED, by=SHIRIN, now=NOW)
    assert is_identified(rahima)


def test_stripe_deletes_what_it_collected_once_it_is_decided(
    contract: StripeIdentityContract, rahima: Worker
) -> None:
    asked(provider="stripe")
    check = begun(rahima)
    assert desk.forget_decided(NOW) == 0
    contract.show("vs_1", "verified", first="Karim", last="Mia")
    assert desk.look(check, now=NOW).state == "waiting"
    assert desk.forget_decided(NOW) == 0  # staff still need to see it there
    conclude_check(check_id=check.public_id, state=CheckState.VERIFIED, by=SHIRIN, now=NOW)
    contract.next.append(Reply(503, b"later"))
    assert [desk.forget_decided(NOW), desk.forget_decided(NOW)] == [1, 0]
    assert not Event.objects.filter(name="IdentityForgotten").exists()
    assert desk.forget_decided(NOW + timedelta(hours=1)) == 1
    assert contract.checks["vs_1"]["redaction"] == {"status": "processing"}
    assert Event.objects.get(name="IdentityForgotten").facts["check"] == check.public_id
    assert desk.forget_decided(NOW + timedelta(days=1)) == 0
    assert is_identified(rahima)


def test_a_cancelled_session_that_stripe_does_not_redact_is_asked_about_once(
    contract: StripeIdentityContract, rahima: Worker
) -> None:
    asked(provider="stripe")
    check = begun(rahima)
    contract.show("vs_1", "canceled")
    desk.look(check, now=NOW)
    assert [desk.forget_decided(NOW), desk.forget_decided(NOW + timedelta(days=1))] == [1, 0]
    assert Event.objects.filter(name="IdentityForgetDeclined").count() == 1


def test_a_cancelled_or_foreign_session_refuses_and_silence_changes_nothing(
    contract: StripeIdentityContract, rahima: Worker
) -> None:
    asked(provider="stripe")
    check = begun(rahima)
    contract.next.append(Reply(503, b"later"))
    assert desk.look(check, now=NOW).state == "started"
    contract.checks["vs_1"]["metadata"] = {"check": "SOMEBODYELSE"}
    contract.show("vs_1", "verified", first="Rahima", last="Khatun")
    assert desk.look(check, now=NOW).state == "refused"
    again = begun(rahima)
    assert again.pk != check.pk
    contract.show(again.reference, "canceled")
    assert desk.look(again, now=NOW).state == "refused"


def test_only_a_signed_hook_makes_us_ask(
    contract: StripeIdentityContract, rahima: Worker, client: Client
) -> None:
    asked(provider="stripe")
    begun(rahima)
    contract.show("vs_1", "verified", first="Rahima", last="Khatun")
    body, headers = contract.hook(
        "identity.verification_session.verified", {"id": "vs_1"}, secret="whsec_other"
    )

    def post(body: bytes, signature: str) -> int:
        return client.post(
            "/hooks/identity/stripe",
            body,
            content_type="application/json",
            headers={"Stripe-Signature": signature},
        ).status_code

    assert post(body, headers["stripe-signature"]) == 400
    assert not is_identified(rahima)
    body, headers = contract.hook("identity.verification_session.verified", {"id": "vs_1"})
    assert [post(body, headers["stripe-signature"]) for _ in range(2)] == [204, 204]
    assert is_identified(rahima)
    assert client.post("/hooks/identity/nobody").status_code == 404


# --- staff and photos --------------------------------------------------------------------------------


def test_photos_lie_sealed_and_go_with_the_decision(
    rahima: Worker, files: Path, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    asked()
    with pytest.raises(PhotosMissing):
        hand_in_photos(worker=rahima, photos=[], now=NOW)
    content = picture()
    check = hand_in_photos(worker=rahima, photos=[("image/jpeg", content)], now=NOW)
    [stored] = [path for path in files.rglob("*") if path.is_file()]
    assert content not in stored.read_bytes()
    assert IdentityPhoto.objects.get().content() == content
    with pytest.raises(CheckOver):
        hand_in_photos(worker=rahima, photos=[("image/jpeg", content)], now=NOW)
    with pytest.raises(LookNeedsReason):
        conclude_check(check_id=check.public_id, state=CheckState.REFUSED, by=SHIRIN, now=NOW)
    with django_capture_on_commit_callbacks(execute=True):
        conclude_check(check_id=check.public_id, state=CheckState.REFUSED, why="Too dark", by=SHIRIN, now=NOW)
    assert not stored.exists()
    assert not IdentityPhoto.objects.exists()
    with pytest.raises(CheckOver):
        conclude_check(check_id=check.public_id, state=CheckState.VERIFIED, by=SHIRIN, now=NOW)


def test_photos_that_nobody_looks_at_go_after_the_operators_days(rahima: Worker) -> None:
    asked()
    hand_in_photos(worker=rahima, photos=[("image/jpeg", picture())], now=NOW)
    assert forget_late_photos(now=NOW + timedelta(days=29)) == 0
    assert forget_late_photos(now=NOW + timedelta(days=31)) == 1
    assert not IdentityPhoto.objects.exists()


def test_staff_see_photos_with_a_reason_and_decide(rahima: Worker) -> None:
    asked()
    worker, staff = Client(headers={"Accept-Language": "en"}), Client(headers={"Accept-Language": "en"})
    worker.force_login(rahima.user)
    staff.force_login(cast.shirin())
    page = "/earnings/identity"
    assert worker.post(page, {}).status_code == 422
    sent = {name: SimpleUploadedFile(f"{name}.jpg", picture(), "image/jpeg") for name in ("front", "holding")}
    assert worker.post(page, sent).status_code == 302
    check = IdentityCheck.objects.get()
    assert "<img" not in staff.get("/staff/identity").content.decode().partition("<main")[2]
    staff.post("/staff/identity", {"check": check.public_id, "reason": ""})
    assert not Event.objects.filter(name="IdentityPhotosOpened").exists()
    shown = staff.post("/staff/identity", {"check": check.public_id, "reason": "To decide"})
    address = shown.context["checks"][0]["photos"][0]
    photo = staff.get(address)
    assert (photo.status_code, photo["Content-Type"]) == (200, "image/jpeg")
    assert "no-store" in photo["Cache-Control"]
    assert worker.get(address).status_code == 404
    other = Client()
    other.force_login(make.staff(email="other@example.org"))
    assert other.get(address).status_code == 404
    staff.post(f"/staff/identity/{check.public_id}/decide", {"verdict": "verified"})
    assert is_identified(rahima)
    assert worker.get(page).context["proved"]


# --- when it is asked --------------------------------------------------------------------------------


def test_the_first_withdrawal_asks_who_it_is_and_later_ones_do_not(rahima: Worker) -> None:
    asked("first")
    method, now = add_bkash(rahima), timezone.now()
    with pytest.raises(ProofMissing) as refusal:
        request_payout(worker=rahima, method_id=method, amount=TEN, now=now)
    assert refusal.value.facts["missing"] == "identity"
    asked("never")
    payout = request_payout(worker=rahima, method_id=method, amount=TEN, now=now)
    send_payout(by=SHIRIN, payout_id=payout.public_id, reference="TX", now=now)
    asked("first")
    request_payout(worker=rahima, method_id=method, amount=TEN, now=now)


def test_above_an_amount_of_the_year_it_is_asked(rahima: Worker) -> None:
    asked("above", above=TEN.units * 2)
    method = add_bkash(rahima)
    for _ in range(2):
        request_payout(worker=rahima, method_id=method, amount=TEN, now=NOW)
    with pytest.raises(ProofMissing):
        request_payout(worker=rahima, method_id=method, amount=TEN, now=NOW)
    check = hand_in_photos(worker=rahima, photos=[("image/jpeg", picture())], now=NOW)
    conclude_check(check_id=check.public_id, state=CheckState.VERIFIED, by=SHIRIN, now=NOW)
    request_payout(worker=rahima, method_id=method, amount=TEN, now=NOW)
