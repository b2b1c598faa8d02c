"""What a requester's programs are told: the settings, what was sent, and what did not arrive."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from tukro.notices.actions import delivering
from tukro.notices.actions.settings import secret_of, set_notification
from tukro.notices.models import NotificationSetting
from tukro.notices.queries import deliveries_of, notification_settings_of
from tukro.notices.rules.destinations import Channel
from tukro.web.alike.paging import one_page, page_ended_at
from tukro.web.entry.access import RequesterRequest, requester_required

_SHOWN = 30


@dataclass(frozen=True, slots=True)
class SettingView:
    """A setting and, where it leads to a web hook, the secret that its posts are signed with."""

    setting: NotificationSetting

    @property
    def secret(self) -> str:
        destination = self.setting.destination
        return (secret_of(destination) or "") if destination.channel == Channel.HOOK else ""

    @property
    def events(self) -> str:
        return ", ".join(self.setting.event_types)


@never_cache
@require_GET
@requester_required
def page(request: RequesterRequest) -> HttpResponse:
    """Settings by task type, and deliveries, newest first."""
    found = deliveries_of(request.requester, page_ended_at(request), _SHOWN + 1)
    deliveries, next_cursor = one_page(found, _SHOWN, lambda delivery: delivery.pk)
    context = {
        "settings": [SettingView(each) for each in notification_settings_of(request.requester)],
        "deliveries": deliveries,
        "next_cursor": next_cursor,
    }
    return render(request, "requester/programs/notifications.html", context)


@require_POST
@requester_required
def switch(request: RequesterRequest, task_type_id: str) -> HttpResponse:
    """Switch a task type's notifications on or off."""
    active = request.POST.get("active") == "1"
    set_notification(
        requester=request.requester,
        task_type_id=task_type_id,
        specification=None,
        active=active,
        now=timezone.now(),
    )
    messages.success(request, _("Notifications are switched on.") if active else _("Notifications are off."))
    return redirect("requester:notifications")


@require_POST
@requester_required
def send_again(request: RequesterRequest, delivery_id: int) -> HttpResponse:
    """Try a delivery at once, where the task type's notifications go now."""
    delivering.send_again(requester=request.requester, delivery_id=delivery_id, now=timezone.now())
    messages.success(
        request, _("It is sent again within seconds. Load this page once more to see whether it arrived.")
    )
    return redirect("requester:notifications")
