"""What every test stands on: a real PostgreSQL, compiled words, and no silence about what could not run."""

from __future__ import annotations

import gc
import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import cast

import django.test.client
import hypothesis
import pytest
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from django.test import TransactionTestCase, override_settings
from playwright.sync_api import Browser, expect, sync_playwright
from pytest_django import DjangoDbBlocker

from tests.emptying import empty_tables, keep_seeds
from tests.first_look import learn_proofs, may_be_wrong
from tests.house import copy_house
from tests.web.browser import chromium_path, launch
from tukro.money.queries import ledger_faults
from tukro.runtime.catalogues import compile_catalogues
from tukro.runtime.database_url import database_from_url
from tukro.runtime.postgres import Cluster
from tukro.web.entry.pace import HOOKS_OF_ALL, HOOKS_OF_ONE, PACE
from tukro.web.staff.journal.facts import known
from tukro.web.transport.requests import Request
from tukro.web.words.events import EVENTS
from tukro.work.queries import work_faults


@pytest.fixture(scope="session")
def database_url() -> Iterator[str]:
    """The server that is given in TUKRO_DATABASE_URL, or a throw-away one for this session."""
    if given := os.environ.get("TUKRO_DATABASE_URL"):
        yield given
        return
    folder = Path(tempfile.mkdtemp(prefix="tukro-test-"))
    house = copy_house(folder / "house")
    cluster = Cluster(house / "pg", secrets=house / "secrets", durable=False)
    try:
        cluster.start()
        yield cluster.overlord_url
    finally:
        cluster.stop()
        shutil.rmtree(folder)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    database_url: str,
    django_db_modify_db_settings_parallel_suffix: None,
) -> None:
    """Asked for by pytest-django before it makes the test database. Processes side by side have their own."""
    database = settings.DATABASES["default"]
    database.update(database_from_url(database_url))
    if not os.environ.get("TUKRO_DATABASE_URL"):
        database.setdefault("TEST", {})["TEMPLATE"] = database["NAME"]  # the house's, migrated


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Tests that commit are cleaned up by our own emptying of the tables (tests/emptying.py)."""
    with django_db_blocker.unblock():
        keep_seeds()
        learn_proofs()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda _: empty_tables())
        yield
    connection.close()  # the last test may have had the server drop it
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        # Threads of a live server may still be on their way out; the database is dropped now.
        cursor.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity"
            " where datname = current_database() and backend_type = 'client backend'"
            " and pid <> pg_backend_pid()"
        )


# A slow machine is no fault of what is tested.
hypothesis.settings.register_profile(
    "tukro", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("tukro")


@pytest.fixture(autouse=True)
def fresh_pace() -> None:
    """The workers of one test are not those of the one before, whatever keys the database gave them."""
    for pace in (PACE, HOOKS_OF_ONE, HOOKS_OF_ALL):
        pace.forget()


@pytest.fixture(autouse=True)
def proofs() -> Callable[[], Sequence[object]]:
    """What must find nothing after a test. Rooms that know less, and tests that plant faults, say less."""
    return lambda: [*ledger_faults(), *work_faults()]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Function) -> Iterator[None]:
    """After every test that used the database, the market must still prove."""
    yield
    uses_database = item.get_closest_marker("django_db") or _DATABASE_FIXTURES & set(item.fixturenames)
    if uses_database and not connection.needs_rollback:
        find_faults = cast("Callable[[], Sequence[object]]", item.funcargs["proofs"])
        assert not may_be_wrong() or find_faults() == []
        assert facts_without_words() == []


def facts_without_words() -> list[tuple[str, str]]:
    """Facts of the journal, by event, that staff could only read as code (events of the house alone)."""
    with connection.cursor() as cursor:
        cursor.execute("select distinct name, jsonb_object_keys(facts) from journal_event")
        return [(event, name) for event, name in cursor if event in EVENTS and not known(event, name)]


_DATABASE_FIXTURES = {"db", "transactional_db", "live_server"}


@pytest.fixture(scope="session", autouse=True)
def requests_as_served() -> Iterator[None]:
    """Django's client and live server make the requests that the site itself would make."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(django.test.client, "WSGIRequest", Request)
        patch.setattr(WSGIHandler, "request_class", Request)
        yield


@pytest.fixture(scope="session", autouse=True)
def quick_hashes() -> Iterator[None]:
    """What makes a stolen hash hard to guess would make every sign-in of a test slow."""
    with override_settings(PASSWORD_HASHERS=["tests.hashing.QuickArgon2"]):
        yield


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One Chromium for the whole session."""
    executable = chromium_path()
    if executable is None:
        pytest.skip("Chromium is not installed: pages were not looked at in a browser")
    # Playwright runs an event loop in this thread; Django would refuse the database because of it. And it
    # keeps another connection while one runs: that of before would stay open, and a process that a test
    # forks, where none runs, would speak over it.
    connection.close()
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    expect.set_options(timeout=30_000)  # a slow machine is no fault of what is tested
    with sync_playwright() as playwright:
        browser = launch(playwright, executable)
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="session", autouse=True)
def words() -> None:
    """A fresh clone has no compiled catalogues yet."""
    compile_catalogues()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--nothing-skipped", action="store_true", help="fail when anything was skipped")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes long begins first, so that processes side by side end together."""
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


def pytest_collection_finish() -> None:
    """What was imported stays: the collections that tests ask for need not look at it each time."""
    gc.collect()
    gc.freeze()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say loudly what could not run, and why."""
    skipped = terminalreporter.stats.get("skipped", [])
    if skipped:
        terminalreporter.section("NOT EVERYTHING WAS TESTED", sep="!", red=True, bold=True)
        reasons = Counter(_reason(report) for report in skipped)
        for reason, count in reasons.most_common():
            terminalreporter.line(f"{count} not run: {reason}", red=True)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    skipped = reporter.stats.get("skipped", []) if reporter else []
    if session.config.getoption("--nothing-skipped") and skipped:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def _reason(report: pytest.TestReport) -> str:
    where = report.longrepr
    return str(where[2] if isinstance(where, tuple) else where).removeprefix("Skipped: ")


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
