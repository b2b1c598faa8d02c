"""A proof for one account holds by itself, and no longer when a single word of it is another."""

from __future__ import annotations

import copy
import json
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.ledger.vault import NOW, move, outside, purse
from tukro.kernel.errors import NotFound
from tukro.kernel.signing import public_text
from tukro.ledger.actions.sealing import seal_settled, sign_days
from tukro.ledger.models import Account
from tukro.ledger.queries.accounts import SeveralAccounts, find_account, name_of
from tukro.ledger.queries.proving import account_proof
from tukro.ledger.rules.files import BadProof, check_proof

pytestmark = pytest.mark.django_db
KEY = Ed25519PrivateKey.generate()
DAY = timedelta(days=1)


@pytest.fixture
def document() -> dict[str, Any]:
    """Karim got 100 and spent 30, 20 and 10 on two days, among others' movements; 5 are not signed yet."""
    karim, house = purse("karim", funds=100), outside()
    for day, amounts in enumerate([(30, 20), (10,)]):
        for amount in amounts:
            move(house, purse("rahima"), 7, key=f"rahima:{day}:{amount}")
            move(karim, house, amount, key=f"karim:{amount}", subject="কাজ\n1")
        seal_settled(now=NOW + day * DAY, most=2)
    sign_days(key=KEY, now=NOW + 2 * DAY)
    move(karim, house, 5, key="karim:5")
    seal_settled(now=NOW + 2 * DAY)
    written: dict[str, Any] = json.loads(json.dumps(account_proof(Account.objects.get(pk=karim))))
    return written


def test_a_proof_says_what_the_account_is_made_of(document: dict[str, Any]) -> None:
    proved = check_proof(document, key=KEY.public_key())
    assert (proved.entries, proved.debits, proved.credits, proved.unsigned) == (4, 60, 100, 1)
    assert proved.days == [(NOW + n * DAY).date() for n in range(2)]
    assert (proved.account["owner"], document["key"]) == ("karim", public_text(KEY.public_key()))
    assert "rahima" not in json.dumps(document)


@pytest.mark.parametrize(
    ("at", "value", "reason"),
    [
        (["entries", 1, "amount"], 31, "entry_not_in_seal"),
        (["entries", 0, "subject"], "another", "entry_not_in_seal"),
        (["entries", 2, "place"], 1, "entry_not_in_seal"),
        (["entries", 0, "path"], [], "entry_not_in_seal"),
        (["entries", 0, "seal"], 77, "entry_not_in_seal"),
        (["account", "owner"], "rahima", "entry_not_in_seal"),
        (["seals", 0, "entries"], 5, "seal_not_in_day"),
        (["seals", 1, "root"], "00" * 32, "seal_not_in_day"),
        (["seals", 1, "day"], "2026-11-09", "seal_not_in_day"),
        (["days", 0, "last_seal"], 9, "day_not_signed"),
        (["days", 1, "signature"], "00" * 64, "day_not_signed"),
        (["days", 1, "root"], "xyz", "unreadable"),
        (["format"], "another", "no_proof"),
    ],
)
def test_a_proof_in_which_anything_was_changed_is_none(
    document: dict[str, Any], at: list[Any], value: object, reason: str
) -> None:
    place: Any = document
    for step in at[:-1]:
        place = place[step]
    assert place[at[-1]] != value
    place[at[-1]] = value
    with pytest.raises(BadProof) as refused:
        check_proof(document, key=KEY.public_key())
    assert refused.value.reason == reason


def test_a_proof_is_of_this_house_and_counts_no_entry_twice(document: dict[str, Any]) -> None:
    with pytest.raises(BadProof, match="day_not_signed"):
        check_proof(document, key=Ed25519PrivateKey.generate().public_key())
    document["entries"].append(copy.deepcopy(document["entries"][0]))
    with pytest.raises(BadProof, match="twice"):
        check_proof(document, key=KEY.public_key())


def test_an_account_without_signed_entries_proves_none() -> None:
    document = account_proof(Account.objects.get(pk=purse("karim", funds=100)))
    proved = check_proof(document, key=KEY.public_key())
    assert (proved.entries, proved.unsigned) == (0, 1)


def test_an_account_is_found_by_number_and_by_name() -> None:
    karim = purse("karim", funds=1)
    assert find_account("purse:karim").pk == find_account(str(karim)).pk == karim
    assert name_of(find_account("purse:karim")) == "purse:karim"
    assert find_account("outside").code == "outside"
    with pytest.raises(NotFound):
        find_account("purse:nobody")
    purse("karim", currency="BDT")
    with pytest.raises(SeveralAccounts):
        find_account("purse:karim")
    assert find_account("purse:karim", currency="BDT").currency == "BDT"
