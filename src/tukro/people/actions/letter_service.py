"""Letters that a service prints and posts instead of staff: handed over, followed, never made twice.

A letter goes ``asked`` → ``sending`` → ``handed`` → ``posted``. One whose answer was lost is ``unknown``: it
is asked about, and given again under the same key only when the service says that it has none.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from tukro.kernel.actors import HOUSE, Actor
from tukro.kernel.errors import NotFound, Refused
from tukro.people.actions.letters import (
    LETTERS_IN_A_RUN,
    LetterNotMovable,
    mark_posted,
    move_letter,
    tell_of_letter,
)
from tukro.people.models import AddressLetter, LetterState
from tukro.people.rules.letters import POSTED_BY_THEN, LetterNews, is_latin, next_question

_CLAIM_LASTS = timedelta(minutes=5)
_FOLLOWED = (LetterState.SENDING, LetterState.UNKNOWN, LetterState.HANDED, LetterState.POSTED)


class NothingToHandOver(Refused):
    """No letter waits whose address such a service can print. ``kept``: those in other scripts than Latin."""


@transaction.atomic
def hand_letters(*, by: Actor, provider: str, now: datetime) -> int:
    """Give the oldest waiting letters to the letter service. Writes LetterHanded for each.

    Services print addresses in Latin letters: others stay for the house's own printer. Returns how many.
    Refuses NothingToHandOver.
    """
    waiting = AddressLetter.objects.select_for_update(skip_locked=True, of=("self",)).select_related("worker")
    letters = list(waiting.filter(state=LetterState.ASKED).order_by("pk")[:LETTERS_IN_A_RUN])
    ready = [letter for letter in letters if _can_go(letter)]
    if not ready:
        raise NothingToHandOver(kept=len(letters))
    for letter in ready:
        letter.provider, letter.next_at, letter.reason = provider, now, ""
        move_letter(letter, "hand", at=now)
        tell_of_letter(letter, "LetterHanded", by=by, at=now, provider=provider)
    return len(ready)


@transaction.atomic
def take_letter_back(*, by: Actor, letter_id: str, now: datetime) -> AddressLetter:
    """The service does not take it: it goes to the house's own printer. Writes LetterTakenBack.

    Only one that was surely not made. Refuses NotFound, LetterNotMovable.
    """
    letter = _locked(letter_id)
    if letter.claimed_at is not None:
        raise LetterNotMovable(state=letter.state, verb="take_back")  # it may just now be on its way
    letter.provider, letter.next_at = "", None
    move_letter(letter, "take_back", at=now)
    tell_of_letter(letter, "LetterTakenBack", by=by, at=now)
    return letter


@transaction.atomic
def claim_letter(*, provider: str, now: datetime) -> AddressLetter | None:
    """The letter that is sent or asked about next. None: nothing is due.

    One that was claimed for sending and then heard of no more is unknown from now on.
    """
    due = AddressLetter.objects.select_for_update(skip_locked=True, of=("self",)).select_related("worker")
    letter = due.filter(provider=provider, state__in=_FOLLOWED, next_at__lte=now).order_by("next_at").first()
    if letter is None:
        return None
    if letter.state == LetterState.SENDING and letter.claimed_at is not None:
        letter.reason = "nobody heard the answer"
        move_letter(letter, "unclear", at=now)
    letter.attempts += 1
    letter.claimed_at, letter.next_at = now, now + _CLAIM_LASTS
    letter.save(update_fields=["attempts", "claimed_at", "next_at"])
    return letter


@transaction.atomic
def record_letter_news(*, letter_id: str, attempt: int, news: LetterNews, now: datetime) -> None:
    """Write down what the service said of one attempt. What came too late to matter changes nothing.

    Writes LetterPosted, LetterReturned, LetterDelivered or LetterNotMade.
    """
    letter = _found(letter_id)
    if letter is None or letter.attempts != attempt or letter.state not in _FOLLOWED:
        return
    letter.claimed_at, letter.handle = None, news.handle[:60] or letter.handle
    said = news.said
    if said == "accepted" and letter.handed_at and letter.handed_at + POSTED_BY_THEN <= now:
        said = "posted"  # abroad nobody tells
    letter.reason = "" if said == "accepted" else news.reason[:200] or letter.reason
    _follow(letter, said, now)
    letter.next_at = next_question(letter.state, since=letter.posted_at, attempts=letter.attempts, now=now)
    letter.save()


def ask_letter_soon(*, provider: str, handle: str, now: datetime) -> bool:
    """A web hook named this letter: it is asked about at once. False: it is none of ours."""
    found = Q(provider=provider, handle=handle, state__in=_FOLLOWED, claimed_at=None)
    return bool(handle) and bool(AddressLetter.objects.filter(found).update(next_at=now))


def _follow(letter: AddressLetter, said: str, now: datetime) -> None:
    """Move the letter as far as the service's word goes."""
    if said in ("posted", "delivered", "returned") and letter.state != LetterState.POSTED:
        if letter.state != LetterState.HANDED:
            _accept(letter, now)
        mark_posted(letter, by=HOUSE, at=now)
    match said:
        case "accepted" if letter.state in (LetterState.SENDING, LetterState.UNKNOWN):
            _accept(letter, now)
        case "unclear" if letter.state == LetterState.SENDING:
            move_letter(letter, "unclear", at=now)
        case "absent" if letter.state == LetterState.UNKNOWN:
            move_letter(letter, "absent", at=now)
        case "refused" if letter.state in (LetterState.SENDING, LetterState.UNKNOWN):
            move_letter(letter, "return", at=now)
            tell_of_letter(letter, "LetterReturned", by=HOUSE, at=now, reason=letter.reason, unsent=True)
        case "failed" if letter.state != LetterState.POSTED:
            letter.provider = ""
            move_letter(letter, "fail", at=now)
            tell_of_letter(letter, "LetterNotMade", by=HOUSE, at=now, reason=letter.reason)
        case "delivered" if letter.delivered_at is None:
            letter.delivered_at = now
            tell_of_letter(letter, "LetterDelivered", by=HOUSE, at=now)
        case "returned":
            move_letter(letter, "return", at=now)
            tell_of_letter(letter, "LetterReturned", by=HOUSE, at=now, reason=letter.reason)


def _accept(letter: AddressLetter, now: datetime) -> None:
    letter.handed_at = now
    move_letter(letter, "accepted", at=now)


def _can_go(letter: AddressLetter) -> bool:
    content = letter.content()
    if content is None:
        return False
    place, _pin = content
    return is_latin(place.full_name + place.address + place.city)


def _found(letter_id: str) -> AddressLetter | None:
    found = AddressLetter.objects.select_for_update(of=("self",)).select_related("worker")
    return found.filter(public_id=letter_id).first()


def _locked(letter_id: str) -> AddressLetter:
    letter = _found(letter_id)
    if letter is None:
        raise NotFound(letter=letter_id)
    return letter
