"""The market as an app: what a phone asks for to put it on the home screen."""

from __future__ import annotations

from http import HTTPStatus
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from PIL import Image

from tests import cast
from tests.web.market import address, proof_batch, signed_in, taken

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("language", "name", "shortcut"), [("bn", "টুকরো", "কাজ খুঁজুন"), ("en", "Tukro", "Find work")]
)
def test_the_manifest_is_whole_in_both_languages(
    client: Client, language: str, name: str, shortcut: str
) -> None:
    page = client.get("/", headers={"accept-language": language}).content.decode()
    assert f'<link rel="manifest" href="/app-{language}.webmanifest">' in page
    answer = client.get(f"/app-{language}.webmanifest")
    assert answer.headers["Content-Type"] == "application/manifest+json"
    app: dict[str, Any] = answer.json()
    assert (app["lang"], app["short_name"], app["shortcuts"][0]["name"]) == (language, name, shortcut)
    assert (app["id"], app["scope"], app["display"]) == ("/", "/", "standalone")
    purposes = {(icon["sizes"], icon["purpose"]) for icon in app["icons"]}
    assert {("192x192", "any"), ("512x512", "any"), ("512x512", "maskable")} <= purposes
    for icon in app["icons"]:
        if icon["type"] == "image/png":
            with Image.open(BytesIO(client.get(icon["src"]).getvalue())) as picture:
                assert "x".join(map(str, picture.size)) == icon["sizes"]


def test_other_languages_have_no_manifest_and_no_page(client: Client) -> None:
    for path in ("/app-fr.webmanifest", "/offline/fr"):
        assert client.get(path).status_code == HTTPStatus.NOT_FOUND


def test_the_service_worker_serves_the_whole_site_and_is_asked_for_anew(client: Client) -> None:
    answer = client.get("/sw.js")
    assert answer.headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-cache"
    assert answer.content.decode().startswith('const VERSION = "')


@pytest.mark.parametrize(("language", "words"), [("bn", "নেটওয়ার্ক নেই"), ("en", "There is no network")])
def test_the_page_without_a_network_is_nobodys(language: str, words: str) -> None:
    rahima = cast.rahima()
    page = signed_in(rahima).get(f"/offline/{language}").content.decode()
    assert words in page
    assert "data-person" not in page
    assert "csrfmiddlewaretoken" not in page
    assert rahima.user.email not in page


def test_the_page_of_a_person_says_whose_it_is(client: Client) -> None:
    rahima = cast.rahima()
    assert f'data-person="{rahima.user.pk}"' in signed_in(rahima).get("/projects").content.decode()
    assert 'data-person=""' in client.get("/").content.decode()


def test_a_kept_answer_is_told_where_to_go_on_and_why_it_was_refused() -> None:
    rahima = cast.rahima()
    client, work = signed_in(rahima), taken(rahima, proof_batch())
    headers = {"tukro-outbox": "1", "accept": "application/json"}
    answer = {"summary": "a short summary", "mood": "good"}

    faulty = client.post(address(work, "submit"), {"summary": "tiny"}, headers=headers)
    assert faulty.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert faulty.headers["Content-Type"] == "text/html; charset=utf-8"
    for _again in range(2):
        told = client.post(address(work, "submit"), answer, headers=headers)
        assert told.json() == {"next": f"/projects/{work.group_id}/tasks"}
    other = client.post(address(work, "submit"), {**answer, "mood": "bad"}, headers=headers)
    assert (other.status_code, other.json()["error"]) == (HTTPStatus.CONFLICT, "wrong_state")
    stranger = Client().post(address(work, "submit"), answer, headers=headers)
    assert stranger.status_code == HTTPStatus.UNAUTHORIZED
