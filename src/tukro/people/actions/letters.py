"""The letter with a PIN: a worker asks for it, staff print and post it, and its PIN proves the address.

A PIN is seen by the printer and by who opens the letter. Wrong tries are counted in a transaction of their
own, so that a refusal does not undo the count.
"""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction

from tukro.journal.actions import record
from tukro.kernel.actors import Actor
from tukro.kernel.errors import NotFound, Refused, WordsMissing
from tukro.kernel.ids import new_id
from tukro.people.models import (
    LETTERS_UNDER_WAY,
    AddressLetter,
    LetterRun,
    LetterState,
    ProvedAddress,
    Worker,
    WorkerState,
)
from tukro.people.queries import is_proved, place_of
from tukro.people.rules import typed_code
from tukro.people.rules.letters import (
    GOOD_FOR,
    LETTER_MOVES,
    LETTERS_COUNTED,
    PIN_DIGITS,
    TRIES,
    LetterVerb,
    new_pin,
    next_letter_at,
)

LETTERS_IN_A_RUN = 200
_BEFORE_THE_POST = tuple(one for one in LETTERS_UNDER_WAY if one != LetterState.POSTED)
_NOT_MADE = (LetterState.ASKED, LetterState.SENDING)


class AddressMissing(Refused):
    """A letter needs a name and an address to go to."""


class AddressProvedBefore(Refused):
    """The address is proved; another letter would prove nothing."""


class AddressTaken(Refused):
    """Another account proved this name at this address: one person, one account (S1-30)."""


class LetterTooSoon(Refused):
    """The letter before may still arrive, or there were too many. ``at``: when one may be asked for again."""


class LetterUnderWay(Refused):
    """A letter waits to be printed or posted."""


class NoLetter(Refused):
    """No letter is on its way, so no PIN can be right."""


class BadPin(Refused):
    """Not eight digits: nothing was tried. ``digits``"""


class WrongPin(Refused):
    """It is not the PIN of the letter. ``left``: tries that remain; 0: another letter is needed."""


class PinTooOld(Refused):
    """The letter was posted too long ago. ``at``: when its PIN ended."""


class NoTriesLeft(Refused):
    """The PIN was typed wrongly too often; it works no more."""


class LetterNotMovable(Refused):
    """The letter is in a state from which this cannot happen. ``state``, ``verb``"""


class LetterReasonMissing(WordsMissing):
    """A letter came back for a reason, which its worker should know."""


class NothingToPrint(Refused):
    """No letter waits for the printer."""


@transaction.atomic
def ask_for_letter(*, worker: Worker, now: datetime) -> AddressLetter:
    """Order a letter to the address of the contact details as they are now. Writes LetterAsked.

    One that is on its way is replaced, its PIN void from now on. Refuses AddressMissing, AddressProvedBefore,
    AddressTaken, LetterUnderWay (not posted yet), LetterTooSoon.
    """
    Worker.objects.select_for_update().only("pk").get(pk=worker.pk)
    place = place_of(worker)
    if place is None:
        raise AddressMissing()
    if is_proved(worker, place):
        raise AddressProvedBefore()
    _refuse_taken(worker, place.digest)
    earlier = list(worker.letters.filter(asked_at__gt=now - LETTERS_COUNTED).order_by("-pk"))
    counted = [one for one in earlier if one.state != LetterState.CANCELLED]
    if counted and counted[0].state in _BEFORE_THE_POST:
        raise LetterUnderWay()
    came_back = bool(counted) and counted[0].state == LetterState.RETURNED
    moved_house = bool(counted) and counted[0].place != place.digest  # no use in waiting for that one
    at = next_letter_at([one.asked_at for one in counted], came_back=came_back or moved_house)
    if at is not None and at > now:
        raise LetterTooSoon(at=at)
    for one in worker.letters.select_for_update().filter(state=LetterState.POSTED):
        move_letter(one, "replace", at=now)
    pin = new_pin()
    letter = AddressLetter(
        public_id=new_id(),
        worker=worker,
        state=LetterState.ASKED,
        place=place.digest,
        language=worker.user.mail_language or "bn",
        pin_hash=make_password(pin),
        tries_left=TRIES,
        asked_at=now,
    )
    letter.put(place, pin)
    letter.save()
    tell_of_letter(letter, "LetterAsked", by=worker.actor, at=now)
    return letter


@transaction.atomic
def cancel_letter(*, worker: Worker, now: datetime) -> None:
    """Take a letter back that nobody posted, for example because its address is wrong. Refuses NoLetter."""
    letter = (
        worker.letters.select_for_update().filter(state__in=[LetterState.ASKED, LetterState.PRINTED]).first()
    )
    if letter is None:
        raise NoLetter()
    move_letter(letter, "cancel", at=now)
    tell_of_letter(letter, "LetterCancelled", by=worker.actor, at=now)


@transaction.atomic
def print_letters(*, by: Actor, now: datetime) -> LetterRun:
    """Take the oldest waiting letters, at most LETTERS_IN_A_RUN, into one run for the printer.

    Two members of staff who press at once get different letters. Refuses NothingToPrint.
    """
    waiting = AddressLetter.objects.select_for_update(skip_locked=True, of=("self",)).filter(
        state=LetterState.ASKED
    )
    letters = list(waiting.order_by("pk")[:LETTERS_IN_A_RUN])
    if not letters:
        raise NothingToPrint()
    run = LetterRun.objects.create(public_id=new_id(), printed_at=now, printed_by=str(by))
    for letter in letters:
        letter.run = run
        move_letter(letter, "print", at=now)
    record(
        name="LettersPrinted",
        actor=by,
        subject=run.public_id,
        at=now,
        facts={"letters": len(letters)},
    )
    return run


