"""Starters: a project of each kind of work, half written, in the language of the page.

A page starter is a template in ``templates/requester/starters/`` whose words are translated and whose
``${variables}`` are left for the requester's CSV file; a proof starter is a list of fields.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tukro.kernel.money import Money
from tukro.web.requester.posting.project_forms import ProjectKind
from tukro.web.requester.posting.proof_builder import Row

Words = str | Promise
_MINUTE, _HOUR, _DAY = 60, 3600, 86_400


@dataclass(frozen=True, slots=True)
class Starter:
    """What a new project begins with."""

    code: str
    kind: ProjectKind
    category: str
    name: Words
    summary: Words  # for the choice
    title: Words = ""
    instructions: Words = ""
    rows: tuple[Row, ...] = ()
    reward: Money = field(default=Money(50_000))
    places: int = 1
    estimate_seconds: int = 2 * _MINUTE
    duration_seconds: int = 30 * _MINUTE

    def typed(self) -> dict[str, Any]:
        """What the form shows at first."""
        return {
            "name": str(self.name),
            "title": str(self.title),
            "category": self.category,
            "reward": self.reward,
            "places": self.places,
            "estimate": self.estimate_seconds,
            "duration": self.duration_seconds,
            "lifetime": 7 * _DAY,
            "auto_approve": 3 * _DAY,
            "instructions": str(self.instructions),
            "template": self.page(),
        }

    def page(self) -> str:
        """The HTML that a page starter begins with."""
        if self.kind == "proof":
            return ""
        return render_to_string(f"requester/starters/{self.code}.html").strip() + "\n"


def _row(
    kind: str, label: Words, *, required: bool = True, options: Words = "", help_text: Words = ""
) -> Row:
    return Row(kind=kind, label=str(label), required=required, options=str(options), help=str(help_text))


def page_starters() -> list[Starter]:
    """Starters for work with a file: one task per row."""
    return [
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
            estimate_seconds=4 * _MINUTE,
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
            estimate_seconds=4 * _MINUTE,
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
            estimate_seconds=15 * _MINUTE,
            duration_seconds=2 * _HOUR,
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
            estimate_seconds=5 * _MINUTE,
        ),
        Starter(
            "blank",
            "template",
            "data_entry",
            _("Blank page"),
            _("Your own HTML, or a page that you used on MTurk."),
        ),
    ]


def proof_starters() -> list[Starter]:
    """Starters for work with instructions and a proof."""
    return [
        Starter(
            "find_information",
            "proof",
            "find_information",
            _("Find and report"),
            _("People look something up and hand in what they found, with a screenshot."),
            title=_("Find a shop near you and tell its opening hours"),
            instructions=_(
                "1. Look for a grocery shop in your street or village.\n"
                "2. Ask or read when it is open.\n"
                "3. Write down its name and its opening hours, and take a picture of the front."
            ),
            rows=(
                _row("text", _("Name of the shop")),
                _row("text", _("Opening hours"), help_text=_("For example 9:00 to 21:00.")),
                _row("image", _("A picture of the front"), required=False),
            ),
            reward=Money(250_000),
            places=30,
            estimate_seconds=10 * _MINUTE,
            duration_seconds=4 * _HOUR,
        ),
        Starter(
            "usability_test",
            "proof",
            "usability_test",
            _("Usability test"),
            _("People try your page or app and say honestly how it went."),
            title=_("Try a website and say how it went"),
            instructions=_(
                "1. Open https://example.org on your phone.\n"
                "2. Try to find the price of delivery.\n"
                "3. Tell honestly how it went: good and bad both help."
            ),
            rows=(
                _row(
                    "choice",
                    _("Did you find it?"),
                    options=_("Yes, quickly\nYes, after a while\nNo"),
                ),
                _row("long_text", _("What was hard? What was good?")),
                _row("image", _("A screenshot of where you ended")),
            ),
            reward=Money(500_000),
            places=20,
            estimate_seconds=8 * _MINUTE,
            duration_seconds=2 * _HOUR,
        ),
        Starter(
            "voice",
            "proof",
            "voice",
            _("Voice recording"),
            _("People read a sentence aloud and hand in the recording."),
            title=_("Read a sentence aloud"),
            instructions=_(
                "1. Read this sentence aloud in a quiet room: ${sentence}\n"
                "2. Record it here on the page, or with your phone.\n"
                "3. Listen to it, and hand it in."
            ),
            rows=(_row("audio", _("The recording")),),
            reward=Money(100_000),
            places=3,
            estimate_seconds=3 * _MINUTE,
        ),
        Starter(
            "blank_proof",
            "proof",
            "data_entry",
            _("Blank form"),
            _("Your own instructions and questions."),
            rows=(Row(),),
        ),
    ]


def starter(code: str) -> Starter | None:
    return next((one for one in [*page_starters(), *proof_starters()] if one.code == code), None)
