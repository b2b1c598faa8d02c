"""The words of the elements that work on text; part of ``crowd_words.WORDS``."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

TEXT_WORDS: Final[dict[str, Promise]] = {
    "ask_add": _("Add a question"),
    "ask_answer": _("Answer"),
    "ask_answer_long": _("at most {most} words in the answer; there are {length}"),
    "ask_answer_short": _("at least {least} words in the answer; there are {length}"),
    "ask_hint": _(
        "Choose a part of the text to take it as an answer: draw over it, or press its first and last word."
    ),
    "ask_own_tags": _("Tags of your own, with commas between"),
    "ask_question": _("Question"),
    "ask_question_long": _("at most {most} words in the question; there are {length}"),
    "ask_question_no": _("Question {no}"),
    "ask_question_short": _("at least {least} words in the question; there are {length}"),
    "ask_tags": _("Tags"),
    "ask_take": _("Take the chosen text as the answer"),
    "ask_text": _("Text to ask about"),
    "ask_too_few": _("At least {least} questions with answers are asked for; there are {count}."),
    "key_letter": _("end or start of the chosen text by a letter"),
    "key_next_mark": _("next or previous labelled text"),
    "key_remove_mark": _("take the label away"),
    "key_stretch": _("a word more or less"),
    "key_text_label": _("put the label on the chosen text"),
    "key_word": _("next or previous word"),
    "rank_hint": _("1 is best. Give every response a place."),
    "rank_missing": _("Response {no} has no place yet in “{measure}”."),
    "rank_response": _("Response {no}"),
    "rank_taken": _("Response {no} gave up this place in “{measure}”."),
    "text_chosen": _("{text} chosen, label {label}. Press another label to change it."),
    "text_end_back": _("End one letter back"),
    "text_end_on": _("End one letter on"),
    "text_hint": _(
        "Choose a part of the text: draw over it, or press its first and its last word. Then press a label."
    ),
    "text_hint_active": _(
        "Whatever you choose in the text gets this label at once. Press the label again to stop."
    ),
    "text_hint_chosen": _("Press another label to change this one, or delete it below."),
    "text_hint_picked": _("Now press a label. The arrows above move the ends by a letter."),
    "text_label_active": _("Label {label} goes on whatever you choose next"),
    "text_label_off": _("Labels no longer go on at once"),
    "text_labelled": _("{text} is now {label}"),
    "text_list": _("Labelled so far: {count}"),
    "text_overlaps": _("That overlaps with text that has a label. Delete that label first."),
    "text_picked": _("Chosen: {text}"),
    "text_start_back": _("Start one letter back"),
    "text_start_on": _("Start one letter on"),
    "text_to_label": _("Text to label"),
}
