"""Accounts by the names that people write: ``worker_available:OWNER``, ``hold:OWNER:REF``, or the number."""

from __future__ import annotations

from tukro.kernel.errors import NotFound, Refused
from tukro.ledger.models import Account


class SeveralAccounts(Refused):
    """The name fits accounts in several currencies. Facts: ``currencies``."""


def find_account(name: str, *, currency: str = "") -> Account:
    """The account that is meant. Raises NotFound; refuses SeveralAccounts when ``currency`` is needed."""
    if name.isascii() and name.isdigit() and len(name) < 19:
        found = Account.objects.filter(pk=int(name))
    else:
        code, owner, ref = [*name.split(":", 2), "", ""][:3]
        found = Account.objects.filter(code=code, owner=owner, ref=ref)
    if currency:
        found = found.filter(currency=currency)
    accounts = list(found.order_by("currency")[:10])
    if not accounts:
        raise NotFound(account=name)
    if len(accounts) > 1:
        raise SeveralAccounts(currencies=", ".join(account.currency for account in accounts))
    return accounts[0]


def name_of(account: Account) -> str:
    """As ``find_account`` reads it: ``code``, ``code:owner``, ``code:owner:ref``."""
    return ":".join([account.code, account.owner, account.ref]).rstrip(":")
