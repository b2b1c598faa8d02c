"""Notices on a device, from the button that allows them to the page that a tap on one opens.

The stand-in for the push service keeps the device's keys, as the browser would, so it opens the sealed
message; Chromium's own debugging door then hands the content to the service worker.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect
from pytest_django import Settings

from tests import cast
from tests.make import NOW
from tests.notices.push_service import PushService, push_service
from tests.notices.test_push import bonus_for
from tests.web.browser import Visits
from tests.web.test_bad_network import push_to, wait_for_the_app
from tukro.notices.jobs import send_due_pushes
from tukro.notices.models import Notice, PushDevice
from tukro.web.account.told.push_key import public_key

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]

# Asking a real push service for a subscription needs the internet: this one was made beforehand.
SUBSCRIBED = """
PushManager.prototype.getSubscription = async () => null;
PushManager.prototype.subscribe = async ({ applicationServerKey }) => {
  sessionStorage.asked = applicationServerKey;
  return %s;
};
"""
SHOWN = """async () => {
  for (let tries = 0; tries < 100; tries++) {
    const { length } = await self.registration.getNotifications();
    if (length) return length;
    await new Promise((later) => setTimeout(later, 50));
  }
  return 0;
}"""
# Only a person's hand brings a window to the front, and only the browser makes a click that can be awaited.
CLICKED = """async () => {
  WindowClient.prototype.focus = async function () { return this; };
  const [notification] = await self.registration.getNotifications();
  const click = new NotificationEvent("notificationclick", { notification });
  const done = new Promise((resolve) => Object.defineProperty(click, "waitUntil", { value: resolve }));
  self.dispatchEvent(click);
  await done;
  return (await self.registration.getNotifications()).length;
}"""


@pytest.fixture
def service(settings: Settings) -> Iterator[PushService]:
    settings.PRIVATE_HOOKS = True
    with push_service(public_key()) as running:
        yield running


def test_a_device_that_allowed_notices_shows_one_and_its_tap_opens_the_page(
    visit: Visits, service: PushService
) -> None:
    rahima, phone = cast.rahima(), service.browser("phone")
    page = visit(user=rahima.user)
    page.context.grant_permissions(["notifications"])
    page.add_init_script(SUBSCRIBED % json.dumps(phone.subscription))
    page.goto("/account/notices/choices")
    wait_for_the_app(page)
    with page.expect_navigation():
        page.get_by_role("button", name="Allow on this device").click()
    assert page.evaluate("sessionStorage.asked") == public_key()
    assert PushDevice.objects.get().endpoint == phone.endpoint
    expect(page.get_by_role("heading", level=1)).to_be_visible()

    bonus_for(rahima)
    assert send_due_pushes(NOW) == 1
    assert service.faults == []
    [told] = service.shown(phone)
    notice = Notice.objects.get(user=rahima.user)
    assert told["title"] == notice.title
    [app] = page.context.service_workers
    for _ in range(3):  # a push that meets the browser while it starts the service worker may be lost
        push_to(page, told)
        if app.evaluate(SHOWN):
            break
    assert app.evaluate(CLICKED) == 0, "the notice is gone from the device"
    page.wait_for_url(lambda url: "/notices/" not in url)
    notice.refresh_from_db()
    assert (page.url.removeprefix(visit.base_url), notice.read_at is not None) == (notice.link, True)
