"""Everything held about a person, as one file that they take along."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import zipfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from itertools import islice
from math import inf
from pathlib import Path
from typing import IO

from django.conf import settings
from django.db import transaction
from django.db.models import Model, Q

from tukro.journal.actions import record
from tukro.journal.models import Event
from tukro.kernel.actors import HOUSE
from tukro.kernel.errors import Refused
from tukro.kernel.ids import new_id
from tukro.money.models import Payout, PayoutMethod
from tukro.money.queries import every_movement
from tukro.people.aliases import NO_KEY, alias, alias_of
from tukro.people.models import ProvedPhone, Requester, User, Worker
from tukro.privacy.models import FOLDER, DataExport
from tukro.privacy.queries import held_about, known_to
from tukro.privacy.rules import KEPT, SECRET_COLUMNS, plain
from tukro.vetting.models import TaxForm
from tukro.work.models import ProofFile

_EVERY = timedelta(hours=24)
# Longer than writing a file takes: a claim that lasts so long belongs to a job that died.
_CLAIM = timedelta(hours=1)
_PAGE = 500
_WORKER_ID = re.compile(r"\bA[A-Z0-9]{13}\b")
_READ_ME = """Everything that this site holds about you. এই সাইটে আপনার সম্পর্কে যা যা আছে, সব।

data/       one JSON file for each kind of data; amounts are in US dollars, moments in UTC
statement/  every movement of your money, as CSV
history/    what you did here, from the journal
files/      files that you handed in

Left out are keys and passwords, and what other people noted for themselves.
কী, পাসওয়ার্ড আর অন্যের নিজের জন্য লেখা টীকা এতে নেই।
"""


class ExportTooSoon(Refused):
    """A file was asked for within the last day. ``again_at``"""


@transaction.atomic
def ask_for_export(*, user: User, now: datetime) -> DataExport:
    """Have the file made; the person is told when it is ready. While one is being made, asking again is the
    same. Writes DataExportAsked. Refuses ExportTooSoon."""
    User.objects.select_for_update(no_key=True).only("pk").get(pk=user.pk)
    latest = DataExport.objects.filter(user=user).order_by("-pk").first()
    if latest is not None and latest.made_at is None:
        return latest
    if latest is not None and latest.asked_at > now - _EVERY:
        raise ExportTooSoon(again_at=latest.asked_at + _EVERY)
    asked = DataExport.objects.create(public_id=new_id(), user=user, asked_at=now)
    record(name="DataExportAsked", actor=user.actor, subject=str(user.actor), at=now)
    return asked


def make_export(*, export_id: int, now: datetime) -> bool:
    """Write the file and say that it is ready. Writes DataExportReady. False: somebody else makes it, or the
    account was closed meanwhile.

    It is written between two short transactions: whoever follows the journal waits for those that are open.
    One that fails comes again when its claim is over.
    """
    export = _claimed(export_id, now)
    if export is None:
        return False
    target = settings.FILES_ROOT / export.file
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        _write(export.user, draft)
        return _kept(export, draft, now)
    finally:
        draft.unlink(missing_ok=True)


def delete_export(export: DataExport) -> None:
    """Delete the file; that it was asked for stays known."""
    (settings.FILES_ROOT / export.file).unlink(missing_ok=True)
    DataExport.objects.filter(pk=export.pk).update(path="")


def forget_exports(user: User) -> None:
    """The account was closed: its files go when that is sure. One that is being written is not kept."""
    for export in DataExport.objects.select_for_update().filter(user=user):
        transaction.on_commit(partial((settings.FILES_ROOT / export.file).unlink, missing_ok=True))
    DataExport.objects.filter(user=user).delete()


def delete_strays(*, now: datetime) -> int:
    """Delete what a killed process left among the files: drafts, and files that no row knows. How many."""
    files = list((settings.FILES_ROOT / FOLDER).glob("*"))
    known = set(DataExport.objects.exclude(path="").values_list("path", flat=True))
    old = (now - _CLAIM).timestamp()  # younger ones may be written at this moment
    strays = [file for file in files if f"{FOLDER}/{file.name}" not in known and _changed_at(file) < old]
    for stray in strays:
        stray.unlink(missing_ok=True)
    return len(strays)


def _changed_at(file: Path) -> float:
    try:
        return file.stat().st_mtime
    except FileNotFoundError:
        return inf  # it went since the folder was read


@transaction.atomic
def _claimed(export_id: int, now: datetime) -> DataExport | None:
    export = (
        DataExport.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("user")
        .filter(Q(claimed_until=None) | Q(claimed_until__lte=now), pk=export_id, made_at=None)
        .first()
    )
    if export is not None:
        export.claimed_until = now + _CLAIM
        export.save(update_fields=["claimed_until"])
    return export


@transaction.atomic
def _kept(export: DataExport, draft: Path, now: datetime) -> bool:
    """The draft becomes the file, unless the account was closed or the claim is another's by now."""
    mine = DataExport.objects.select_for_update().filter(
        pk=export.pk, made_at=None, claimed_until=export.claimed_until
    )
    if not mine.exists():
        return False
    size = draft.stat().st_size
    draft.replace(settings.FILES_ROOT / export.file)
    mine.update(path=export.file, size=size, made_at=now, expires_at=now + KEPT)
    facts = {"user": export.user_id, "until": (now + KEPT).isoformat()}
    record(name="DataExportReady", actor=HOUSE, subject=export.public_id, at=now, facts=facts)
    return True


