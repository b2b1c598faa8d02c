"""Web, jobs and news on a machine of their own: refused and made ready as by ``up``."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from tests import make
from tests.ports import free_port
from tukro.people.actions.alias_key import remember_alias_key
from tukro.runtime.place import ROOT
from tukro.runtime.processes import wait_until

pytestmark = pytest.mark.django_db(transaction=True)


def _environment(data: Path, **given: str) -> dict[str, str]:
    database = connection.settings_dict
    address = f"{database['USER']}:{database['PASSWORD']}@{database['HOST']}:{database['PORT']}"
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("TUKRO_")}
    return {
        **inherited,
        "PYTHONPATH": str(ROOT / "src"),
        "TUKRO_DATA": str(data),
        "TUKRO_DATABASE_URL": f"postgresql://{address}/{database['NAME']}",
        "TUKRO_SECRET_KEY": settings.SECRET_KEY,
        "TUKRO_WEB_PROCESSES": "1",
        **given,
    }


def _refused(name: str, data: Path, **given: str) -> str:
    ended = subprocess.run(
        [sys.executable, "-m", "tukro.cli", name],
        env=_environment(data, **given),
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert ended.returncode == 1
    assert not (data / "static").exists()
    return ended.stderr


@pytest.mark.parametrize(
    ("words", "host", "folder"),
    [(["web"], "localhost", "."), (["--sandbox", "web"], "sandbox.localhost", "sandbox")],
)
def test_pages_have_their_words_and_their_files(
    words: list[str], host: str, folder: str, tmp_path: Path
) -> None:
    port, data = free_port(), tmp_path / "var"
    # A fresh clone: nothing is compiled in it.
    source, of_ours = tmp_path / "src", shutil.ignore_patterns("*.mo", "__pycache__")
    shutil.copytree(ROOT / "src", source, ignore=of_ours)
    command = [sys.executable, "-m", "tukro.cli", *words, "--port", str(port)]
    given = _environment(data, PYTHONPATH=str(source))
    given["TUKRO_SANDBOX_DATABASE_URL"] = given["TUKRO_DATABASE_URL"]
    headers = {"Host": f"{host}:{port}", "Accept-Language": "bn"}
    asked = urllib.request.Request(f"http://localhost:{port}/", headers=headers)
    pages: list[str] = []

    def answers() -> bool:
        try:
            with urllib.request.urlopen(asked, timeout=10) as answer:
                pages.append(answer.read().decode())
        except OSError:
            return False
        return True

    web = subprocess.Popen(command, env=given)
    try:
        assert wait_until(lambda: answers() or web.poll() is not None, seconds=60, pause=0.1)
        assert web.poll() is None
    finally:
        web.terminate()
        web.wait(20)
    (page,) = pages
    assert "ছোট কাজ, ন্যায্য পারিশ্রমিক" in page
    assert re.search(r"/static/[\w/.-]+\.[0-9a-f]{12}\.css", page)  # a name that says what is in it
    assert [one.parent for one in data.rglob("staticfiles.json")] == [data / folder / "static"]


@pytest.mark.parametrize("name", ["web", "jobs", "news"])
def test_task_pages_that_would_have_the_sites_cookies_are_refused(name: str, tmp_path: Path) -> None:
    said = _refused(
        name, tmp_path, TUKRO_SITE_URL="http://a.example", TUKRO_TASK_URL="http://{label}.a.example"
    )
    assert "would count as the same site" in said


def test_another_key_of_the_ids_that_requesters_know_is_refused(tmp_path: Path) -> None:
    make.requester(aliases=True)
    remember_alias_key(now=timezone.now())
    assert "made with another key" in _refused("web", tmp_path, TUKRO_ALIAS_KEY="another" * 8)


def test_without_a_database_the_mend_is_named(tmp_path: Path) -> None:
    assert "Set TUKRO_DATABASE_URL" in _refused("jobs", tmp_path, TUKRO_DATABASE_URL="")
