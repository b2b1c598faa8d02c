"""Starters made of crowd elements: their pages run here and on MTurk alike (docs/crowd)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from tukro.kernel.money import Money
from tukro.web.requester.posting.starters.starter import MINUTE, Starter

ELEMENTS = (
    Starter(
        "crowd_image_classification",
        "template",
        "image",
        _("Pictures into categories"),
        _("One category for each picture, with a place for remarks."),
        title=_("Choose what a picture shows"),
        places=3,
    ),
    Starter(
        "crowd_bounding_boxes",
        "template",
        "image",
        _("Boxes around things"),
        _("Draw a box around each thing in a picture and name it."),
        title=_("Draw boxes around things in a picture"),
        reward=Money(100_000),
        estimate_seconds=3 * MINUTE,
    ),
    Starter(
        "crowd_entities",
        "template",
        "sentiment",
        _("Names in a text"),
        _("Mark people, places and organisations in a text."),
        title=_("Mark the names in a text"),
        reward=Money(80_000),
        estimate_seconds=2 * MINUTE,
        places=2,
    ),
    Starter(
        "crowd_sentiment",
        "template",
        "sentiment",
        _("Feeling of a text, by elements"),
        _("One category for each text, with instructions beside it."),
        title=_("Say what feeling a text carries"),
        places=3,
    ),
    Starter(
        "crowd_topics",
        "template",
        "sentiment",
        _("Topics of a text"),
        _("All topics that fit, or none of them."),
        title=_("Choose the topics of a text"),
        places=2,
    ),
    Starter(
        "crowd_transcription",
        "template",
        "transcription",
        _("Speech into text, by elements"),
        _("A recording, a text box that counts, and how clear it was."),
        title=_("Write down what is said in a recording"),
        reward=Money(150_000),
        estimate_seconds=4 * MINUTE,
    ),
    Starter(
        "crowd_translation_quality",
        "template",
        "translation",
        _("Quality of a translation"),
        _("Two scales from 1 to 5: meaning and fluency."),
        title=_("Say how good a translation is"),
        places=3,
    ),
    Starter(
        "crowd_tags",
        "template",
        "image",
        _("Words for a picture"),
        _("Three words that describe a picture, with examples."),
        title=_("Describe a picture in three words"),
    ),
)
