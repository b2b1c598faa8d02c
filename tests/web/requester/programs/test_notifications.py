"""The requester's page of notifications, and the address by which a web hook says that it listens."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import signing
from django.test import Client
from django.utils import timezone

from tests import make
from tests.make import NOW
from tests.notices.asking import ask
from tests.web.browser import DESKTOP, PHONE, Visits, faults, overflow
from tukro.kernel.ids import new_id
from tukro.notices.actions.delivering import give_up_old
from tukro.notices.actions.settings import secret_of
from tukro.notices.channels.machines import CONFIRMING
from tukro.notices.models import Delivery, Destination, NotificationSetting
from tukro.people.models import Requester

pytestmark = pytest.mark.django_db
ADDRESS = "/requester/notifications"


def hook_of(requester: Requester) -> NotificationSetting:
    batch = make.batch(of=requester)
    return ask(batch, "SNS", "https://hooks.example.org/mturk", events=["AssignmentSubmitted"])


def delivery(setting: NotificationSetting, *, event_id: int = 1) -> Delivery:
    return Delivery.objects.create(
        destination=setting.destination,
        task_type=setting.task_type,
        event_id=event_id,
        event_type="AssignmentSubmitted",
        happened_at=NOW,
        task=new_id(),
        assignment=new_id(),
        document_id="0" * 40,
        version=setting.version,
        due_at=NOW,
        queued_at=NOW,
    )


def test_the_page_says_where_notifications_go_and_what_became_of_them(
    as_karim: Client, karim: Requester
) -> None:
    setting = hook_of(karim)
    waiting = delivery(setting)
    delivery(hook_of(make.requester()), event_id=2)
    answer = as_karim.get(ADDRESS)
    text = answer.content.decode()
    assert [view.setting for view in answer.context["settings"]] == [setting]
    assert answer.context["deliveries"] == [waiting]
    assert "https://hooks.example.org/mturk" in text
    secret = secret_of(setting.destination)
    assert secret
    assert secret in text
    assert "no-store" in answer["Cache-Control"]


def test_what_was_given_up_says_why_and_can_be_sent_again(as_karim: Client, karim: Requester) -> None:
    lost = delivery(hook_of(karim))
    Delivery.objects.update(error="the answer was 500")
    give_up_old(now=NOW + timedelta(days=4))
    assert "the answer was 500" in as_karim.get(ADDRESS).content.decode()
    answer = as_karim.post(f"{ADDRESS}/{lost.pk}/again", follow=True)
    assert answer.redirect_chain == [(ADDRESS, 302)]
    lost.refresh_from_db()
    assert (lost.state, lost.attempts) == ("waiting", 0)
    assert lost.destination.next_at is not None


def test_what_arrived_is_not_sent_again(as_karim: Client, karim: Requester) -> None:
    arrived = delivery(hook_of(karim))
    Delivery.objects.update(state="delivered", settled_at=NOW)
    assert as_karim.post(f"{ADDRESS}/{arrived.pk}/again").status_code == 409


def test_somebody_elses_delivery_is_not_there(as_karim: Client) -> None:
    theirs = delivery(hook_of(make.requester()))
    assert as_karim.post(f"{ADDRESS}/{theirs.pk}/again").status_code == 404


def test_notifications_of_a_task_type_are_switched_off_and_on(as_karim: Client, karim: Requester) -> None:
    setting = hook_of(karim)
    switch = f"{ADDRESS}/types/{setting.task_type.public_id}/switch"
    for typed, active in (("0", False), ("1", True)):
        assert as_karim.post(switch, {"active": typed}).status_code == 302
        setting.refresh_from_db()
        assert setting.active is active


def test_the_page_asks_the_database_as_often_for_many_as_for_few(
    as_karim: Client, karim: Requester, django_assert_max_num_queries: object
) -> None:
    setting = hook_of(karim)
    for no in range(31):
        delivery(setting, event_id=no + 1)
    assert callable(django_assert_max_num_queries)
    with django_assert_max_num_queries(8):
        answer = as_karim.get(ADDRESS)
    assert len(answer.context["deliveries"]) == 30
    older = as_karim.get(ADDRESS, {"after": answer.context["next_cursor"]})
    assert len(older.context["deliveries"]) == 1


def test_a_visit_of_the_subscribe_address_confirms_a_hook(client: Client, karim: Requester) -> None:
    hook = hook_of(karim).destination
    token = signing.dumps(hook.pk, salt=CONFIRMING)
    assert client.get(f"/hooks/confirm/{token}").status_code == 200
    first = Destination.objects.get(pk=hook.pk).confirmed_at
    assert first is not None
    assert first <= timezone.now()
    client.get(f"/hooks/confirm/{token}")
    assert Destination.objects.get(pk=hook.pk).confirmed_at == first


def test_a_token_that_was_not_posted_confirms_nothing(client: Client, karim: Requester) -> None:
    hook = hook_of(karim).destination
    for token in ("abc", signing.dumps(hook.pk), signing.dumps(hook.pk, salt=CONFIRMING)[:-1]):
        assert client.get(f"/hooks/confirm/{token}").status_code == 404
    assert Destination.objects.get(pk=hook.pk).confirmed_at is None


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_the_page_is_sound_with_everything_on_it(visit: Visits, karim: Requester, width: int) -> None:
    setting = hook_of(karim)
    for no, (state, error) in enumerate(
        [("waiting", ""), ("waiting", "the answer was 500"), ("delivered", ""), ("given_up", "x" * 300)]
    ):
        one = delivery(setting, event_id=no + 1)
        settled = None if state == "waiting" else NOW
        Delivery.objects.filter(pk=one.pk).update(
            state=state, error=error, settled_at=settled, attempts=bool(error)
        )
    page = visit(user=karim.user, width=width, language="en")
    page.goto(ADDRESS)
    page.click("main summary")
    assert [faults(page), overflow(page)] == [[], 0]
    page.locator("tbody form button").first.click()
    page.wait_for_selector(".notice-ok")
