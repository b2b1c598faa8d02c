"""The books as text that independent tools read: hledger and Beancount.

Every transfer of the period, balances brought forward before it, and after it the balance of every account as
an assertion, so that the tool itself compares what it added up with what we say.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from typing import Literal

from tukro.kernel.money import SCALES, Money
from tukro.ledger.queries.moments import snapshot, stream
from tukro.money.rules.chart import CHART

Format = Literal["hledger", "beancount"]

_ACCOUNT = "a.id, a.code, a.owner, a.ref, a.currency"
_OPEN = f"select {_ACCOUNT} from ledger_account a order by a.id"
_NAMES = f"""
    select distinct on (a.code, a.owner, a.ref) {_ACCOUNT} from ledger_account a
    order by a.code, a.owner, a.ref, a.id
"""
_SUMS = f"""
    select {_ACCOUNT}, coalesce(sum(e.amount), 0)::bigint from ledger_account a
    left join (
        ledger_entry e join ledger_transfer t on t.id = e.transfer_id and t.posted_at < %s
    ) on e.account_id = a.id
    group by a.id order by a.id
"""
_TRANSFERS = f"""
    select t.id, t.posted_at, t.kind, t.subject, {_ACCOUNT}, e.amount from ledger_transfer t
    join ledger_entry e on e.transfer_id = t.id
    join ledger_account a on a.id = e.account_id
    where t.posted_at >= %s and t.posted_at < %s order by t.id, e.account_id
"""
_HEAD = "; The books of Tukro: debits are positive, credits negative."
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Named:
    """An account as a row of the queries tells it."""

    id: int
    code: str
    owner: str
    ref: str
    currency: str


@dataclass(frozen=True, slots=True)
class Writer:
    """How one tool wants it written."""

    head: str
    accounts: str  # those that it wants to hear of before the first transaction
    opening: Callable[[Named], str]
    title: Callable[[date, str, str, int], str]  # kind, subject, number
    name: Callable[[Named], str]
    closing: Callable[[Named, str, date], str]  # the balance as an assertion at the end of a day


def export_lines(form: Format, *, since: datetime | None = None, until: datetime) -> Iterator[str]:
    """The books from ``since`` (included) to ``until`` (not included), line by line; memory stays flat."""
    write = _WRITERS[form]
    last = (until - timedelta(microseconds=1)).astimezone(UTC).date()
    with snapshot():
        yield write.head
        for row in stream(write.accounts, []):
            yield write.opening(Named(*row))
        if since:
            yield from _brought_forward(write, since)
        for _, rows in groupby(stream(_TRANSFERS, [since or _LONG_AGO, until]), key=lambda row: row[0]):
            yield from _transaction(write, list(rows))
        yield ""
        for *account, amount in stream(_SUMS, [until]):
            named = Named(*account)
            yield write.closing(named, _amount(amount, named.currency), last)


def _brought_forward(write: Writer, since: datetime) -> Iterator[str]:
    sums = stream(_SUMS, [since])
    lines = [(Named(*account), amount) for *account, amount in sums if amount]
    if lines:
        day = since.astimezone(UTC).date()
        yield ""
        yield write.title(day, "brought forward", "", 0)
        for named, amount in lines:
            yield f"    {write.name(named)}  {_amount(amount, named.currency)}"


def _transaction(write: Writer, rows: list[tuple[object, ...]]) -> Iterator[str]:
    number, at, kind, subject = rows[0][:4]
    assert isinstance(at, datetime)
    assert isinstance(number, int)
    yield ""
    yield write.title(at.astimezone(UTC).date(), str(kind), str(subject), number)
    for row in rows:
        named, amount = Named(*row[4:9]), row[9]  # type: ignore[arg-type]  # the columns as the statement names them
        assert isinstance(amount, int)
        yield f"    {write.name(named)}  {_amount(amount, named.currency)}"


def _amount(units: int, currency: str) -> str:
    return f"{Money(units, currency).amount:f} {currency}"


# --- hledger -------------------------------------------------------------------------------------


def _hledger_name(account: Named) -> str:
    parts = [CHART[account.code], account.code, account.owner, account.ref]
    return ":".join(re.sub(r"[\s;:()\[\]]+", "-", part) for part in parts if part)


def _hledger_title(day: date, kind: str, subject: str, number: int) -> str:
    return f"{day} ({number}) {_one_line(kind)} | {_one_line(subject)}".rstrip(" |")


def _hledger_closing(account: Named, amount: str, day: date) -> str:
    zero = _amount(0, account.currency)
    return f"{day} balance\n    {_hledger_name(account)}  {zero} = {amount}\n"


def _one_line(text: str) -> str:
    return re.sub(r"[\s;|]+", " ", text).strip()


# --- Beancount -----------------------------------------------------------------------------------


def _beancount_name(account: Named) -> str:
    """Beancount allows letters, digits and dashes; the account's number makes good what a ref loses."""
    parts = [CHART[account.code].title(), account.code.title().replace("_", "")]
    if account.owner:
        parts.append(_component(account.owner))
    if account.ref:
        parts.append(f"{_component(account.ref)}-{account.id}")
    if account.currency != "USD":  # an account of theirs is opened once
        parts.append(account.currency)
    return ":".join(parts)


def _component(text: str) -> str:
    plain = re.sub(r"[^A-Za-z0-9-]", "-", text)
    return plain if re.match(r"[A-Z0-9]", plain) else f"X{plain}"


def _beancount_opening(account: Named) -> str:
    return f"{_LONG_AGO.date()} open {_beancount_name(account)} {account.currency}"


def _beancount_title(day: date, kind: str, subject: str, number: int) -> str:
    quoted = _one_line(subject).replace("\\", "\\\\").replace('"', '\\"')
    return f'{day} * "{kind}" "{quoted}"\n    transfer: "{number}"'


def _beancount_closing(account: Named, amount: str, day: date) -> str:
    """Beancount looks at the morning of a day, and would forgive one smallest unit if it were not told."""
    number, currency = amount.split()
    return f"{day + timedelta(days=1)} balance {_beancount_name(account)}  {number} ~ 0 {currency}"


_WRITERS: Mapping[Format, Writer] = {
    "hledger": Writer(
        head="\n".join([_HEAD, *(f"commodity {_amount(0, currency)}" for currency in SCALES)]),
        accounts=_NAMES,  # with all currencies an account has one name there
        opening=lambda account: f"account {_hledger_name(account)}",
        title=_hledger_title,
        name=_hledger_name,
        closing=_hledger_closing,
    ),
    "beancount": Writer(
        head=_HEAD,
        accounts=_OPEN,
        opening=_beancount_opening,
        title=_beancount_title,
        name=_beancount_name,
        closing=_beancount_closing,
    ),
}
