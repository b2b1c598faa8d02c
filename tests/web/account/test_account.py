"""Account pages after joining: password, address, and who may open what."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.test import Client, RequestFactory
from pytest_django import Settings

from tests import cast
from tests.make import NOW
from tests.web.joining import PASSWORD, link_in, signed_in, verified_user, visitor
from tukro.notices.actions.letters import letter
from tukro.notices.actions.told import Told
from tukro.notices.models import Mail
from tukro.people.actions.contact import Contact, save_contact
from tukro.people.models import Requester, User, Worker
from tukro.web.entry.access import requester_required, staff_required, worker_required

Guard = Callable[[Callable[..., HttpResponse]], Callable[[HttpRequest], HttpResponseBase]]

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def mails_are_rows(settings: Settings) -> None:
    settings.EMAIL_BACKEND = "tukro.notices.channels.outbox.OutboxBackend"


def sign_in(client: Client, email: str, password: str) -> int:
    return client.post("/account/login/", {"login": email, "password": password}).status_code


def test_a_forgotten_password_is_replaced_through_a_link() -> None:
    verified_user()
    client = visitor()
    assert client.post("/account/password/reset/", {"email": "rahima@example.org"}).status_code == 302
    form = client.get(link_in(Mail.objects.get()), follow=True)
    address = form.request["PATH_INFO"]
    short = client.post(address, {"password1": "123", "password2": "123"})
    assert short.status_code == 422
    client.post(address, {"password1": "another-horse-7", "password2": "another-horse-7"})
    assert sign_in(visitor(), "rahima@example.org", "another-horse-7") == 302
    assert sign_in(visitor(), "rahima@example.org", PASSWORD) == 422


def test_a_link_for_a_new_password_works_once() -> None:
    verified_user()
    client = visitor()
    client.post("/account/password/reset/", {"email": "rahima@example.org"})
    link = link_in(Mail.objects.get())
    address = client.get(link, follow=True).request["PATH_INFO"]
    client.post(address, {"password1": "another-horse-7", "password2": "another-horse-7"})
    again = visitor().get(link, follow=True)
    assert again.status_code == 410
    assert "Ask for a new link" in again.content.decode()


def test_asking_for_a_new_password_tells_no_one_who_has_an_account() -> None:
    verified_user()
    known = visitor().post("/account/password/reset/", {"email": "rahima@example.org"})
    unknown = visitor().post("/account/password/reset/", {"email": "nobody@example.org"})
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    assert [mail.to for mail in Mail.objects.all()] == ["rahima@example.org"]


def test_mails_to_a_person_are_in_their_language_whatever_page_caused_them() -> None:
    user = verified_user()
    User.objects.update(language="bn")
    visitor("en").post("/account/password/reset/", {"email": user.email})
    assert re.search("[\u0980-\u09ff]", Mail.objects.get().subject)


def test_who_chose_no_language_is_written_to_in_that_of_the_pages_when_they_signed_in() -> None:
    user = verified_user()
    for read, chosen, written in (("bn", "", "bn"), ("en", "", "en"), ("bn", "en", "en")):
        User.objects.filter(pk=user.pk).update(language=chosen)
        assert sign_in(visitor(read), user.email, PASSWORD) == 302
        told = Told(User.objects.get(pk=user.pk), "worker_approved", {}, kind="account", link="/")
        assert letter(f"once:{read}{chosen}", told).language == written


def test_a_strange_host_name_does_not_reach_the_links_of_mails(settings: Settings) -> None:
    settings.SITE_URL = "https://tukro.example"
    settings.ALLOWED_HOSTS = ["*"]
    verified_user()
    visitor().post("/account/password/reset/", {"email": "rahima@example.org"}, HTTP_HOST="evil.example")
    text = Mail.objects.get().text
    assert "https://tukro.example/account/password/reset/key/" in text
    assert "evil" not in text


def test_a_changed_password_needs_the_present_one() -> None:
    client = signed_in(verified_user())
    form = {"oldpassword": "wrong", "password1": "another-horse-7", "password2": "another-horse-7"}
    answer = client.post("/account/password/change/", form)
    assert answer.status_code == 422
    assert "Please enter the password that you use now." in answer.content.decode()


def test_who_hears_that_the_password_was_changed_is_greeted_and_can_choose_another_without_it() -> None:
    user = verified_user()
    lives = Contact("Rahima Khatun", "House 12", "1216", "Dhaka", "BD")
    save_contact(user=user, contact=lives, now=NOW)
    form = {"oldpassword": PASSWORD, "password1": "another-horse-7", "password2": "another-horse-7"}
    signed_in(user).post("/account/password/change/", form)
    told = Mail.objects.get(subject="Your password was changed").text
    assert told.startswith("Hello Rahima Khatun,\n\nThe password of your account was changed.")
    link = re.search(r"^http\S+$", told, re.MULTILINE)
    assert link is not None
    page = visitor().get(urlsplit(link[0]).path)
    assert (page.status_code, "Choose a new password" in page.content.decode()) == (200, True)


def change_address(client: Client, email: str) -> int:
    """Say the password once more, then ask for another address."""
    asked = client.get("/account/email/")
    assert asked["Location"] == "/account/reauthenticate/?next=/account/email/"
    assert client.post(asked["Location"], {"password": "wrong"}).status_code == 422
    assert client.post(asked["Location"], {"password": PASSWORD})["Location"] == "/account/email/"
    return client.post("/account/email/", {"email": email, "action_add": ""}).status_code


def test_a_new_address_counts_when_its_link_was_opened_and_the_old_one_hears_of_it() -> None:
    verified_user()
    client = visitor()
    client.defaults["HTTP_USER_AGENT"] = "Mozilla/5.0 (Linux; Android 14; K) Chrome/138.0.0.0 Mobile Safari"
    sign_in(client, "rahima@example.org", PASSWORD)
    assert change_address(client, "new@example.org") == 302
    assert User.objects.get().email == "rahima@example.org"
    client.get(link_in(Mail.objects.get(to="new@example.org")))
    assert User.objects.get().email == "new@example.org"
    told = Mail.objects.get(subject="Your e-mail address was changed", to="rahima@example.org")
    assert "Browser: Chrome, Android\n" in told.text
    assert sign_in(visitor(), "new@example.org", PASSWORD) == 302
    assert sign_in(visitor(), "rahima@example.org", PASSWORD) == 422


def test_without_the_password_the_address_stays() -> None:
    client = signed_in(verified_user())
    answer = client.post("/account/email/", {"email": "new@example.org", "action_add": ""})
    assert answer["Location"] == "/account/reauthenticate/?next=/account/email/"
    assert not Mail.objects.exists()


def test_an_address_of_someone_else_cannot_be_taken() -> None:
    verified_user("karim@example.org")
    client = signed_in(verified_user())
    change_address(client, "karim@example.org")
    too_long = {"email": f"{'a' * 250}@example.org", "action_add": ""}
    assert client.post("/account/email/", too_long).status_code == 422
    assert set(User.objects.values_list("email", flat=True)) == {"karim@example.org", "rahima@example.org"}


def test_signing_in_twice_is_no_fault() -> None:
    client = signed_in(cast.rahima().user)
    answer = client.get("/account/login/")
    assert (answer.status_code, answer["Location"]) == (302, "/account/start")


def test_the_account_shows_what_is_known() -> None:
    page = signed_in(cast.rahima().user).get("/account/").content.decode()
    assert "rahima@example.org" in page
    assert "Add contact details" in page


@pytest.mark.parametrize(
    ("guard", "guest", "answer"),
    [
        (worker_required, cast.rahima, 200),
        (worker_required, cast.karim, 302),
        (requester_required, cast.karim, 200),
        (requester_required, cast.rahima, 302),
    ],
)
def test_a_door_is_open_to_its_own_people_and_shows_others_the_way(
    guard: Guard, guest: Callable[[], Worker | Requester], answer: int
) -> None:
    assert _knock(guard, guest().user).status_code == answer


def test_the_staff_door_does_not_exist_for_others() -> None:
    assert _knock(staff_required, cast.shirin()).status_code == 200
    with pytest.raises(Http404):
        _knock(staff_required, cast.rahima().user)


def test_a_machine_that_is_not_signed_in_gets_401_and_no_redirect() -> None:
    answer = visitor().get("/requester/keys?format=json")
    assert (answer.status_code, answer.json()["error"]) == (401, "sign_in_required")


def test_a_post_of_someone_without_the_role_is_not_found() -> None:
    client = signed_in(cast.rahima().user)
    assert client.post("/requester/keys").status_code == 404
    assert client.get("/requester/keys")["Location"] == "/account/requester?next=/requester/keys"


def _knock(guard: Guard, user: User) -> HttpResponseBase:
    request: HttpRequest = RequestFactory().get("/")
    request.user = user
    return guard(lambda _: HttpResponse("in"))(request)
