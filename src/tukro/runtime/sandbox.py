"""The sandbox: a second market beside the live one, with data and database of its own, and play money.

It is this same program in another environment. ``tukro --sandbox COMMAND`` runs any command in it;
``tukro up`` keeps one running beside the live market when TUKRO_SANDBOX_PORT says where (mturk-api 13).
"""

from __future__ import annotations

from collections.abc import Mapping
from os import environ

from tukro.runtime.place import data_directory

FLAG = "--sandbox"
_DEFAULT_PORT = "8081"
# Of the live market alone: the sandbox has its own, or none.
_NOT_SHARED = (
    "TUKRO_SITE_URL",
    "TUKRO_TASK_URL",
    "TUKRO_NEWS_URL",
    "TUKRO_NEWS_PORT",
    "TUKRO_ALLOWED_HOSTS",
    "TUKRO_DATABASE_URL",
    "TUKRO_SECRET_KEY",
    "TUKRO_ALIAS_KEY",
    "TUKRO_PUSH_KEY",
    "TUKRO_RECORD_KEY",
    "TUKRO_DEMO",
    "TUKRO_SANDBOX_PORT",
)


def is_wanted() -> bool:
    """Whether ``up`` keeps a sandbox beside the live market."""
    return bool(environ.get("TUKRO_SANDBOX_PORT")) and environ.get("TUKRO_MODE", "live") == "live"


def sandbox_port() -> str:
    return environ.get("TUKRO_SANDBOX_PORT") or _DEFAULT_PORT


def sandbox_environment(live: Mapping[str, str]) -> dict[str, str]:
    """The environment of the sandbox that stands beside the market of ``live``.

    Its names differ from the live ones, so that no cookie of one market reaches the other.
    """
    port = sandbox_port()
    theirs = {
        "TUKRO_MODE": "sandbox",
        "TUKRO_PORT": port,
        "TUKRO_DATA": str(data_directory() / "sandbox"),
        "TUKRO_SITE_URL": environ.get("TUKRO_SANDBOX_URL") or f"http://sandbox.localhost:{port}",
        "TUKRO_TASK_URL": environ.get("TUKRO_SANDBOX_TASK_URL")
        or f"http://{{label}}.sandbox-tasks.localhost:{port}",
        "TUKRO_NEWS_URL": environ.get("TUKRO_SANDBOX_NEWS_URL", ""),
        "TUKRO_DATABASE_URL": environ.get("TUKRO_SANDBOX_DATABASE_URL", ""),
        "TUKRO_DEMO": "0",
    }
    return {name: value for name, value in live.items() if name not in _NOT_SHARED} | theirs
