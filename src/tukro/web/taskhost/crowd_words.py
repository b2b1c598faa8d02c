"""Our own words in Crowd HTML elements, in the reader's language; scripts call them ``words.<name>``."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tukro.web.taskhost.drawing_words import DRAWING_WORDS
from tukro.web.taskhost.text_words import TEXT_WORDS

WORDS: Final[dict[str, Promise]] = {
    "add_comment": _("Add a comment"),
    "bad_examples": _("Bad examples"),
    "button": _("Button"),
    "choose_all": _("Choose all that fit"),
    "choose_one": _("Choose one"),
    "choose_some": _("Choose at least one"),
    "close": _("Close"),
    "comment": _("Comment"),
    "detailed_instructions": _("Detailed instructions"),
    "examples": _("Examples"),
    "full_instructions": _("Full instructions"),
    "full_size": _("Full size"),
    "good_examples": _("Good examples"),
    "instructions": _("Instructions"),
    "key": _("Key"),
    "key_not_found": _("This key is not on the form"),
    "lower_right_of": _("Lower right corner of {what}"),
    "mark": _("Mark"),
    "more": _("More"),
    "move_slider": _("Move the slider to your answer"),
    "none_of_these": _("None of these"),
    "not_a_pair": _("This is no key with its value"),
    "picture": _("Picture"),
    "preview": _("This is a preview. Accept the task to hand in an answer."),
    "submit": _("Submit"),
    "summary": _("Summary"),
    "tick_this": _("This has to be ticked"),
    "too_long": _("At most {most} characters; you wrote {length}"),
    "too_short": _("At least {least} characters; you wrote {length}"),
    "upper_left_of": _("Upper left corner of {what}"),
    "value": _("Value"),
    "value_is_blank": _("The value is blank"),
    "view_instructions": _("View instructions"),
    "write_something": _("Write something here"),
    **DRAWING_WORDS,
    **TEXT_WORDS,
}
