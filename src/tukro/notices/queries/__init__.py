"""Reads of what people were told, of the outbox, of notification settings and of deliveries."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet

from tukro.kernel.errors import NotFound
from tukro.notices.models import Delivery, Mail, Notice, NotificationSetting, PushDevice
from tukro.notices.rules.mails import ATTEMPTS
from tukro.people.models import Requester, User


def outbox(before: int | None = None, limit: int = 50, *, to: str = "") -> list[Mail]:
    """Mails, newest first: those older than the mail ``before``, to addresses like ``to``."""
    mails = Mail.objects.order_by("-id")
    if before is not None:
        mails = mails.filter(id__lt=before)
    if to:
        mails = mails.filter(to__icontains=to)
    return list(mails[:limit])


def due_mails(now: datetime) -> QuerySet[Mail]:
    """Mails to send now, oldest first: never tried, or tried and the wait is over."""
    return Mail.objects.filter(
        Q(retry_at=None) | Q(retry_at__lte=now), sent_at=None, attempts__lt=ATTEMPTS
    ).order_by("id")


def unsent_count() -> int:
    """How many mails nobody has received yet."""
    return Mail.objects.filter(sent_at=None).count()


def mail_of(mail_id: int) -> Mail:
    """One mail. Raises NotFound."""
    found = Mail.objects.filter(pk=mail_id).first()
    if found is None:
        raise NotFound(mail=mail_id)
    return found


def notification_settings_of(requester: Requester, limit: int = 100) -> list[NotificationSetting]:
    """Where a requester's notifications go, the latest change first."""
    settings = NotificationSetting.objects.filter(requester=requester)
    return list(
        settings.select_related("task_type", "destination__requester").order_by("-changed_at", "task_type")[
            :limit
        ]
    )


def deliveries_of(requester: Requester, before: int | None = None, limit: int = 50) -> list[Delivery]:
    """A requester's deliveries, newest first: those older than the delivery ``before``."""
    destinations = list(requester.destinations.values_list("pk", flat=True))
    deliveries = Delivery.objects.filter(destination_id__in=destinations).order_by("-id")
    if before is not None:
        deliveries = deliveries.filter(id__lt=before)
    return list(deliveries.select_related("task_type", "destination")[:limit])


def notices_of(
    user: User, before: int | None = None, limit: int = 30, *, unread: bool = False
) -> list[Notice]:
    """What someone was told, newest first: older than the notice ``before``; only unread ones when asked."""
    notices = Notice.objects.filter(user=user).order_by("-id")
    if before is not None:
        notices = notices.filter(id__lt=before)
    if unread:
        notices = notices.filter(read_at=None)
    return list(notices[:limit])


def devices_of(user: User) -> list[PushDevice]:
    """The devices that get someone's pushes, the latest first."""
    return list(PushDevice.objects.filter(user=user).order_by("-added_at", "-pk"))
