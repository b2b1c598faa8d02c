"""Proof forms: the house's own way to ask for an answer, as a list of fields that a requester put together.

The stored shape (``Question.body`` of kind ``proof``) is JSON: ``{"instructions": text, "fields": [spec…]}``;
``load`` reads it back into a ``Form``. Instructions, labels, help and options may hold ``${variables}``,
which ``fill`` replaces with the values of a task's row.

Problems are codes with facts; the words are chosen at the door.
"""

from __future__ import annotations

from tukro.questions.proof.checking import check_answers as check_answers
from tukro.questions.proof.checking import known_pairs as known_pairs
from tukro.questions.proof.fields import CODES as CODES
from tukro.questions.proof.fields import FILE_TYPES as FILE_TYPES
from tukro.questions.proof.fields import MAX_SECONDS as MAX_SECONDS
from tukro.questions.proof.fields import MAX_TEXT_ANSWER as MAX_TEXT_ANSWER
from tukro.questions.proof.fields import BadSpec as BadSpec
from tukro.questions.proof.fields import Field as Field
from tukro.questions.proof.fields import Form as Form
from tukro.questions.proof.fields import Kind as Kind
from tukro.questions.proof.fields import Problem as Problem
from tukro.questions.proof.fields import fill as fill
from tukro.questions.proof.fields import variables as variables
from tukro.questions.proof.specs import load as load
from tukro.questions.proof.specs import name_from_label as name_from_label
from tukro.questions.proof.specs import read_fields as read_fields
from tukro.questions.proof.typed import plain_number as plain_number
