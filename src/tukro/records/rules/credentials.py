"""A work record as a Verifiable Credential 2.0: what it says, and reading one that somebody brings.

Everything in it comes from the journalled record of work; the worker chooses how much of it is shown.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from tukro.kernel.formats import iso
from tukro.kernel.signing import NoKey, public_key
from tukro.records.rules.keys import did_of
from tukro.records.rules.proofs import BadProof, Document, check_proof, key_text_in
from tukro.records.rules.status import BadStatusList, entry, is_set

CONTEXTS = [
    "https://www.w3.org/ns/credentials/v2",
    "https://www.w3.org/ns/credentials/undefined-terms/v2",  # for the words of the record itself
]
KIND = "WorkRecordCredential"
MOST_BYTES = 200_000


@dataclass(frozen=True, slots=True)
class Held:
    """A qualification that the worker holds, and who gave it."""

    name: str
    given_by: str
    since: date
    value: int | None = None


@dataclass(frozen=True, slots=True)
class Work:
    """A worker's record in numbers, over the days in which it was made."""

    first_day: date
    last_day: date
    approved: int
    rejected: int
    by_category: Mapping[str, int]  # approved work only
    requesters: int

    @property
    def approval_share(self) -> str:
        """Of the work that was decided, rounded down to thousandths: ``0.987``. Text, because a file that is
        signed byte by byte should not depend on how programs write fractions."""
        decided = self.approved + self.rejected
        thousandths = self.approved * 1000 // decided if decided else 0
        return f"{thousandths // 1000}.{thousandths % 1000:03d}"


def work_record(
    *,
    site: str,
    record_id: str,
    index: int,
    work: Work,
    name: str,
    worker_id: str,
    held: Sequence[Held],
    with_categories: bool,
    now: datetime,
) -> Document:
    """The unsigned credential. ``name`` and ``worker_id`` may be '': then it does not say whose it is."""
    facts: dict[str, Any] = {
        "firstDay": work.first_day.isoformat(),
        "lastDay": work.last_day.isoformat(),
        "approvedTasks": work.approved,
        "rejectedTasks": work.rejected,
        "approvalShare": work.approval_share,
        "requesters": work.requesters,
    }
    if with_categories:
        facts["approvedByCategory"] = dict(sorted(work.by_category.items()))
    if held:
        facts["qualifications"] = [_held(one) for one in held]
    subject: dict[str, Any] = {"type": "Worker"}
    if name:
        subject["name"] = name
    if worker_id:
        subject["workerId"] = worker_id
    return {
        "@context": CONTEXTS,
        "id": f"{site.rstrip('/')}/records/{record_id}",
        "type": ["VerifiableCredential", KIND],
        "issuer": {"id": did_of(site), "url": site},
        "validFrom": iso(now),
        "credentialStatus": entry(site, index),
        "credentialSubject": {**subject, "workRecord": facts},
    }


@dataclass(frozen=True, slots=True)
class Checked:
    """A record whose proof holds. ``key`` is the one that it holds for, ``revoked`` None when no list was
    looked at."""

    document: Document
    key: str
    revoked: bool | None

    @property
    def issuer(self) -> str:
        issuer = self.document.get("issuer")
        return str(issuer.get("id", "") if isinstance(issuer, dict) else issuer or "")

    @property
    def subject(self) -> dict[str, Any]:
        subject = self.document.get("credentialSubject")
        return subject if isinstance(subject, dict) else {}

    @property
    def work(self) -> dict[str, Any]:
        work = self.subject.get("workRecord")
        return work if isinstance(work, dict) else {}


def read_document(data: bytes) -> Document:
    """A JSON document from a file. Raises BadProof (``unreadable``)."""
    if len(data) > MOST_BYTES:
        raise BadProof("unreadable")
    try:
        document = json.loads(data, object_pairs_hook=_once)
    except (ValueError, RecursionError):
        raise BadProof("unreadable") from None
    if not isinstance(document, dict):
        raise BadProof("unreadable")
    return document


def check_record(document: Document, *, key: str = "", status: Document | None = None) -> Checked:
    """Check a record without a network: with ``key`` where the reader knows the issuer's, else with the one
    that the file itself names. ``status`` is the issuer's list of what was taken back.

    Raises BadProof: ``no_record``, ``no_key``, ``other_key``, ``bad_status`` and those of ``check_proof``.
    """
    types = document.get("type")
    if not isinstance(types, list) or KIND not in types:
        raise BadProof("no_record")
    named = key_text_in(document)
    try:
        known = public_key(key or named)
    except NoKey:
        raise BadProof("no_key") from None
    if key and named and key != named:
        raise BadProof("other_key")
    check_proof(document, key=known)
    revoked = None
    if status is not None:
        check_proof(status, key=known)
        revoked = _is_revoked(document, status)
    return Checked(document, key or named, revoked)


def _is_revoked(document: Document, status: Document) -> bool:
    place = document.get("credentialStatus")
    if not isinstance(place, dict) or place.get("statusListCredential") != status.get("id"):
        raise BadProof("bad_status")
    try:
        return is_set(status, int(str(place.get("statusListIndex"))))
    except (ValueError, BadStatusList):
        raise BadProof("bad_status") from None


def _held(one: Held) -> dict[str, Any]:
    said: dict[str, Any] = {"name": one.name, "givenBy": one.given_by, "since": one.since.isoformat()}
    return said if one.value is None else {**said, "value": one.value}


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A name that stands twice could be read in two ways: one signed, one shown."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice")
    return found
