"""The base of every refusal: a rule of the house said no, and here are the facts."""

from __future__ import annotations


class Refused(Exception):
    """A verb declined to act and wrote nothing.

    A subclass stands beside the verb that raises it and is named for the reason. It carries facts
    (``**facts``: strings, numbers, ``Money``, moments), never sentences: the words are chosen at the
    door, in the reader's language.
    """

    def __init__(self, **facts: object) -> None:
        super().__init__(f"{type(self).__name__}({', '.join(f'{k}={v!r}' for k, v in facts.items())})")
        self.facts = facts


class NotFound(Refused):
    """The thing does not exist, or is not yours: the two look the same."""


class WordsMissing(Refused):
    """The act needs words of who does it, and none were given. Pages say so beside the field.

    ``asked`` names the fields of a form that may hold them.
    """

    asked: tuple[str, ...] = ("reason", "note", "why")


class NumberMissing(WordsMissing):
    """The act needs a number that somebody else gave it: a bank's, a provider's."""

    asked = ("reference", "note")
