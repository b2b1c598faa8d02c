"""Reasons in words: why an answer was rejected, sent back or returned. The codes are in ``work.rules``."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

REJECTION: dict[str, str | Promise] = {
    "wrong": _("The answer is wrong"),
    "incomplete": _("Something is missing"),
    "instructions": _("The instructions were not followed"),
    "bad_proof": _("The proof does not show what was asked for"),
    "empty": _("The answer is empty"),
    "copied": _("The answer was copied"),
    "automated": _("The answer was made by a machine"),
    "repeated": _("The same work was handed in before"),
    "other": _("Another reason"),
}
REVISION: dict[str, str | Promise] = {
    "incomplete": _("Something is missing"),
    "instructions": _("The instructions were not followed"),
    "bad_proof": _("The proof does not show what was asked for"),
    "unclear": _("The answer is not clear"),
    "other": _("Another reason"),
}
RETURN: dict[str, str | Promise] = {
    "unclear": _("The instructions are not clear"),
    "broken": _("The task does not work"),
    "too_hard": _("It is too hard"),
    "too_long": _("It takes too long"),
    "pays_too_little": _("It pays too little"),
    "language": _("I do not know the language"),
    "other": _("Another reason"),
}