def _write(user: User, draft: Path) -> None:
    with zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("README.txt", _READ_ME)
        requester, worker = _sides(user)
        for held in held_about(user):
            with archive.open(f"data/{held.name}.json", "w") as file:
                _write_rows(file, (_row(one, requester, but=worker) for one in held.rows.iterator(_PAGE)))
        if worker is not None:
            with archive.open("data/known_to.json", "w") as file:
                _write_rows(file, _known_to(worker))
        for owner in _public_ids(user):
            archive.writestr(f"statement/{owner}.csv", _statement(owner))
        with archive.open("history/journal.json", "w") as file:
            _write_rows(file, _events(user, requester))
        for proof in ProofFile.objects.filter(assignment__worker__user=user).order_by("pk").iterator(_PAGE):
            stored = settings.FILES_ROOT / proof.path
            if stored.is_file():
                name = f"files/{proof.public_id}-{Path(proof.name).name}"
                archive.write(stored, name, compress_type=_packing(proof.media_type))
    draft.chmod(0o600)


def _packing(media_type: str) -> int:
    """Pictures, sound and archives are packed already: to pack them again takes minutes and saves nothing."""
    is_packed = media_type.startswith(("image/", "audio/", "video/")) or media_type.endswith("zip")
    return zipfile.ZIP_STORED if is_packed else zipfile.ZIP_DEFLATED


def _write_rows(file: IO[bytes], rows: Iterator[dict[str, object]]) -> None:
    """A JSON list, row by row: a long history never lies in memory as a whole."""
    write = file.write
    write(b"[")
    for no, row in enumerate(rows):
        write((",\n" if no else "\n").encode() + json.dumps(row, ensure_ascii=False).encode())
    write(b"\n]\n")


def _sides(user: User) -> tuple[Requester | None, Worker | None]:
    """What the person is."""
    return Requester.objects.filter(user=user).first(), Worker.objects.filter(user=user).first()


def _row(one: Model, requester: Requester | None, *, but: Worker | None) -> dict[str, object]:
    columns = [field for field in one._meta.concrete_fields if field.attname not in SECRET_COLUMNS]
    row = {field.attname: plain(getattr(one, field.attname)) for field in columns}
    if requester is not None and requester.alias_key != NO_KEY:
        # A worker's number would be the same in the files of two requesters.
        own = (None, but and but.pk)
        for name in (field.attname for field in columns if field.related_model is Worker):
            if row[name] not in own:
                row[name] = alias_of(requester, worker_pk=getattr(one, name), public_id="")
    if isinstance(one, PayoutMethod | Payout | TaxForm):
        row["details"] = plain(one.details)
    if isinstance(one, ProvedPhone):
        row["number"] = one.number
    return row


def _known_to(worker: Worker) -> Iterator[dict[str, object]]:
    """The id by which each requester knows the worker."""
    after = ""
    while found := known_to(worker, after=after, limit=_PAGE):
        for one in found:
            yield {"requester": one.requester.public_id, "name": one.requester.name, "known_as": one.known_as}
        after = found[-1].requester.public_id


def _statement(owner: str) -> str:
    text = io.StringIO()
    sheet = csv.writer(text)
    sheet.writerow(["at", "kind", "about", "amount", "available_then"])
    for row in every_movement(owner):
        sheet.writerow([row.at.isoformat(), row.kind, row.subject, str(row.amount), str(row.balance_after)])
    return text.getvalue()


def _events(user: User, requester: Requester | None) -> Iterator[dict[str, object]]:
    ids = _public_ids(user)
    actors = [str(user.actor), *(f"worker:{one}" for one in ids), *(f"requester:{one}" for one in ids)]
    events = Event.objects.filter(Q(actor__in=actors) | Q(subject__in=[str(user.actor), *ids])).order_by("id")
    rows = events.iterator(_PAGE)
    while page := list(islice(rows, _PAGE)):
        told: list[dict[str, object]] = [
            {"at": plain(one.at), "name": one.name, "subject": one.subject, "facts": plain(one.facts)}
            for one in page
        ]
        yield from told if requester is None else _in_own_ids(told, requester, but=user)


def _in_own_ids(
    told: list[dict[str, object]], requester: Requester, *, but: User
) -> Iterator[dict[str, object]]:
    """The same with every other worker under the id by which this requester knows them."""
    text = json.dumps(told, ensure_ascii=False)
    named = set(_WORKER_ID.findall(text))
    workers = Worker.objects.filter(public_id__in=named).exclude(user=but) if named else ()
    known = {one.public_id: alias(one, requester) for one in workers}
    yield from json.loads(_WORKER_ID.sub(lambda one: known.get(one[0], one[0]), text))


def _public_ids(user: User) -> list[str]:
    workers = Worker.objects.filter(user=user).values_list("public_id", flat=True)
    return [*workers, *Requester.objects.filter(user=user).values_list("public_id", flat=True)]
