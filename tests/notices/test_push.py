"""Notices on people's devices: encrypted for them, signed by us, tried again, ended when nobody is there."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from pytest_django import Settings

from tests import cast, make
from tests.make import NOW
from tests.notices.push_service import Browser, PushService, push_service, unb64
from tests.notices.telling import tell_at_once
from tukro.kernel.money import Money
from tukro.notices.actions.devices import MOST_DEVICES, BadDevice, add_device, renew_device
from tukro.notices.jobs import send_due_pushes
from tukro.notices.models import Notice, Push, PushDevice
from tukro.notices.rules.pushes import PAYLOAD_BYTES, encrypted, payload_of
from tukro.people.models import User, Worker
from tukro.web.account.told.push_key import public_key
from tukro.work.actions.reviewing import send_bonus

pytestmark = pytest.mark.django_db


@pytest.fixture
def service(settings: Settings) -> Iterator[PushService]:
    settings.PRIVATE_HOOKS = True
    with push_service(public_key()) as running:
        yield running


def allow(user: User, browser: Browser) -> PushDevice:
    keys = browser.subscription["keys"]
    return add_device(
        user=user,
        endpoint=browser.endpoint,
        public_key=keys["p256dh"],
        secret=keys["auth"],
        name="Chrome, Android",
        now=NOW,
    )


def bonus_for(worker: Worker) -> None:
    done = make.submitted(by=worker)
    send_bonus(
        requester=done.task.task_type.requester,
        assignment_id=done.public_id,
        amount=Money.parse("0.50"),
        reason="Careful work",
        token=done.public_id,
        now=NOW,
    )
    tell_at_once()


def test_the_example_of_rfc_8291_comes_out_byte_by_byte() -> None:
    private = int.from_bytes(unb64("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"), "big")
    body = encrypted(
        b"When I grow up, I want to be a watermelon",
        public_key="BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
        secret="BTBZMqHH6r4Tts7J_aSIgg",
        once=ec.derive_private_key(private, ec.SECP256R1()),
        salt=unb64("DGv6ra1nlYgDCS1FRnbzlw"),
    )
    assert body == unb64(
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6Tlz"
        "AC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    )


def test_a_device_shows_what_happened_and_leads_to_the_notice(service: PushService) -> None:
    rahima, phone = cast.rahima(), service.browser("phone")
    allow(rahima.user, phone)
    bonus_for(rahima)
    assert send_due_pushes(NOW) == 1
    [shown] = service.shown(phone)
    notice = Notice.objects.get(user=rahima.user)
    assert (shown["title"], shown["url"]) == (notice.title, f"/account/notices/{notice.pk}")
    assert (shown["body"], shown["lang"]) == (notice.text, notice.language)
    assert (service.faults, Push.objects.count()) == ([], 0)
    assert send_due_pushes(NOW) == 0


def test_a_device_that_is_gone_is_forgotten(service: PushService) -> None:
    rahima = cast.rahima()
    old, phone = service.browser("old"), service.browser("phone")
    allow(rahima.user, old)
    allow(rahima.user, phone)
    service.gone = {"/push/old"}
    bonus_for(rahima)
    assert send_due_pushes(NOW) == 1
    assert [one.endpoint for one in PushDevice.objects.all()] == [phone.endpoint]
    assert Push.objects.count() == 0


def test_a_service_that_is_busy_is_asked_again_and_not_for_ever(service: PushService) -> None:
    rahima = cast.rahima()
    allow(rahima.user, service.browser("phone"))
    service.status = 503
    bonus_for(rahima)
    assert send_due_pushes(NOW) == 0
    waiting = Push.objects.get()
    assert (waiting.attempts, waiting.due_at) == (1, NOW + timedelta(minutes=1))
    assert send_due_pushes(NOW) == 0  # not before its time
    service.status = 201
    assert send_due_pushes(NOW + timedelta(minutes=1)) == 1
    bonus_for(rahima)
    assert send_due_pushes(NOW + timedelta(hours=25)) == 0
    assert Push.objects.count() == 0


def test_addresses_inside_the_house_and_bad_keys_are_refused(settings: Settings) -> None:
    rahima = cast.rahima().user
    with pytest.raises(BadDevice):
        allow(rahima, Browser("http://127.0.0.1:5432/push"))
    with pytest.raises(BadDevice):
        allow(rahima, Browser("https://10.0.0.1/push"))
    settings.PRIVATE_HOOKS = True
    with pytest.raises(BadDevice):
        add_device(
            user=rahima, endpoint="https://push.example/1", public_key="AAAA", secret="AAAA", name="", now=NOW
        )


def test_a_device_belongs_to_who_allowed_it_last_and_the_list_has_an_end() -> None:
    rahima, tanvir = cast.rahima().user, cast.tanvir().user
    shared = Browser("https://push.example/shared")
    allow(rahima, shared)
    allow(tanvir, shared)
    assert PushDevice.objects.get().user == tanvir
    for no in range(MOST_DEVICES):
        allow(tanvir, Browser(f"https://push.example/{no}"))
    assert PushDevice.objects.filter(user=tanvir).count() == MOST_DEVICES
    assert not PushDevice.objects.filter(endpoint=shared.endpoint).exists()


def test_a_device_that_moved_proves_itself_by_its_old_address() -> None:
    rahima = cast.rahima().user
    old, new = Browser("https://push.example/old"), Browser("https://push.example/new")
    allow(rahima, old)
    keys = new.subscription["keys"]
    moved = {"endpoint": new.endpoint, "public_key": keys["p256dh"], "secret": keys["auth"], "now": NOW}
    assert renew_device(old=old.endpoint, **moved)
    assert not renew_device(old=old.endpoint, **moved)
    assert PushDevice.objects.get().endpoint == new.endpoint


def test_a_long_text_in_bengali_is_cut_to_what_services_carry() -> None:
    body = payload_of(
        title="কাজ", text="কাজ শেষ হয়েছে " * 400, url="/account/notices/1", tag="n", language="bn"
    )
    assert len(body) <= PAYLOAD_BYTES
    assert "…" in body.decode()
