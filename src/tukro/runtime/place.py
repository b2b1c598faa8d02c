"""The data directory and the secrets in it. Standard library only: settings and supervisor stand on it."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from tukro.runtime.faults import CannotRun

SITE_SECRETS = (
    "secret_key",
    "push_key",
    "record_key",
)  # settings reads each of them, unless the environment gives it
ROOT = Path(__file__).resolve().parents[3]


def data_directory() -> Path:
    """Everything that Tukro writes is below this folder; deleting it starts from nothing."""
    return Path(os.environ.get("TUKRO_DATA") or ROOT / "var").absolute()


def given_database_url() -> str:
    """The database that the operator named, or nothing: then the embedded one is used."""
    return os.environ.get("TUKRO_DATABASE_URL", "")


def make_home() -> None:
    """Make the data directory with the secrets of the site, before settings are read."""
    data = data_directory()
    try:
        data.mkdir(parents=True, exist_ok=True)
        (data / "secrets").mkdir(mode=0o700, exist_ok=True)
        for name in SITE_SECRETS:
            make_secret(name, data / "secrets")
    except OSError as error:
        raise CannotRun(
            f"The data directory {data} cannot be written: {error.strerror}.",
            mend="Give this user the right to write there, or set TUKRO_DATA to another folder.",
        ) from None


def kept_secret(name: str, folder: Path) -> str | None:
    """A secret made by an earlier start, or None."""
    try:
        return (folder / name).read_text().strip() or None
    except FileNotFoundError:
        return None


def make_secret(name: str, folder: Path) -> str:
    """The secret called ``name``, made now when there is none. The file is readable by its owner only."""
    return kept_secret(name, folder) or _write_once(folder / name, secrets.token_urlsafe(48))


def write_private(path: Path, text: str) -> None:
    """Replace a private file in one step, so that an interrupted start leaves the old one or the new one."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.unlink(missing_ok=True)
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def _write_once(path: Path, secret: str) -> str:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    write_private(draft, secret + "\n")
    try:
        os.link(draft, path)  # fails when another start was quicker: its secret is the secret
    except FileExistsError:
        return path.read_text().strip()
    finally:
        draft.unlink()
    return secret
