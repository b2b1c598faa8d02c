"""Kinds of work in the reader's words: their names, and what the operator's policy for them means."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tukro.work.models import Category, CategoryPolicy

NAMES: dict[str, str | Promise] = {
    "survey": _("Survey"),
    "data_entry": _("Data entry"),
    "web_research": _("Web research"),
    "transcription": _("Transcription"),
    "writing": _("Writing"),
    "voice": _("Voice recording"),
    "find_information": _("Finding information"),
    "verify_information": _("Checking information"),
    "image": _("Looking at images"),
    "translation": _("Translation"),
    "sentiment": _("Sentiment and opinion of texts"),
    "content_rating": _("Content rating"),
    "usability_test": _("Usability test"),
    "other": _("Other work"),
    "sign_up": _("Sign-up"),
    "visit": _("Visiting a page"),
    "social": _("Social media"),
    "app_install": _("Installing an app"),
    "fake_engagement": _("Fake likes, follows, votes, reviews or accounts"),
    "credentials": _("Passwords, one-time codes or identity papers"),
}

# For each refused kind: what a requester may ask for instead.
ALTERNATIVES: dict[str, str | Promise] = {
    "fake_engagement": _(
        "Ask people what they honestly think: a usability test, feedback on your page, or a content rating."
    ),
    "credentials": _(
        "Ask only for what the task itself needs: a survey answer, a measured result, a screenshot."
    ),
}


def category_name(code: str) -> str | Promise:
    """The name that people read; a kind that the operator added himself shows its code."""
    return NAMES.get(code, code)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of work for a page."""

    code: str
    name: str | Promise
    alternative: str | Promise  # what to ask for instead, when the kind is refused


def kinds_by_policy() -> dict[str, list[Kind]]:
    """All kinds of work under ``open``, ``moderated`` and ``refused``, each in the operator's order."""
    found: dict[str, list[Kind]] = {str(policy): [] for policy in CategoryPolicy.values}
    for category in Category.objects.order_by("position", "code"):
        code = category.code
        found[category.policy].append(Kind(code, category_name(code), ALTERNATIVES.get(code, "")))
    return found
