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
    "pays_too_little": _("It pays too little"),
    "broken": _("The task does not work"),
    "unclear": _("The instructions are not clear"),
    "unpaid_screener": _("It sends me away after questions that are not paid"),
    "personal_data": _("It asks for personal data"),
    "too_hard": _("It is too hard"),
    "too_long": _("It takes too long"),
    "no_time": _("I have no time now"),
    "language": _("I do not know the language"),
    "other": _("Another reason"),
}
SKIPPED = _("Skipped for another task of this work")
REPORT: dict[str, str | Promise] = {
    "secrets": _("It asks for a password, a one-time code or a card number"),
    "personal_data": _("It asks for identity papers or other personal data"),
    "deceives": _("It wants to deceive me or others"),
    "fake_engagement": _("It wants fake likes, votes, reviews or accounts"),
    "downloads": _("It wants me to install or download something"),
    "pay_first": _("It wants me to pay, or to go on elsewhere"),
    "offensive": _("It shows violence, nudity or hatred without warning"),
    "broken": _("The task does not work"),
    "other": _("Something else"),
}
