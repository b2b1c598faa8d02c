"""Countries and time zones to choose from, named in the reader's language."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from importlib.resources import files
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import get_timezone_location, get_timezone_name
from django.utils import timezone
from django.utils.translation import get_language

from tukro.people.rules.countries import country_codes

FIRST_COUNTRIES = ("BD", "IN")  # most people here live in one of them
FIRST_ZONES = ("Asia/Dhaka", "Asia/Kolkata")


def country_choices() -> list[tuple[str, str]]:
    """(code, name), sorted by name, with an empty first choice."""
    return [("", "—"), *_countries(get_language() or "en")]


def country_name(code: str) -> str:
    """The country's name in the reader's language; the code when no one knows it."""
    return _names(get_language() or "en").get(code, code)


def zone_choices() -> list[tuple[str, str]]:
    """(name, country and city in the reader's language with the offset of today)."""
    return list(_zones(timezone.now().strftime("%Y-%m-%d"), get_language() or "en"))


def zone_country(name: str) -> str:
    """The country that a time zone is the zone of; UTC is that of none."""
    return _zone_countries().get(name, "")


@lru_cache(maxsize=8)
def _countries(language: str) -> tuple[tuple[str, str], ...]:
    names = _names(language)
    rest = sorted((code for code in names if code not in FIRST_COUNTRIES), key=lambda code: names[code])
    return tuple((code, names[code]) for code in (*FIRST_COUNTRIES, *rest))


@lru_cache(maxsize=8)
def _names(language: str) -> dict[str, str]:
    territories = Locale.parse(language.replace("-", "_")).territories
    return {code: territories[code] for code in country_codes() if code in territories}


@lru_cache(maxsize=4)
def _zones(day: str, language: str) -> tuple[tuple[str, str], ...]:
    """Offsets move with daylight saving time, so the list is made once a day."""
    noon = datetime.fromisoformat(f"{day}T12:00:00+00:00")
    locale = language.replace("-", "_")
    places = {line.split("\t")[2] for line in _table("zone.tab")} - set(FIRST_ZONES)
    words = {name: get_timezone_location(name, locale=locale) for name in (*FIRST_ZONES, *places)}
    words["UTC"] = get_timezone_name("Etc/UTC", "long", locale=locale, zone_variant="standard")
    in_order = (*FIRST_ZONES, *sorted(places, key=words.__getitem__), "UTC")
    return tuple((name, f"{words[name]} ({_offset(name, noon)})") for name in in_order)


@lru_cache(maxsize=1)
def _zone_countries() -> dict[str, str]:
    return {zone: country for country, _, zone, *_ in (line.split("\t") for line in _table("zone.tab"))}


def _offset(name: str, at: datetime) -> str:
    raw = at.astimezone(ZoneInfo(name)).strftime("%z")
    return f"UTC{raw[:3]}:{raw[3:5]}"


def _table(name: str) -> list[str]:
    """Lines of one of the tables that come with the time zone database."""
    text = (files("tzdata.zoneinfo") / name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]
