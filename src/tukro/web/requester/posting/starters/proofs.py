"""Starters for work with instructions and a proof: a list of fields."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from tukro.kernel.money import Money
from tukro.web.requester.posting.starters.starter import HOUR, MINUTE, Ask, Starter

PROOFS = (
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
        asks=(
            Ask("text", _("Name of the shop")),
            Ask("text", _("Opening hours"), help=_("For example 9:00 to 21:00.")),
            Ask("image", _("A picture of the front"), required=False),
        ),
        reward=Money(250_000),
        places=30,
        estimate_seconds=10 * MINUTE,
        duration_seconds=4 * HOUR,
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
        asks=(
            Ask(
                "choice",
                _("Did you find it?"),
                options=_("Yes, quickly\nYes, after a while\nNo"),
            ),
            Ask("long_text", _("What was hard? What was good?")),
            Ask("image", _("A screenshot of where you ended")),
        ),
        reward=Money(500_000),
        places=20,
        estimate_seconds=8 * MINUTE,
        duration_seconds=2 * HOUR,
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
        asks=(Ask("audio", _("The recording")),),
        reward=Money(100_000),
        places=3,
        estimate_seconds=3 * MINUTE,
    ),
    Starter(
        "blank_proof",
        "proof",
        "data_entry",
        _("Blank form"),
        _("Your own instructions and questions."),
        asks=(Ask(),),
    ),
)
