"""Starters for work with a file, one task per row: pages of plain HTML."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from tukro.kernel.money import Money
from tukro.web.requester.posting.starters.starter import HOUR, MINUTE, Starter

PAGES = (
    Starter(
        "image_classification",
        "template",
        "image",
        _("Image classification"),
        _("One picture, one question, a few options."),
        title=_("Look at a picture and choose what it shows"),
        places=3,
    ),
    Starter(
        "image_transcription",
        "template",
        "transcription",
        _("Transcription from a picture"),
        _("Type what is written on a receipt, a form or a sign."),
        title=_("Type the text in a picture"),
    ),
    Starter(
        "audio_transcription",
        "template",
        "transcription",
        _("Transcription of speech"),
        _("Listen to a short recording and write it down."),
        title=_("Listen to a short recording and write it down"),
        reward=Money(150_000),
        estimate_seconds=4 * MINUTE,
    ),
    Starter(
        "data_entry",
        "template",
        "data_entry",
        _("Data entry"),
        _("Copy fields from a document into a form."),
        title=_("Copy the fields of a document"),
    ),
    Starter(
        "sentiment",
        "template",
        "sentiment",
        _("Sentiment of a text"),
        _("Is a sentence positive, negative or neutral?"),
        title=_("Say what feeling a sentence carries"),
        places=3,
    ),
    Starter(
        "web_research",
        "template",
        "web_research",
        _("Web research"),
        _("Find the website, phone number or address of a business."),
        title=_("Find the website and phone number of a business"),
        reward=Money(150_000),
        estimate_seconds=4 * MINUTE,
    ),
    Starter(
        "verification",
        "template",
        "verify_information",
        _("Checking information"),
        _("Is a statement, word or record right?"),
        title=_("Check whether a piece of information is right"),
        places=3,
    ),
    Starter(
        "translation",
        "template",
        "translation",
        _("Translation"),
        _("Translate a sentence, or say how good a translation is."),
        title=_("Translate one sentence"),
        reward=Money(100_000),
    ),
    Starter(
        "writing",
        "template",
        "writing",
        _("Writing"),
        _("A short text about a given subject."),
        title=_("Write a short text"),
        reward=Money(1_000_000),
        estimate_seconds=15 * MINUTE,
        duration_seconds=2 * HOUR,
    ),
    Starter(
        "survey",
        "template",
        "survey",
        _("Survey"),
        _("Questions on one page; everyone answers once."),
        title=_("Answer a short survey"),
        reward=Money(250_000),
        places=100,
        estimate_seconds=5 * MINUTE,
    ),
    Starter(
        "blank",
        "template",
        "data_entry",
        _("Blank page"),
        _("Your own HTML, or a page that you used on MTurk."),
    ),
)
