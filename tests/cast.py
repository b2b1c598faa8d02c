"""The fixed people of our tests: always the same names, so that a test reads like a story."""

from __future__ import annotations

from tests import make
from tukro.people.models import Requester, User, Worker


def rahima() -> Worker:
    """A worker in Bangladesh who does careful work."""
    return make.worker(email="rahima@example.org")


def tanvir() -> Worker:
    """Another worker, a stranger to whatever Rahima does."""
    return make.worker(email="tanvir@example.org")


def karim() -> Requester:
    """A requester with 1,000 dollars of play money."""
    return make.requester(email="karim@example.org", name="Karim Studio")


def shirin() -> User:
    """A member of staff."""
    return make.staff(email="shirin@example.org")
