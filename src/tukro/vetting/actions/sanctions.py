"""Reading lists in, comparing names with them, the operator's measure. Holding payouts is money's part."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import product

from django.db import transaction

from tukro.journal.actions import record
from tukro.kernel.actors import Actor
from tukro.kernel.errors import Refused
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
from tukro.vetting.queries.sanctions import sanctions_policy, whose
from tukro.vetting.rules.lists import Listed, looks_like_ofac, read_ofac, read_plain
from tukro.vetting.rules.names import births_agree, likeness, name_keys
from tukro.vetting.rules.xml_lists import looks_like_xml, read_xml

_STEP = 2_000


class SourceMissing(Refused):
    """A list has a name: newer files of the same name replace it."""


class BadLikeness(Refused):
    """Not a percentage from 50 to 100. Facts: ``likeness``."""


def import_list(
    *,
    by: Actor,
    source: str,
    people: bytes,
    aliases: bytes = b"",
    addresses: bytes = b"",
    now: datetime,
) -> SanctionsList:
    """Read a file of any kind that we know and keep it. Refuses SourceMissing.

    Raises BadList of rules.lists for another: nothing is changed then.
    """
    found = _read(people, aliases, addresses)
    digest = hashlib.sha256(b"\n".join((people, aliases, addresses))).hexdigest()
    return keep_list(by=by, source=source, people=found, file_digest=digest, now=now)


@transaction.atomic
def keep_list(
    *, by: Actor, source: str, people: Sequence[Listed], file_digest: str, now: datetime
) -> SanctionsList:
    """Put a file in the place of the earlier one of the same source; everybody is compared anew after that.

    The same file again changes nothing. Writes SanctionsListImported. Refuses SourceMissing.
    """
    named = " ".join(source.split())[:40]
    if not named:
        raise SourceMissing
    earlier = SanctionsList.objects.select_for_update().filter(source=named, replaced_at=None).first()
    if earlier is not None:
        if earlier.file_digest == file_digest:
            return earlier
        earlier.replaced_at = now
        earlier.save(update_fields=["replaced_at"])
        SanctionsName.objects.filter(of=earlier).delete()
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
    facts = {"source": named, "people": len(people), "digest": file_digest}
    record(name="SanctionsListImported", actor=by, subject=made.public_id, at=now, facts=facts)
    return made


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
        candidates = SanctionsName.objects.filter(keys__overlap=keys, firm=firm, of__replaced_at=None)
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
