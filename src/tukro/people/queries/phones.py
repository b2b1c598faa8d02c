"""Reads of phones that are proved, and of the codes that went to them."""

from __future__ import annotations

from datetime import datetime

from tukro.people.models import PhoneCode, ProvedAddress, ProvedPhone, Worker
from tukro.people.rules.phones import COUNTED


def phone_of(worker: Worker) -> ProvedPhone | None:
    """The number that the worker proved and has now."""
    return worker.phones.filter(left_at=None).first()


def is_vouched(worker: Worker) -> bool:
    """Whether the house vouches for the person: then neither letter nor code is asked of them."""
    return ProvedAddress.objects.filter(worker=worker, place="").exists()


def code_of(worker: Worker) -> PhoneCode | None:
    """The worker's newest code, whatever became of it."""
    return worker.phone_codes.order_by("-pk").first()


def codes_asked(
    now: datetime,
    *,
    worker: Worker | None = None,
    digest: bytes | None = None,
    line: bytes | None = None,
) -> list[datetime]:
    """When codes were asked for within a day, the newest first: all, or those of whom or what is named."""
    found = PhoneCode.objects.filter(asked_at__gt=now - COUNTED)
    if worker is not None:
        found = found.filter(worker=worker)
    if digest is not None:
        found = found.filter(digest=digest)
    if line is not None:
        found = found.filter(line=line)
    return list(found.order_by("-asked_at").values_list("asked_at", flat=True))


def texts(before: int | None, limit: int) -> list[PhoneCode]:
    """Text messages, the newest first, after the one whose key is ``before``."""
    found = PhoneCode.objects.select_related("worker__user")
    if before is not None:
        found = found.filter(pk__lt=before)
    return list(found.order_by("-pk")[:limit])


def text_of(code_id: str) -> PhoneCode | None:
    """One message, with its worker."""
    return PhoneCode.objects.select_related("worker__user").filter(public_id=code_id).first()
