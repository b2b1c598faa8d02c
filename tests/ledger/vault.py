"""A small vault for tests: open accounts by name, post by name."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.db import connection

from tukro.ledger.actions import Line, open_account, post
from tukro.ledger.models import Account

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


def outside(*, currency: str = "USD") -> int:
    """Where money comes from: not kept, not locked, no floor."""
    return open_account(code="outside", owner="", ref="", currency=currency, normal="D", floor=None, at=NOW)


def purse(owner: str, *, currency: str = "USD", funds: int = 0) -> int:
    """A person's account, which cannot go below zero."""
    account = open_account(code="purse", owner=owner, ref="", currency=currency, normal="C", floor=0, at=NOW)
    if funds:
        move(outside(currency=currency), account, funds, key=f"funds:{owner}:{currency}")
    return account


def move(source: int, target: int, amount: int, *, key: str, kind: str = "move", subject: str = "") -> int:
    return post(
        kind=kind, key=key, lines=[Line(source, amount), Line(target, -amount)], subject=subject, at=NOW
    )


def balance(account: int) -> int:
    return Account.objects.get(id=account).balance


def execute(sql: str, *params: Any) -> None:
    """Raw SQL, as broken code or a careless hand would send it."""
    with connection.cursor() as cursor:
        cursor.execute(sql, list(params))