@transaction.atomic
def post_letters(*, by: Actor, run_id: str, now: datetime) -> LetterRun:
    """The run is in the post: its PINs begin to run out, and nobody can print them again.

    Writes LetterPosted for each. Twice is once. Refuses NotFound.
    """
    run = LetterRun.objects.select_for_update().filter(public_id=run_id).first()
    if run is None:
        raise NotFound(run=run_id)
    if run.posted_at is not None:
        return run
    run.posted_at = now
    run.save(update_fields=["posted_at"])
    # Those that were cancelled or entered meanwhile stay as they are; only what was sealed goes.
    run.letters.exclude(state=LetterState.PRINTED).update(sealed=None)
    for letter in run.letters.select_for_update(of=("self",)).filter(state=LetterState.PRINTED):
        mark_posted(letter, by=by, at=now)
    return run


@transaction.atomic
def return_letter(*, by: Actor, letter_id: str, reason: str, now: datetime) -> AddressLetter:
    """The post brought it back. Writes LetterReturned; its worker may ask for another at once.

    Twice is once. Refuses NotFound, LetterReasonMissing, LetterNotMovable.
    """
    if not reason.strip():
        raise LetterReasonMissing()
    letter = AddressLetter.objects.select_for_update(of=("self",)).filter(public_id=letter_id).first()
    if letter is None:
        raise NotFound(letter=letter_id)
    if letter.state == LetterState.RETURNED:
        return letter
    letter.reason = reason.strip()[:200]
    move_letter(letter, "return", at=now)
    tell_of_letter(letter, "LetterReturned", by=by, at=now, reason=letter.reason)
    return letter


def enter_pin(*, worker: Worker, pin: str, now: datetime) -> None:
    """What the worker read in the letter. Right: the address is proved. Writes AddressProved.

    Entering it again is no fault. Refuses BadPin (nothing counted), NoLetter, PinTooOld, NoTriesLeft,
    AddressTaken, WrongPin.
    """
    if not (digits := typed_code(pin, digits=PIN_DIGITS)):
        raise BadPin(digits=PIN_DIGITS)
    if refusal := _try(worker, digits, now):
        raise refusal


@transaction.atomic
def _try(worker: Worker, digits: str, now: datetime) -> Refused | None:
    """Look at one PIN under the letter's lock; the refusal is returned so that the count stays."""
    Worker.objects.select_for_update().only("pk").get(pk=worker.pk)
    letter = worker.letters.select_for_update().filter(state__in=LETTERS_UNDER_WAY).first()
    if letter is None or letter.state in _NOT_MADE:
        return None if ProvedAddress.objects.filter(worker=worker).exists() else NoLetter()
    if letter.expires_at is not None and letter.expires_at <= now:
        return PinTooOld(at=letter.expires_at)
    if not letter.tries_left:
        return NoTriesLeft()
    _refuse_taken(worker, letter.place)
    if not check_password(digits, letter.pin_hash):
        letter.tries_left -= 1
        letter.save(update_fields=["tries_left"])
        tell_of_letter(letter, "WrongPinEntered", by=worker.actor, at=now, left=letter.tries_left)
        return WrongPin(left=letter.tries_left)
    move_letter(letter, "enter", at=now)
    ProvedAddress.objects.update_or_create(
        worker=worker, defaults={"place": letter.place, "how": "letter", "proved_at": now}
    )
    tell_of_letter(letter, "AddressProved", by=worker.actor, at=now)
    return None


@transaction.atomic
def vouch_for(*, by: Actor, worker: Worker, reason: str, now: datetime) -> None:
    """Staff saw another proof, or the operator made the account: no letter is needed. Writes AddressProved.

    Refuses LetterReasonMissing.
    """
    if not reason.strip():
        raise LetterReasonMissing()
    ProvedAddress.objects.update_or_create(
        worker=worker, defaults={"place": "", "how": "house", "proved_at": now}
    )
    facts = {"how": "house", "reason": reason.strip()}
    record(name="AddressProved", actor=by, subject=worker.public_id, at=now, facts=facts)


def forget_letters(worker: Worker) -> None:
    """The worker closed their account: no letter goes out any more, and none can be read.

    Who leaves in good standing may prove the address anew; who was barred does not come back by another
    account.
    """
    worker.letters.all().delete()
    if worker.state == WorkerState.ACTIVE:
        ProvedAddress.objects.filter(worker=worker).delete()


def _refuse_taken(worker: Worker, place: str) -> None:
    if ProvedAddress.objects.filter(place=place).exclude(worker=worker).exists():
        raise AddressTaken()


def mark_posted(letter: AddressLetter, *, by: Actor, at: datetime) -> None:
    """It is in the post: its PIN begins to run out. Writes LetterPosted."""
    letter.sealed = None
    letter.posted_at, letter.expires_at = at, at + GOOD_FOR
    move_letter(letter, "post", at=at)
    tell_of_letter(letter, "LetterPosted", by=by, at=at)


def move_letter(letter: AddressLetter, verb: LetterVerb, *, at: datetime) -> None:
    """Along LETTER_MOVES; what has ended keeps neither address nor PIN. Refuses LetterNotMovable."""
    state = LETTER_MOVES.get((letter.state, verb))
    if state is None:
        raise LetterNotMovable(state=letter.state, verb=verb)
    letter.state = state
    if state not in LETTERS_UNDER_WAY:
        letter.ended_at, letter.sealed = at, None
    letter.save()


def tell_of_letter(letter: AddressLetter, name: str, *, by: Actor, at: datetime, **facts: object) -> None:
    """Write into the journal what became of the letter."""
    facts |= {"letter": letter.public_id}
    record(name=name, actor=by, subject=letter.worker.public_id, at=at, facts=facts)
