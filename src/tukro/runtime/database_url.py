"""The address of a database, as Django wants to have it."""

from __future__ import annotations

from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlencode, urlsplit

from django.core.exceptions import ImproperlyConfigured


def database_from_url(url: str) -> dict[str, Any]:
    """Django's connection settings for ``postgresql://user:password@host:port/name?sslmode=require``.

    A socket folder is given as ``?host=/run/postgresql``; ``?prepare=no`` keeps statements from being
    prepared, for a pooler that cannot carry them; further words after ``?`` are libpq's. Raises
    ImproperlyConfigured.
    """
    parts = _parts(url)
    options: dict[str, Any] = dict(parse_qsl(parts.query))
    host = options.pop("host", parts.hostname or "")
    # The server keeps the plan of a statement that a connection has sent twice: planning a call of a function
    # costs it a quarter of running it.
    options["server_side_binding"] = True
    options["prepare_threshold"] = None if options.pop("prepare", "") == "no" else 2
    return {
        "ENGINE": "tukro.runtime.backend",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }


def libpq_address(url: str) -> str:
    """The same address for those who talk to libpq directly, which does not know our word ``prepare``."""
    parts = _parts(url)
    theirs = [(name, value) for name, value in parse_qsl(parts.query) if name != "prepare"]
    return parts._replace(query=urlencode(theirs)).geturl()


def _parts(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        _ = parts.port  # raises when it is no number
    except ValueError:
        parts = SplitResult("", "", "", "", "")
    if parts.scheme not in ("postgresql", "postgres"):  # the address itself holds a password: it is not shown
        raise ImproperlyConfigured(
            "TUKRO_DATABASE_URL must be an address like postgresql://user:password@host:port/name."
        )
    return parts
