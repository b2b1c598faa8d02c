"""How the value of a fact is shown: each kind takes what the journal keeps and gives the reader's words.

The journal keeps plain data (JSON): money in smallest units, moments as ISO 8601, choices as codes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from tukro.kernel.money import BASIS_POINTS, Money
from tukro.web import formats
from tukro.web.words.places import country_name

NOTHING = "–"
Facts = Mapping[str, Any]
Words = Mapping[str, str | Promise]


@dataclass(frozen=True, slots=True)
class Kind:
    """``show`` takes the value and all facts of its event. ``is_code``: an id or somebody's own words."""

    show: Callable[[Any, Facts], str]
    is_code: bool = False


def _money(value: Any, facts: Facts) -> str:
    return formats.money(Money(int(value), str(facts.get("currency") or "USD")))


def _limit(value: Any, facts: Facts) -> str:
    return _("as for all kinds, or no limit") if value is None else _money(value, facts)


def _rate(value: Any, _facts: Facts) -> str:
    exponent = (rate := Decimal(str(value))).normalize().as_tuple().exponent
    return formats.number(rate, decimals=max(2, -exponent if isinstance(exponent, int) else 0))


def _rates(value: Any, facts: Facts) -> str:
    return ", ".join(f"{currency} {_rate(rate, facts)}" for currency, rate in value.items())


def _groups(value: Any, facts: Facts) -> str:
    return ", ".join(f"{one['title']} ({_money(one['reward'], facts)})" for one in value)


def _rewards(value: Any, facts: Facts) -> str:
    return ", ".join(_money(units, facts) for units in value) or NOTHING


def _lots(value: Any, _facts: Facts) -> str:
    return _("groups of fewer than %(tasks)s tasks, %(time)s") % {
        "tasks": formats.number(value["smaller_than"]),
        "time": formats.duration(value["seconds"]),
    }


MONEY = Kind(_money)
LIMIT = Kind(_limit)
REWARDS = Kind(_rewards)
GROUPS = Kind(_groups)
LOTS = Kind(_lots)
RATE = Kind(_rate)
RATES = Kind(_rates)
NUMBER = Kind(lambda value, _facts: formats.number(value))
YEAR = Kind(lambda value, _facts: formats.digits(str(value)))
SHARE = Kind(lambda value, _facts: formats.percent(Decimal(value) / BASIS_POINTS, decimals=2))
DURATION = Kind(lambda value, _facts: formats.duration(int(value)))
MOMENT = Kind(lambda value, _facts: formats.moment(datetime.fromisoformat(value)))
DAY = Kind(lambda value, _facts: formats.day(date.fromisoformat(value)))
YES_NO = Kind(lambda value, _facts: _("yes") if value else _("no"))
COUNTRY = Kind(lambda value, _facts: country_name(value))
TEXT = Kind(lambda value, _facts: str(value), is_code=True)
TEXTS = Kind(lambda value, _facts: ", ".join(map(str, value)), is_code=True)


def one_of(words: Words) -> Kind:
    """A code as one of these words; one that is not among them any more, as it was written."""
    return Kind(lambda value, _facts: str(words.get(value, value)))


def each_of(words: Words) -> Kind:
    """A list of such codes."""
    return Kind(lambda values, _facts: ", ".join(str(words.get(one, one)) for one in values) or NOTHING)


def count_or_ids() -> Kind:
    """How many there are, or which."""
    return Kind(
        lambda value, _facts: ", ".join(value) if isinstance(value, list) else formats.number(value),
        is_code=True,
    )


def changed(kind: Kind) -> Kind:
    """``[before, after]``, both shown so."""

    def show(value: Any, facts: Facts) -> str:
        before, after = (kind.show(one, facts) for one in value)
        return f"{before} → {after}"

    return Kind(show, is_code=kind.is_code)
