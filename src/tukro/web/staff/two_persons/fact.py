"""One line of what is proposed, and the lines that many acts have."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of what is proposed; ``before`` is what a rule is now, ``url`` a page of ours about it."""

    label: str | Promise
    value: str
    before: str = ""
    url: str = ""
    is_text: bool = False  # a person wrote it, or it is a number of somebody: it is not translated


def of_person(name: str) -> Fact:
    kind, _colon, public_id = name.partition(":")
    if kind == "worker":
        url = reverse("staff:worker", args=[public_id])
        return Fact(_("Worker"), public_id, url=url, is_text=True)
    return Fact(_("Requester"), public_id, url=f"{reverse('staff:people')}?q={public_id}", is_text=True)


def of_journal(label: str, public_id: str) -> Fact:
    url = f"{reverse('staff:journal')}?subject={public_id}"
    return Fact(label, public_id, url=url, is_text=True)


def why(reason: str) -> Fact:
    return Fact(_("Why"), reason.strip() or "–", is_text=True)


def of_reference(reference: str) -> Fact:
    return Fact(_("Reference"), reference, is_text=True)
