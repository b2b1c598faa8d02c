"""In which country somebody new probably lives: a guess that stands in the form, to be looked at and changed.

The time zone of the device tells more; only the page's script knows it (js/place.js).
"""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation.trans_real import parse_accept_lang_header

from tukro.people.rules.countries import country_codes

_SAYS_NOTHING = "en-us"  # browsers are sold with it everywhere
_HOME_OF = {"bn": "BD"}


def country_guess(request: HttpRequest, language: str) -> str:
    """From the languages that the browser asks for, such as bn-BD, and the page's; empty if nothing tells."""
    asked = [code for code, _ in parse_accept_lang_header(request.headers.get("Accept-Language", ""))]
    regions = [code.rpartition("-")[2].upper() for code in asked if "-" in code and code != _SAYS_NOTHING]
    known = country_codes()
    homes = [
        _HOME_OF[code] for code in (*(one.partition("-")[0] for one in asked), language) if code in _HOME_OF
    ]
    return next((region for region in (*regions, *homes) if region in known), "")
