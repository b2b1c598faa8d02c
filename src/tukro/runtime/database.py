"""Which PostgreSQL a command works with: the given one, that of a running ``up``, or our own for a while."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from tukro.runtime.database_url import libpq_address
from tukro.runtime.faults import CannotRun
from tukro.runtime.place import data_directory, given_database_url
from tukro.runtime.postgres import AlreadyOwned, Cluster
from tukro.runtime.processes import wait_until

OLDEST_SERVER = 15


def embedded_cluster() -> Cluster:
    """The embedded server of this data directory, not started."""
    data = data_directory()
    return Cluster(data / "pg", secrets=data / "secrets")


@contextmanager
def database_for_a_while() -> Iterator[str]:
    """The database's address while a command runs.

    Starts the embedded server when none is given and none runs, and stops it again; borrows it from the
    process that owns it otherwise. Raises CannotRun when the server is missing or unfit.
    """
    if given := given_database_url():
        check_server(given)
        yield given
        return
    cluster = embedded_cluster()
    # Its owner may be starting or stopping just now: then it can be borrowed or owned in a moment.
    if not wait_until(lambda: _started(cluster) or cluster.borrow(), seconds=40, pause=0.2):
        raise CannotRun(
            f"Another Tukro process holds {cluster.folder}, but its PostgreSQL does not answer.",
            mend=f"Wait until it is up or has ended; its log is {cluster.folder / 'log'}.",
        )
    try:
        yield cluster.url
    finally:
        cluster.wait_for_borrowers(seconds=60)
        cluster.stop()


def own_cluster(*, patience: float) -> Cluster:
    """Start the embedded server to own it for long. Waits for a short command that owns it just now."""
    cluster = embedded_cluster()
    if not wait_until(lambda: _started(cluster), seconds=patience, pause=0.2):
        raise CannotRun(
            "Another Tukro process owns the database of this data directory.",
            mend="Let it finish, or set TUKRO_DATA to another folder for a second market.",
        )
    return cluster


def _started(cluster: Cluster) -> bool:
    try:
        cluster.start()
    except AlreadyOwned:
        return False
    return True


def check_server(url: str) -> None:
    """Refuse a server that is out of reach, too old, or forgets acknowledged commits."""
    try:
        with psycopg.connect(libpq_address(url), connect_timeout=10) as db:
            version = db.info.server_version // 10_000
            [durable] = db.execute("SHOW synchronous_commit").fetchone() or [""]
    except psycopg.Error as error:  # words after ? that libpq does not know are no OperationalError
        raise CannotRun(
            f"The PostgreSQL of TUKRO_DATABASE_URL does not let us in: {str(error).strip()}",
            mend="Check that it runs, and that user, password and database name are right.",
        ) from None
    if version < OLDEST_SERVER:
        raise CannotRun(
            f"The server is PostgreSQL {version}; Tukro needs {OLDEST_SERVER} or newer.",
            mend="Upgrade the server, or unset TUKRO_DATABASE_URL to use the embedded one.",
        )
    if durable == "off":
        raise CannotRun(
            "synchronous_commit is off for this user or database: payments that people saw could be lost.",
            mend="ALTER DATABASE … SET synchronous_commit = on (or the same for the role or the server).",
        )
