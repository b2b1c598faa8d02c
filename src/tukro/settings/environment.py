"""How settings are read from the environment: typed, checked at start, refused in words."""

from __future__ import annotations

import ipaddress
import os
from secrets import token_urlsafe
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from tukro.runtime.place import data_directory, kept_secret

DATA = data_directory()


def env(name: str, default: str = "") -> str:
    return os.environ.get(f"TUKRO_{name}", default)


def number(name: str, default: int, *, smallest: int = 1, largest: int = 65_535) -> int:
    given = env(name, str(default))
    if not given.isascii() or not given.isdigit() or not smallest <= int(given) <= largest:
        raise ImproperlyConfigured(
            f"TUKRO_{name} must be a whole number from {smallest} to {largest}, not {given!r}."
        )
    return int(given)


def one_of(name: str, *choices: str) -> str:
    """The first choice is the default."""
    given = env(name, choices[0])
    if given not in choices:
        raise ImproperlyConfigured(f"TUKRO_{name} must be one of {', '.join(choices)}, not {given!r}.")
    return given


def address(name: str, default: str) -> str:
    given = (env(name) or default).rstrip("/")
    if urlsplit(given).scheme not in ("http", "https") or not urlsplit(given).hostname:
        raise ImproperlyConfigured(
            f"TUKRO_{name} must be an address with http:// or https://, not {given!r}."
        )
    return given


def listening(name: str, default: str) -> str:
    """Where to listen: an address of this machine in digits; ``localhost`` is the usual one."""
    given = env(name) or default
    try:
        return str(ipaddress.ip_address("127.0.0.1" if given == "localhost" else given))
    except ValueError:
        raise ImproperlyConfigured(
            f"TUKRO_{name} must be an address of this machine in digits (127.0.0.1, or 0.0.0.0 for all), "
            f"not {given!r}."
        ) from None


def service(name: str, default: str) -> str:
    """Where a provider is asked, with our secrets: https, or a machine's own loopback for tests."""
    given = address(name, default)
    if given.startswith("http://") and urlsplit(given).hostname not in ("127.0.0.1", "localhost"):
        raise ImproperlyConfigured(f"TUKRO_{name} must begin with https://, not {given!r}.")
    return given


def document(name: str, default: str = "") -> str:
    """Where a document is read: as ``service``, or a file of this machine; '' for none."""
    given = env(name, default)
    return given if not given or given.startswith("file:///") else service(name, given)


def ways(name: str, *allowed: str) -> dict[str, str]:
    """``BDT=rates.BDT,date=updated``: where in a document each thing stands."""
    pairs = [part.partition("=") for part in env(name).split(",") if part.strip()]
    ways = {what.strip(): way.strip() for what, _equals, way in pairs}
    if any(what not in allowed or not way for what, way in ways.items()):
        raise ImproperlyConfigured(
            f"TUKRO_{name} must name places, each for one of {', '.join(allowed)}: BDT=rates.BDT"
        )
    return ways


def secret(name: str) -> str:
    """A secret from the environment, or one made at first start and kept in the data directory.

    Where there is neither, as in tests, a new one for this process alone: nothing is ever signed with a
    secret that strangers know.
    """
    return env(name) or kept_secret(name.lower(), DATA / "secrets") or token_urlsafe(48)
