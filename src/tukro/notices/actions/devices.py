"""Devices that show our notices: allowed, taken back, gone."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import transaction

from tukro.kernel.errors import Refused
from tukro.notices.models import Push, PushDevice
from tukro.notices.rules.destinations import BadAddress, Channel, channel_of
from tukro.notices.rules.pushes import LIFETIME, are_keys, wait_after
from tukro.people.models import User

MOST_DEVICES = 10


class BadDevice(Refused):
    """What the browser gave is no address that pushes can go to, or no keys. ``reason``"""


@transaction.atomic
def add_device(
    *, user: User, endpoint: str, public_key: str, secret: str, name: str, now: datetime
) -> PushDevice:
    """Send pushes for the person to this browser too; who used it before gets none there any more.

    Beyond MOST_DEVICES the one that was added first goes. Refuses BadDevice.
    """
    _check(endpoint, public_key, secret)
    kept = {"user": user, "public_key": public_key, "secret": secret, "name": name[:100]}
    device, _ = PushDevice.objects.update_or_create(
        endpoint=endpoint, defaults={**kept, "added_at": now, "reached_at": None}
    )
    others = PushDevice.objects.filter(user=user).exclude(pk=device.pk).order_by("-added_at", "-pk")
    PushDevice.objects.filter(pk__in=[one.pk for one in others[MOST_DEVICES - 1 :]]).delete()
    return device


@transaction.atomic
def renew_device(*, old: str, endpoint: str, public_key: str, secret: str, now: datetime) -> bool:
    """The browser was given another address: what it knew, the ``old`` one, proves that it is the same.

    False: nobody has the old one. Refuses BadDevice.
    """
    _check(endpoint, public_key, secret)
    device = PushDevice.objects.select_for_update().filter(endpoint=old).first()
    if device is None:
        return False
    PushDevice.objects.filter(endpoint=endpoint).exclude(pk=device.pk).delete()
    device.endpoint, device.public_key, device.secret, device.added_at = endpoint, public_key, secret, now
    device.save(update_fields=["endpoint", "public_key", "secret", "added_at"])
    return True


def remove_device(*, user: User, device_id: int) -> None:
    """No more pushes there. Doing it twice does nothing."""
    PushDevice.objects.filter(user=user, pk=device_id).delete()


@transaction.atomic
def note_pushed(push: Push, *, now: datetime) -> None:
    """The push service took it."""
    PushDevice.objects.filter(pk=push.device_id).update(reached_at=now)
    push.delete()


def note_gone(push: Push) -> None:
    """The browser took the permission back, or is no more: it is forgotten with all that waits for it."""
    PushDevice.objects.filter(pk=push.device_id).delete()


def note_push_failed(push: Push, *, error: str, now: datetime) -> None:
    """Try later, or let it go after the last wait."""
    push.attempts += 1
    wait = wait_after(push.attempts)
    if wait is None or now + wait > push.created_at + LIFETIME:
        push.delete()
        return
    push.due_at, push.error = now + wait, error[:500]
    push.save(update_fields=["attempts", "due_at", "error"])


def _check(endpoint: str, public_key: str, secret: str) -> None:
    try:
        channel = channel_of("SNS", endpoint, queue_host="", private_hooks=settings.PRIVATE_HOOKS)
    except BadAddress as fault:
        raise BadDevice(reason=fault.reason) from None
    if channel != Channel.HOOK:
        raise BadDevice(reason="this is not a web address")
    if len(public_key) > 90 or len(secret) > 30 or not are_keys(public_key, secret):
        raise BadDevice(reason="these are no keys")
