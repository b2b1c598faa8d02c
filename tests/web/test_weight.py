"""What a phone has to load: a first page within 100 kB, a list then within 50 kB, a work page within 60."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin

import pytest
from django.core.management import call_command
from django.template import Engine
from django.test import Client, override_settings

from tests import cast, make
from tests.web.market import address, proof_batch, signed_in, taken
from tukro.settings import COLLECTED_FILES
from tukro.web.templatetags import tukro as tags

pytestmark = pytest.mark.django_db

FIRST_PAGE, LIST_PAGE, WORK_PAGE, APP = 100_000, 50_000, 60_000, 25_000
_HEADERS = 600  # of one answer, roughly
_NAMED_IN_PAGE = re.compile(r'(?:href|src)="(/static/[^"#]+)')
_NAMED_BY_APP = re.compile(r'"(/(?:static|offline)/[^"]+)"')
_NAMED_IN_SHEET = re.compile(r'url\("([^"]+)"\)')


@pytest.fixture(autouse=True)
def files_as_served(tmp_path: Path) -> Iterator[None]:
    """Static files as an installation serves them: collected, hashed, compressed."""
    with override_settings(
        STATIC_ROOT=tmp_path,
        STORAGES={
            "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
            "staticfiles": {"BACKEND": COLLECTED_FILES},
        },
        WHITENOISE_AUTOREFRESH=False,
        WHITENOISE_USE_FINDERS=False,
    ):
        call_command("collectstatic", verbosity=0, interactive=False)
        _draw_anew()
        yield
    _draw_anew()


def _draw_anew() -> None:
    """The names of files are put into templates once, and here they change."""
    for loader in Engine.get_default().template_loaders:
        loader.reset()
    tags._picture.cache_clear()
    tags._link.cache_clear()


def test_the_first_page_is_light() -> None:
    phone = Client(headers={"accept-encoding": "gzip", "accept-language": "bn"})
    assert _weight(phone, "/", kept=set()) <= FIRST_PAGE


def test_what_the_app_keeps_is_light() -> None:
    phone = Client(headers={"accept-encoding": "gzip", "accept-language": "bn"})
    kept: set[str] = set()
    _weight(phone, "/", kept=kept)
    named = set(_NAMED_BY_APP.findall(_text(phone, "/sw.js")))
    assert "/offline/bn" in named
    assert _file(phone, "/sw.js", kept) + sum(_file(phone, name, kept) for name in sorted(named)) <= APP


def test_the_work_page_of_a_plain_proof_job_is_light() -> None:
    rahima = cast.rahima()
    phone = signed_in(rahima)
    phone.defaults |= {"HTTP_ACCEPT_ENCODING": "gzip", "HTTP_ACCEPT_LANGUAGE": "bn"}
    work = address(taken(rahima, proof_batch()))
    kept: set[str] = set()
    _weight(phone, "/how-it-works", kept=kept)
    assert _weight(phone, work, kept=kept) <= WORK_PAGE


@pytest.mark.parametrize("page", ["/projects", "/tasks", "/history", "/dashboard"])
def test_pages_after_the_first_are_light(page: str) -> None:
    for no in range(25):
        proof_batch(rows=1, of_terms=make.terms(title=f"উইকিপিডিয়ার একটি অনুচ্ছেদ পড়ে সারাংশ লিখুন {no}"))
    phone = signed_in(cast.rahima())
    phone.defaults |= {"HTTP_ACCEPT_ENCODING": "gzip", "HTTP_ACCEPT_LANGUAGE": "bn"}
    kept: set[str] = set()
    _weight(phone, "/", kept=kept)
    assert _weight(phone, page, kept=kept) <= LIST_PAGE


def _weight(phone: Client, path: str, *, kept: set[str]) -> int:
    """Bytes of a page and of all files that it names and that are not ``kept`` from an earlier one."""
    page = phone.get(path)
    total = len(page.content) + _HEADERS
    for name in sorted(set(_NAMED_IN_PAGE.findall(_text(phone, path))) - kept):
        total += _file(phone, name, kept)
    return total


def _file(phone: Client, name: str, kept: set[str]) -> int:
    if name in kept:
        return 0
    kept.add(name)
    served = phone.get(name)
    total = len(served.getvalue()) + _HEADERS
    if name.endswith(".css"):
        fonts = {urljoin(name, font) for font in _NAMED_IN_SHEET.findall(_text(phone, name))}
        total += sum(_file(phone, font, kept) for font in sorted(fonts))
    return total


def _text(phone: Client, path: str) -> str:
    """The same without compression, to read what it names."""
    return phone.get(path, headers={"accept-encoding": "identity"}).getvalue().decode()
