"""Who did it, as staff read it: a colleague by address, not by a number that no page explains."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from tukro.kernel.actors import Actor, actor_of
from tukro.people.models import User


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


def _name(actor: Actor, addresses: dict[str, str]) -> str:
    if actor.kind == "house":
        return _("The house")
    return addresses.get(actor.id, str(actor)) if actor.kind == "staff" else str(actor)
