"""Reading lists in, comparing names with them, the operator's measure. Holding payouts is money's part."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import product

from django.db import transaction

from tukro.journal.actions import record
from tukro.kernel.actors import Actor
from tukro.kernel.errors import NotFound, Refused
from tukro.kernel.ids import new_id
from tukro.people.models import Requester, Worker
from tukro.vetting.models import (
    RequesterScreening,
    SanctionsHit,
    SanctionsList,
    SanctionsName,
    SanctionsPolicy,
    Screening,
)
from tukro.vetting.queries.sanctions import current_lists, sanctions_policy, whose
from tukro.vetting.rules.lists import Listed, looks_like_ofac, read_ofac, read_plain
from tukro.vetting.rules.names import births_agree, likeness, name_keys
from tukro.vetting.rules.xml_lists import looks_like_xml, read_xml

_STEP = 2_000


class SourceMissing(Refused):
    """A list has a name: newer files of the same name replace it."""


class BadLikeness(Refused):
    """Not a percentage from 50 to 100. Facts: ``likeness``."""


@transaction.atomic
def import_list(
    *,
    by: Actor,
    source: str,
    people: bytes,
    aliases: bytes = b"",
    addresses: bytes = b"",
    now: datetime,
) -> SanctionsList:
    """Read a file of any kind that we know, and take it. Refuses SourceMissing.

    Raises BadList of rules.lists for another: nothing is changed then.
    """
    read = read_list(by=by, source=source, people=people, aliases=aliases, addresses=addresses, now=now)
    return take_list(by=by, list_id=read.public_id, now=now)


def read_list(
    *,
    by: Actor,
    source: str,
    people: bytes,
    aliases: bytes = b"",
    addresses: bytes = b"",
    now: datetime,
) -> SanctionsList:
    """The same without taking it yet."""
    found = _read(people, aliases, addresses)
    digest = hashlib.sha256(b"\n".join((people, aliases, addresses))).hexdigest()
    return keep_list(by=by, source=source, people=found, file_digest=digest, now=now)


@transaction.atomic
def keep_list(
    *, by: Actor, source: str, people: Sequence[Listed], file_digest: str, now: datetime
) -> SanctionsList:
    """Keep what a file says. Nobody is compared with it before it is taken. The same file again is the same.

    Refuses SourceMissing.
    """
    named = " ".join(source.split())[:40]
    if not named:
        raise SourceMissing
    same = SanctionsList.objects.filter(source=named, file_digest=file_digest, replaced_at=None)
    if earlier := same.select_for_update().order_by("pk").first():
        return earlier
    made = SanctionsList.objects.create(
        public_id=new_id(),
        source=named,
        file_digest=file_digest,
        people=len(people),
        imported_at=now,
        imported_by=str(by),
    )
    SanctionsName.objects.bulk_create(
        (
            SanctionsName(
                of=made,
                ref=one.ref[:40],
                firm=one.firm,
                name=name[:350],
                keys=[key[:40] for key in keys],
                birth_years=list(one.birth_years),
                countries=[country[:100] for country in one.countries],
                about=one.about,
            )
            for one in people
            for name in dict.fromkeys(one.names)
            if (keys := name_keys(name, firm=one.firm))
        ),
        batch_size=_STEP,
    )
    return made


@transaction.atomic
def take_list(*, by: Actor, list_id: str, now: datetime) -> SanctionsList:
    """Put a list that was read in the place of the one of its source; everybody is compared anew after that.

    Twice is once. Writes SanctionsListImported. Refuses NotFound (it waited too long: it is read again).
    """
    found = SanctionsList.objects.filter(public_id=list_id).first()
    if found is None:
        raise NotFound(list=list_id)
    of_source = SanctionsList.objects.select_for_update().filter(source=found.source).order_by("pk")
    taken = {one.pk: one for one in of_source}[found.pk]
    if taken.taken_at is not None:
        return taken
    for earlier in of_source:
        if earlier.taken_at is not None and earlier.replaced_at is None:
            earlier.replaced_at = now
            earlier.save(update_fields=["replaced_at"])
            SanctionsName.objects.filter(of=earlier).delete()
    taken.taken_at, taken.taken_by = now, str(by)
    taken.save(update_fields=["taken_at", "taken_by"])
    facts = {"source": taken.source, "people": taken.people, "digest": taken.file_digest}
    record(name="SanctionsListImported", actor=by, subject=taken.public_id, at=now, facts=facts)
    return taken


def drop_untaken_lists(*, before: datetime) -> int:
    """Delete lists that were read before ``before`` and never taken. Returns how many."""
    late = SanctionsList.objects.filter(taken_at=None, imported_at__lt=before)
    return late.delete()[1].get(SanctionsList._meta.label, 0)


def compare(
    person: Worker | Requester, names: Iterable[str], *, born: int | None, now: datetime
) -> list[SanctionsHit]:
    """Compare a person's names with every current list, a requester's with firms too; the hits that are new.

    Inside the transaction of the caller, who has locked the person's row.
    """
    least, found = sanctions_policy().likeness, []
    kinds = (False, True) if isinstance(person, Requester) else (False,)
    for name, firm in product(dict.fromkeys(names), kinds):
        keys = name_keys(name, firm=firm)
        if not keys:
            continue
        candidates = SanctionsName.objects.filter(keys__overlap=keys, firm=firm, of__in=current_lists())
        for one in candidates.select_related("of").iterator(_STEP):
            alike = likeness(name, one.name, firm=firm)
            if alike < least or not births_agree(born, one.birth_years):
                continue
            hit, is_new = SanctionsHit.objects.get_or_create(
                **whose(person),
                source=one.of.source,
                ref=one.ref,
                digest=_digest(name, one),
                defaults={
                    "public_id": new_id(),
                    "listed": one.name,
                    "birth_years": one.birth_years,
                    "countries": one.countries,
                    "about": one.about,
                    "likeness": alike,
                    "found_at": now,
                },
            )
            if is_new:
                found.append(hit)
    if isinstance(person, Requester):
        RequesterScreening.objects.update_or_create(requester=person, defaults={"at": now})
    else:
        Screening.objects.update_or_create(worker=person, defaults={"at": now})
    return found


@transaction.atomic
def change_likeness(*, by: Actor, likeness: int, now: datetime) -> None:
    """How like names must be; everybody is compared anew. Writes SanctionsPolicyChanged.

    Refuses BadLikeness.
    """
    if not 50 <= likeness <= 100:
        raise BadLikeness(likeness=likeness)
    SanctionsPolicy.objects.update_or_create(id=1, defaults={"likeness": likeness})
    Screening.objects.all().delete()
    RequesterScreening.objects.all().delete()
    record(
        name="SanctionsPolicyChanged",
        actor=by,
        subject="sanctions_policy",
        at=now,
        facts={"likeness": likeness},
    )


def _read(people: bytes, aliases: bytes, addresses: bytes) -> list[Listed]:
    if looks_like_xml(people):
        return read_xml(people)
    texts = [_text(part) for part in (people, aliases, addresses)]
    return read_ofac(*texts) if looks_like_ofac(texts[0]) else read_plain(texts[0])


def _digest(name: str, one: SanctionsName) -> str:
    said = [" ".join(name_keys(name)), one.name, str(sorted(one.birth_years))]
    return hashlib.sha256("\n".join(said).encode()).hexdigest()


def _text(content: bytes) -> str:
    """OFAC writes in Latin-1, most others in UTF-8."""
    try:
        return content.decode()
    except UnicodeDecodeError:
        return content.decode("latin-1")
