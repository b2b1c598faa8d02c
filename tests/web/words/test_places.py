"""Countries and time zones to choose from."""

from __future__ import annotations

import re

from django.utils import translation

from tukro.people.models import User
from tukro.web.words.places import country_choices, country_name, zone_choices


def test_countries_are_named_in_the_readers_language_the_nearest_first() -> None:
    with translation.override("bn"):
        assert country_choices()[:3] == [("", "—"), ("BD", "বাংলাদেশ"), ("IN", "ভারত")]
        assert country_name("NP") == "নেপাল"
    with translation.override("en"):
        assert country_name("NP") == "Nepal"


def test_every_country_stands_once_and_a_code_is_two_letters() -> None:
    codes = [code for code, _ in country_choices() if code]
    assert len(codes) == len(set(codes)) > 200
    assert all(len(code) == 2 and code.isupper() for code in codes)


def test_an_unknown_country_shows_its_code() -> None:
    assert country_name("ZZ") == "ZZ"


def test_time_zones_show_their_offset_the_nearest_first() -> None:
    with translation.override("en"):
        zones = zone_choices()
    assert zones[:2] == [
        ("Asia/Dhaka", "Bangladesh Time (UTC+06:00)"),
        ("Asia/Kolkata", "India Time (UTC+05:30)"),
    ]
    assert ("UTC", "Coordinated Universal Time (UTC+00:00)") in zones
    assert User._meta.get_field("time_zone").get_default() in dict(zone_choices())


def test_time_zones_are_named_in_the_reader_s_language() -> None:
    with translation.override("bn"):
        assert zone_choices()[0] == ("Asia/Dhaka", "বাংলাদেশ সময় (UTC+06:00)")
        assert all(re.search("[\u0980-\u09ff]", label) for _, label in zone_choices())
