"""What a requester wants to be told about a task type, and where (mturk-api 6.38)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction

from tukro.journal.actions import record
from tukro.kernel.errors import NotFound, Refused
from tukro.kernel.sealing import SealBroken, seal, unseal
from tukro.notices.models import Delivery, Destination, Mail, NotificationSetting
from tukro.notices.rules.destinations import BadAddress, Channel, channel_of
from tukro.notices.rules.notifications import MAIL_KEY, VERSIONS, new_secret, unknown_events
from tukro.people.models import Requester
from tukro.work.models import TaskType

_PURPOSE = "web hook"


class NothingToSet(Refused):
    """Neither a specification nor a word on whether it is active."""


class NothingSpecified(Refused):
    """Switching on or off what was never specified. ``task_type_id``"""


class BadSpecification(Refused):
    """A value that no specification can have. ``member`` and ``value``, as the wire names them"""


class BadDestination(Refused):
    """The destination is not one that this house can or may send to. ``address``, ``reason``"""


@dataclass(frozen=True, slots=True)
class Specification:
    """A NotificationSpecification of the wire, as given."""

    transport: str
    address: str
    version: str
    event_types: Sequence[str]


def set_notification(
    *,
    requester: Requester,
    task_type_id: str,
    specification: Specification | None,
    active: bool | None,
    now: datetime,
) -> NotificationSetting:
    """Say which events of a task type are told where, switch that on or off, or both.

    A new specification takes the old one's place and is active unless it was switched off before. Events on
    their way keep the destination that they set out for. Records NotificationsSet. Refuses NothingToSet,
    NotFound, NothingSpecified, BadSpecification, BadDestination.
    """
    if specification is None and active is None:
        raise NothingToSet()
    channel = checked_channel(requester, specification) if specification else None
    with transaction.atomic():
        task_type = (
            TaskType.objects.select_for_update(no_key=True)
            .filter(requester=requester, public_id=task_type_id)
            .first()
        )
        if task_type is None:
            raise NotFound(task_type_id=task_type_id)
        setting = NotificationSetting.objects.filter(task_type=task_type).first()
        if specification is not None and channel is not None:
            was_active = setting.active if setting else True
            setting = NotificationSetting(
                task_type=task_type,
                requester=requester,
                destination=destination_at(requester, channel, specification.address),
                version=specification.version,
                event_types=sorted(set(specification.event_types)),
                active=was_active if active is None else active,
                changed_at=now,
            )
        elif setting is None:
            raise NothingSpecified(task_type_id=task_type_id)
        else:
            assert active is not None, "one of the two was given"
            setting.active, setting.changed_at = active, now
        setting.save()
        _record(setting, task_type_id, requester, now)
    return setting


def checked_channel(requester: Requester, given: Specification, *, also: Sequence[str] = ()) -> Channel:
    """By which channel a specification asks to be told. ``also``: further event types that may stand in it.

    Refuses BadSpecification and BadDestination. Mails go to the requester's own address only: a stranger
    must not get mails from this house because somebody typed the address.
    """
    if given.version not in VERSIONS:
        raise BadSpecification(member="Version", value=given.version)
    if not given.event_types:
        raise BadSpecification(member="EventTypes", value="")
    for unknown in unknown_events(given.event_types, also=also):
        raise BadSpecification(member="EventTypes", value=unknown)
    try:
        channel = channel_of(
            given.transport,
            given.address,
            queue_host=urlsplit(settings.SQS_ENDPOINT).hostname or "",
            private_hooks=settings.PRIVATE_HOOKS,
        )
    except BadAddress as bad:
        raise BadDestination(address=given.address, reason=bad.reason) from None
    if channel == Channel.EMAIL and given.address.lower() != requester.user.email.lower():
        raise BadDestination(address=given.address, reason="mail goes to the requester's own address only")
    return channel


def destination_at(requester: Requester, channel: Channel, address: str) -> Destination:
    """The requester's row for this address, made when it is new; a hook's gets its secret then, and a new one
    when the old was sealed with a key that this installation no longer has."""
    found = Destination.objects.filter(requester=requester, channel=channel, address=address).first()
    if found is not None:
        if channel == Channel.HOOK and secret_of(found) is None:
            found.sealed_secret = seal_secret(new_secret(), requester)
            found.save(update_fields=["sealed_secret"])
        return found
    sealed = seal_secret(new_secret(), requester) if channel == Channel.HOOK else None
    made, _ = Destination.objects.get_or_create(
        requester=requester, channel=channel, address=address, defaults={"sealed_secret": sealed}
    )
    return made


def seal_secret(secret: str, requester: Requester) -> bytes:
    """A hook's secret as it is kept."""
    return seal(secret, secret=settings.SECRET_KEY, purpose=_PURPOSE, bound_to=requester.public_id)


def secret_of(hook: Destination) -> str | None:
    """A hook's secret in clear, to sign with and to show to its requester. None: it no longer opens."""
    assert hook.sealed_secret is not None, "only hooks have one"
    sealed, owner = bytes(hook.sealed_secret), hook.requester.public_id
    try:
        return unseal(sealed, secret=settings.SECRET_KEY, purpose=_PURPOSE, bound_to=owner)
    except SealBroken:
        return None


def forget_destinations(requester: Requester) -> None:
    """The requester closed their account: nothing goes to their programs any more, and where it went is
    erased, with the mails that went there.

    The rows are locked first: whoever queues a delivery at this moment waits, and finds them gone.
    """
    mine = list(Destination.objects.select_for_update().filter(requester=requester).order_by("pk"))
    mailed = [each.address for each in mine if each.channel == Channel.EMAIL]
    Mail.objects.filter(key__startswith=MAIL_KEY, to__in=mailed).delete()
    NotificationSetting.objects.filter(requester=requester).delete()
    Delivery.objects.filter(destination__in=mine).delete()
    Destination.objects.filter(pk__in=[each.pk for each in mine]).delete()


def _record(setting: NotificationSetting, task_type_id: str, requester: Requester, now: datetime) -> None:
    record(
        name="NotificationsSet",
        actor=requester.actor,
        subject=task_type_id,
        at=now,
        facts={
            "transport": setting.destination.transport,
            "address": setting.destination.address,
            "events": setting.event_types,
            "active": setting.active,
        },
    )
