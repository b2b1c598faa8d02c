"""Any service or file that tells in JSON what a dollar is: for currencies that the central banks leave out.

The operator says where it is, and where in it each rate stands: ``BDT=rates.BDT`` reads ``{"rates": {"BDT":
121.57}}``; ``date=time_last_update`` where the day of publication stands, if it does.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation

from tukro.money.providers.rates.contract import SourceFault, as_rate, read
from tukro.money.rules.exchange import FoundRate


@dataclass(frozen=True, slots=True)
class JsonRates:
    address: str
    name: str
    places: Mapping[str, str] = field(default_factory=dict)  # a currency, or "date" → the way to it

    def fetch(self) -> list[FoundRate]:
        """The rates at their places. Raises SourceFault: one that is missing makes the rest suspicious."""
        try:
            document = json.loads(read(self.address), parse_float=Decimal, parse_int=Decimal)
        except ValueError:
            raise SourceFault("the document is no JSON") from None
        published = self._published(document)
        return [
            FoundRate(currency, as_rate(_number(document, way)), published)
            for currency, way in self.places.items()
            if currency != "date"
        ]

    def _published(self, document: object) -> date | None:
        if "date" not in self.places:
            return None
        try:
            return date.fromisoformat(str(_at(document, self.places["date"]))[:10])
        except ValueError:
            raise SourceFault(f"{self.places['date']} is no day") from None


def _number(document: object, way: str) -> Decimal:
    found = _at(document, way)
    try:
        return Decimal(str(found))
    except InvalidOperation:
        raise SourceFault(f"{way} is no number") from None


def _at(document: object, way: str) -> object:
    for step in way.split("."):
        if not isinstance(document, dict) or step not in document:
            raise SourceFault(f"{way} is not there")
        document = document[step]
    return document
