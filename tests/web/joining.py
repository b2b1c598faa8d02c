"""A visitor's way through joining, for the tests that walk it."""

from __future__ import annotations

import re

from django.test import Client

from tukro.notices.models import Mail
from tukro.people.actions.accounts import create_user
from tukro.people.models import User

PASSWORD = "correct-horse-9"

CONTACT = {
    "full_name": "রহিমা খাতুন",
    "address": "বাড়ি ১২, রোড ৫, মিরপুর",
    "postal_code": "1216",
    "city": "ঢাকা",
    "country": "BD",
    "time_zone": "Asia/Dhaka",
    "language": "bn",
    "digits": "native",
}


def visitor(language: str = "en") -> Client:
    """A browser that has never been here."""
    return Client(headers={"accept-language": language})


def register(client: Client, email: str = "rahima@example.org", **more: str) -> str:
    """Fill the registration form; answers the address of the link in the mail."""
    answer = client.post("/account/signup/", {"email": email, "password1": PASSWORD, **more})
    assert answer.status_code == 302, answer.content.decode()
    return link_in(Mail.objects.filter(to=email).latest("id"))


def link_in(mail: Mail) -> str:
    """The path of the first link of a mail."""
    found = re.search(r"https?://[^/\s]+(/\S+)", mail.text)
    assert found, mail.text
    return found[1]


def signed_in(user: User) -> Client:
    """The user's browser. No password is hashed, so it is quick."""
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    return client


def verified_user(email: str = "rahima@example.org") -> User:
    """Someone who registered and opened the link."""
    return create_user(email, PASSWORD)
