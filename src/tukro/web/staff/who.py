"""Who did it, and whom it is about, as staff read it: by address, not by a number that no page explains."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from tukro.kernel.actors import Actor, actor_of
from tukro.people.models import Requester, User, Worker


@dataclass(frozen=True, slots=True)
class Person:
    """A worker or requester: their address, and the page of ours about them."""

    is_worker: bool
    called: str
    url: str


def people_named(named: Iterable[str]) -> dict[str, Person]:
    """Whom each ``worker:ID`` or ``requester:ID`` names; each kind is found in one query."""
    ids: dict[str, set[str]] = {"worker": set(), "requester": set()}
    for name in named:
        kind, _colon, public_id = name.partition(":")
        ids[kind].add(public_id)
    return _workers(ids["worker"]) | _requesters(ids["requester"])


def names_of(written: Iterable[str]) -> dict[str, str]:
    """What to call each of these actors, by how it is written down; the staff are found in one query."""
    actors = {text: actor_of(text) for text in written if text}
    addresses = addresses_of(actors.values())
    return {text: _name(actor, addresses) for text, actor in actors.items()}


def addresses_of(actors: Iterable[Actor]) -> dict[str, str]:
    """The addresses of the members of staff among these, by the actor's id."""
    ids = {actor.id for actor in actors if actor.kind == "staff" and actor.id.isdecimal()}
    if not ids:
        return {}
    return {str(key): email for key, email in User.objects.filter(pk__in=ids).values_list("pk", "email")}


def _workers(ids: set[str]) -> dict[str, Person]:
    found = Worker.objects.filter(public_id__in=ids).values_list("public_id", "user__email") if ids else []
    return {
        f"worker:{one}": Person(is_worker=True, called=email, url=reverse("staff:worker", args=[one]))
        for one, email in found
    }


def _requesters(ids: set[str]) -> dict[str, Person]:
    """They have no page of their own: the search for people finds them."""
    found = Requester.objects.filter(public_id__in=ids).values_list("public_id", "user__email") if ids else []
    return {
        f"requester:{one}": Person(is_worker=False, called=email, url=f"{reverse('staff:people')}?q={one}")
        for one, email in found
    }


def _name(actor: Actor, addresses: dict[str, str]) -> str:
    if actor.kind == "house":
        return _("The house")
    return addresses.get(actor.id, str(actor)) if actor.kind == "staff" else str(actor)
