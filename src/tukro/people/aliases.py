"""Aliases: the id under which one requester knows one worker, made and read at the doors only.

Each requester sees ids of their own, the same for ever, and two requesters cannot tell that they speak of
one worker. Inside the house a worker has one public id. An alias is the worker's number, shuffled under the
house's key and the requester (kernel/permuting.py): nothing is stored, and the database is not asked to make
or read one. What nobody made reads as a number that no worker has: as unknown as any other wrong id.

``Requester.alias_key`` says by which key, for ever: 0 is none, for those who were given workers' own ids.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import lru_cache
from typing import Final

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.db.models import Max, Q

from tukro.kernel.errors import NotFound
from tukro.kernel.ids import looks_like_id
from tukro.kernel.permuting import TWEAK_BYTES, Permutation
from tukro.people.models import AliasKeySeen, Requester, Worker

NO_KEY: Final = 0
KEY: Final = 1  # of requesters who join now; another key would get the next number
_DIGITS: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_LENGTH: Final = 13
_ALIAS: Final = re.compile(r"A[0-9A-Z]{13}")  # as long as a worker's own id
_LARGEST_KEY: Final = 2**63 - 1


def alias(worker: Worker, requester: Requester) -> str:
    """The id under which this requester knows this worker."""
    return alias_of(requester, worker_pk=worker.pk, public_id=worker.public_id)


def alias_of(requester: Requester, *, worker_pk: int, public_id: str) -> str:
    """The same where a query brought the worker's key and own id."""
    return alias_under(requester.alias_key, requester.pk, worker_pk=worker_pk, public_id=public_id)


def alias_under(key_no: int, requester_pk: int, *, worker_pk: int, public_id: str) -> str:
    """The same where a query brought the requester's keys too."""
    if key_no == NO_KEY:
        return public_id
    return _alias(settings.ALIAS_KEY, key_no, requester_pk, worker_pk)


def known_as(text: str, requester: Requester, *, at: str = "") -> Q:
    """The condition that a worker is the one whom this requester calls ``text``; ``at``: the way to them.

    It lets nothing through for what is no id of this requester's.
    """
    way = f"{at}__" if at else ""
    if requester.alias_key == NO_KEY:
        return Q(**{f"{way}public_id": text}) if looks_like_id(text) else Q(pk__in=())
    number = _number(text, requester)
    return Q(pk__in=()) if number is None else Q(**{f"{way}pk": number})


class UnknownWorker(NotFound):
    """Nobody has this id for this requester. ``worker``: what was typed."""


def worker_known_as(text: str, requester: Requester) -> Worker | None:
    """The worker whom this requester calls ``text``."""
    return Worker.objects.filter(known_as(text, requester)).first()


def workers_known_as(texts: Collection[str], requester: Requester) -> dict[str, Worker]:
    """The workers, with their users, whom this requester calls so; who is unknown is left out. One query."""
    if requester.alias_key == NO_KEY:
        named = Worker.objects.filter(public_id__in=[text for text in texts if looks_like_id(text)])
        return {one.public_id: one for one in named.select_related("user")}
    numbers = {text: number for text in texts if (number := _number(text, requester)) is not None}
    found = Worker.objects.select_related("user").in_bulk(set(numbers.values()))
    return {text: found[number] for text, number in numbers.items() if number in found}


def whose_alias(text: str) -> tuple[Worker, Requester] | None:
    """For staff: who is meant by an alias, and whose it is. Looks through all requesters."""
    last = Worker.objects.aggregate(last=Max("pk"))["last"] or 0
    for requester in Requester.objects.exclude(alias_key=NO_KEY).only("pk", "alias_key").iterator():
        number = _number(text, requester)
        if number is not None and number <= last:
            worker = Worker.objects.select_related("user").filter(pk=number).first()
            if worker is not None:
                return worker, Requester.objects.get(pk=requester.pk)
    return None


def looks_like_alias(text: str) -> bool:
    return _ALIAS.fullmatch(text) is not None


def key_fits() -> bool:
    """Whether the key of the settings is the one with which aliases were made so far."""
    seen = AliasKeySeen.objects.filter(no=KEY).values_list("fingerprint", flat=True).first()
    return seen is None or seen == key_fingerprint()


def key_fingerprint() -> str:
    """Tells keys apart and does not tell the key."""
    info = f"tukro alias key {KEY} fingerprint".encode()
    return HKDF(algorithm=hashes.SHA256(), length=16, salt=None, info=info).derive(_secret()).hex()


def _secret() -> bytes:
    return str(settings.ALIAS_KEY).encode()


@lru_cache(maxsize=4096)
def _alias(secret: str, key_no: int, requester_pk: int, worker_pk: int) -> str:
    number = _permutation(secret, key_no).shuffle(worker_pk, _tweak(requester_pk))
    digits = ""
    for _ in range(_LENGTH):
        number, digit = divmod(number, len(_DIGITS))
        digits = _DIGITS[digit] + digits
    return "A" + digits


def _number(text: str, requester: Requester) -> int | None:
    """The number that an alias of this requester hides; None for what cannot be a worker's."""
    if not looks_like_alias(text):
        return None
    shuffled = int(text[1:], len(_DIGITS))
    number = _permutation(settings.ALIAS_KEY, requester.alias_key).put_back(shuffled, _tweak(requester.pk))
    return number if 0 < number <= _LARGEST_KEY else None


@lru_cache(maxsize=8)
def _permutation(secret: str, key_no: int) -> Permutation:
    info = f"tukro aliases {key_no}".encode()
    key = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=info).derive(secret.encode())
    return Permutation(key, radix=len(_DIGITS), length=_LENGTH)


def _tweak(requester_pk: int) -> bytes:
    return requester_pk.to_bytes(TWEAK_BYTES, "big")
