"""The countries that there are, by the codes of ISO 3166."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def country_codes() -> tuple[str, ...]:
    """Two letters each, in the order of the standard's names; the table comes with the time zones."""
    table = (files("tzdata.zoneinfo") / "iso3166.tab").read_text(encoding="utf-8")
    return tuple(line.split("\t")[0] for line in table.splitlines() if line and not line.startswith("#"))
