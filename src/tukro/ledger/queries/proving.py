"""The proof for one account: each of its entries with its way to the root of a day that the house signed."""

from __future__ import annotations

from tukro.ledger.models import Account, Day, Entry, Seal
from tukro.ledger.rules.files import Document, ProvedEntry, ProvedSeal, SignedDay, write_proof
from tukro.ledger.rules.seals import SealedEntry, microseconds
from tukro.ledger.rules.tree import path_of, split


def account_proof(account: Account) -> Document:
    """Every entry of the account that a signed day covers. Before the first day it has none."""
    last = Day.objects.order_by("-day").first()
    entries = list(Entry.objects.filter(account=account).select_related("transfer").order_by("transfer_id"))
    signed_to = Seal.objects.get(pk=last.last_seal).to_transfer if last else 0
    signed = [entry for entry in entries if entry.transfer_id <= signed_to]
    proved: list[ProvedEntry] = []
    seals: list[ProvedSeal] = []
    days: dict[object, SignedDay] = {}
    for seal, mine in _by_seal(signed):
        leaves = split(bytes(seal.leaves))
        places = _places(seal, account)
        proved += [
            ProvedEntry(
                entry=_readable(entry, account),
                seal=seal.id,
                place=places[entry.transfer_id],
                path=path_of(leaves, places[entry.transfer_id]),
            )
            for entry in mine
        ]
        day = Day.objects.get(first_seal__lte=seal.id, last_seal__gte=seal.id)
        days[day.day] = SignedDay(day.head, bytes(day.signature))
        seals.append(ProvedSeal(seal.head, day.day, _path_to_day(seal, day)))
    return write_proof(
        account={
            "account": account.id,
            "code": account.code,
            "owner": account.owner,
            "ref": account.ref,
            "currency": account.currency,
        },
        entries=proved,
        seals=seals,
        days=list(days.values()),
        key=last.key if last else "",
        unsigned=len(entries) - len(signed),
    )


def _by_seal(entries: list[Entry]) -> list[tuple[Seal, list[Entry]]]:
    """The entries by the seal that covers them, in order."""
    found: list[tuple[Seal, list[Entry]]] = []
    for entry in entries:
        if not found or entry.transfer_id > found[-1][0].to_transfer:
            seal = Seal.objects.filter(to_transfer__gte=entry.transfer_id).order_by("to_transfer")[0]
            found.append((seal, []))
        found[-1][1].append(entry)
    return found


def _places(seal: Seal, account: Account) -> dict[int, int]:
    """Where the account's entries stand in the seal's tree, by transfer."""
    after = Seal.objects.filter(id=seal.id - 1).values_list("to_transfer", flat=True).first() or 0
    sealed = Entry.objects.filter(transfer_id__gt=after, transfer_id__lte=seal.to_transfer)
    rows = sealed.order_by("transfer_id", "account_id").values_list("transfer_id", "account_id")
    return {transfer: n for n, (transfer, owner) in enumerate(rows) if owner == account.id}


def _path_to_day(seal: Seal, day: Day) -> list[bytes]:
    in_day = Seal.objects.filter(id__gte=day.first_seal, id__lte=day.last_seal).order_by("id")
    hashes = [bytes(one) for one in in_day.values_list("hash", flat=True)]
    return path_of(hashes, seal.id - day.first_seal)


def _readable(entry: Entry, account: Account) -> SealedEntry:
    transfer = entry.transfer
    return SealedEntry(
        transfer=transfer.id,
        posted_at=microseconds(transfer.posted_at),
        kind=transfer.kind,
        account=account.id,
        code=account.code,
        owner=account.owner,
        ref=account.ref,
        currency=account.currency,
        amount=entry.amount,
        key=transfer.key,
        subject=transfer.subject,
    )
