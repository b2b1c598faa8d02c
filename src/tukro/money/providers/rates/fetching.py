"""Asking the sources that the operator set up, and taking what they say."""

from __future__ import annotations

import logging
from datetime import datetime

from django.conf import settings

from tukro.money.actions.books.fetched_rates import note_source, take_rate
from tukro.money.providers.rates.contract import RateSource, SourceFault
from tukro.money.providers.rates.ecb import EuropeanCentralBank
from tukro.money.providers.rates.json_rates import JsonRates

log = logging.getLogger(__name__)


def sources() -> list[RateSource]:
    """Those that are set up, in the order in which they are asked."""
    found: list[RateSource] = []
    if settings.RATES_ECB:
        found.append(EuropeanCentralBank(settings.RATES_ECB_URL))
    if settings.RATES_JSON_URL:
        found.append(JsonRates(settings.RATES_JSON_URL, settings.RATES_JSON_NAME, settings.RATES_JSON))
    return found


def fetch_rates(now: datetime) -> int:
    """Ask every source. Returns how many rates were entered; a source that fails stops no other."""
    entered = 0
    for source in sources():
        try:
            found = source.fetch()
        except SourceFault as fault:
            log.warning("exchange rates of %s: %s", source.name, fault)
            note_source(name=source.name, fault=str(fault), now=now)
            continue
        note_source(name=source.name, fault="", now=now)
        entered += sum(take_rate(source=source.name, found=one, now=now) == "entered" for one in found)
    return entered
