"""What every test stands on: a real PostgreSQL."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.test import override_settings

from tukro.runtime.postgres import Cluster
from tukro.settings import database_from_url


@pytest.fixture(scope="session")
def database_url() -> Iterator[str]:
    """The server that is given in TUKRO_DATABASE_URL, or a throw-away one for this session."""
    if given := os.environ.get("TUKRO_DATABASE_URL"):
        yield given
        return
    folder = Path(tempfile.mkdtemp(prefix="tukro-test-"))
    cluster = Cluster(folder / "pg", secrets=folder / "secrets", durable=False)
    try:
        cluster.start()
        yield cluster.overlord_url
    finally:
        cluster.stop()
        shutil.rmtree(folder)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(database_url: str) -> None:
    """Asked for by pytest-django before it makes the test database."""
    settings.DATABASES["default"].update(database_from_url(database_url))


@pytest.fixture(scope="session", autouse=True)
def static_files_from_source() -> Iterator[None]:
    """Pages under test use the style sheets and scripts of this tree, never ones that a start collected."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    with override_settings(
        STORAGES={**settings.STORAGES, "staticfiles": plain},
        WHITENOISE_AUTOREFRESH=True,
        WHITENOISE_USE_FINDERS=True,
    ):
        yield
