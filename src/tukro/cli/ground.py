"""What commands stand on: Django pointed at the database that is at hand. Loaded before Django is set up."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connections

from tukro.runtime.database import database_for_a_while
from tukro.runtime.database_url import database_from_url


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
