"""The reference rates of the European Central Bank: euro against some thirty currencies, on working days.

The document: https://www.ecb.europa.eu/stats/eurofxref/eurofxref-daily.xml. A ``Cube`` with a ``time`` holds
one ``Cube currency="USD" rate="1.0935"`` for each currency: what one euro is in it. The taka has none.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from lxml import etree

from tukro.money.providers.rates.contract import SourceFault, as_rate, read
from tukro.money.rules import EXCHANGED
from tukro.money.rules.exchange import FoundRate


@dataclass(frozen=True, slots=True)
class EuropeanCentralBank:
    address: str
    name: str = "European Central Bank"

    def fetch(self) -> list[FoundRate]:
        """A dollar in euros, and in every other currency of ours that the bank knows. Raises SourceFault."""
        euro, published = _cubes(read(self.address))
        if "USD" not in euro:
            raise SourceFault("the document has no rate of the dollar")
        euro = euro | {"EUR": Decimal(1)}
        return [
            FoundRate(currency, as_rate(euro[currency] / euro["USD"]), published)
            for currency in EXCHANGED
            if currency in euro
        ]


def _cubes(document: bytes) -> tuple[dict[str, Decimal], date]:
    """What one euro is in each currency, and on which day. Raises SourceFault."""
    # Somebody else's document: nothing of it is resolved, loaded or blown up.
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        cubes = list(etree.fromstring(document, parser).iter("{*}Cube"))
        published = next(date.fromisoformat(cube.attrib["time"]) for cube in cubes if "time" in cube.attrib)
        rates = {
            cube.attrib["currency"]: Decimal(cube.attrib["rate"])
            for cube in cubes
            if "currency" in cube.attrib
        }
    except (etree.XMLSyntaxError, ValueError, KeyError, InvalidOperation, StopIteration):
        raise SourceFault("the document is not one of reference rates") from None
    if not all(rate.is_finite() and rate > 0 for rate in rates.values()):
        raise SourceFault("the document has rates that are none")
    return rates, published
