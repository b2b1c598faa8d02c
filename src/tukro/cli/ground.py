"""What commands stand on: Django pointed at the database that is at hand. Loaded before Django is set up."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import DatabaseError, connection, connections
from django.db.migrations.executor import MigrationExecutor

from tukro.runtime.database import database_for_a_while, embedded_cluster
from tukro.runtime.database_url import database_from_url
from tukro.runtime.faults import CannotRun
from tukro.runtime.place import data_directory, given_database_url

# What mends waiting tables: the live market's command would leave the sandbox as it is.
MIGRATE = "tukro migrate; for the sandbox, tukro --sandbox migrate (up does it as well)"


@contextmanager
def database_at_hand() -> Iterator[None]:
    """A database for the time of one command: started, borrowed or given."""
    with database_for_a_while() as url:
        use_database(url)
        try:
            yield
        finally:
            connections.close_all()


def use_database(url: str) -> None:
    """Point Django, and every process that we start, at this database."""
    os.environ["TUKRO_DATABASE_URL"] = url
    settings.DATABASES["default"].update(database_from_url(url))


def waiting_tables() -> int:
    """How many changes of tables this program has and the database has not. Raises DatabaseError."""
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def refuse_nowhere() -> None:
    """Refuse a data directory in which no market was ever started, before a database is made for nothing."""
    if given_database_url() or embedded_cluster().exists:
        return
    raise CannotRun(
        f"There is no database in {data_directory()} yet.",
        mend="Start the market there once (./tukro up; with TUKRO_SANDBOX_PORT a sandbox too), or make its "
        f"tables: {MIGRATE}",
    )


def refuse_waiting_tables() -> None:
    """Refuse a database without our tables, or with those of an older Tukro."""
    try:
        waiting = waiting_tables()
    except DatabaseError as error:
        raise CannotRun(
            f"The database cannot be read: {str(error).strip()}",
            mend="Is it Tukro's, and does the user own it?",
        ) from None
    if waiting:
        raise CannotRun(
            f"The tables of this database are missing or old: {waiting} changes wait.",
            mend=MIGRATE,
        )
