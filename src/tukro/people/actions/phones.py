"""The proof of a phone: a worker asks for a code, a text message brings it, and typing it proves the number.

Nothing is sent here: a code is a row, and ``providers/texting.py`` takes it out. Wrong tries are counted in a
transaction of their own, so that a refusal does not undo the count.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.db import connection, transaction
from django.db.models import Q, QuerySet

from tukro.journal.actions import record
from tukro.kernel.actors import HOUSE, Actor
from tukro.kernel.errors import Refused, WordsMissing
from tukro.kernel.ids import new_id
from tukro.people.models import (
    OPEN_CODES,
    CodeState,
    PhoneCode,
    ProvedPhone,
    Worker,
    WorkerState,
    line_digest,
    number_digest,
)
from tukro.people.queries.phones import codes_asked, phone_of
from tukro.people.rules import typed_code
from tukro.people.rules.phones import (
    CLAIM_LASTS,
    CODE_DIGITS,
    CODE_MOVES,
    GOOD_FOR,
    TRIES,
    CodeVerb,
    TextNews,
    country_of,
    masked_number,
    new_code,
    next_code_at,
    read_number,
)

_AGAIN = timedelta(seconds=15)  # after an attempt that surely sent nothing, and between questions
_TEXTS_LOCK = 20819


class BadNumber(Refused):
    """No mobile number that text messages can reach."""


class CountryNotServed(Refused):
    """The operator sends no text messages to this country. ``country``"""


class PhoneProvedBefore(Refused):
    """It is this account's number already."""


class CodeTooSoon(Refused):
    """The code before may still arrive, or there were too many. ``at``: when one may be asked for again."""


class TextsSpent(Refused):
    """The house has sent as many text messages as it pays for in a day."""


class NoCode(Refused):
    """No code is on its way, so none can be right."""


class BadCode(Refused):
    """Not six digits: nothing was tried. ``digits``"""


class WrongCode(Refused):
    """It is not the code of the message. ``left``: tries that remain; 0: another one is needed."""


class CodeTooOld(Refused):
    """The code was asked for too long ago."""


class NumberTaken(Refused):
    """The number belongs to another account: one person, one account. Whose it is is not said."""


class PhoneReasonMissing(WordsMissing):
    """Freeing a number needs a reason."""


@transaction.atomic
def ask_for_code(*, worker: Worker, number: str, from_address: str, now: datetime) -> PhoneCode:
    """Order a text message with a code. The one before is void. Writes PhoneCodeAsked.

    Whether the number belongs to somebody is only said to who can read its messages. Refuses BadNumber,
    CountryNotServed, PhoneProvedBefore, CodeTooSoon, TextsSpent.
    """
    read = read_number(number, worker.country)
    if read is None:
        raise BadNumber()
    country = country_of(read)
    if settings.SMS_COUNTRIES and country not in settings.SMS_COUNTRIES:
        raise CountryNotServed(country=country)
    _one_at_a_time()
    digest, line = number_digest(read), line_digest(from_address)
    current = phone_of(worker)
    if current is not None and bytes(current.digest) == digest:
        raise PhoneProvedBefore()
    at = next_code_at(
        codes_asked(now, worker=worker),
        codes_asked(now, digest=digest),
        codes_asked(now, line=line) if line else (),
    )
    if at is not None and at > now:
        raise CodeTooSoon(at=at)
    if len(codes_asked(now)) >= settings.SMS_A_DAY:
        raise TextsSpent()
    for earlier in worker.phone_codes.select_for_update().filter(state__in=OPEN_CODES):
        _move(earlier, "replace", at=now)
    code = new_code()
    made = PhoneCode(
        public_id=new_id(),
        worker=worker,
        state=CodeState.ASKED,
        digest=digest,
        shown=masked_number(read),
        country=country,
        language=worker.user.mail_language or "bn",
        code_hash=make_password(code),
        tries_left=TRIES,
        line=line,
        next_at=now,
        asked_at=now,
        expires_at=now + GOOD_FOR,
    )
    made.put(read, code)
    made.save()
    _tell(made, "PhoneCodeAsked", by=worker.actor, at=now, country=country)
    return made


def enter_code(*, worker: Worker, code: str, now: datetime) -> None:
    """What the worker read in the message. Right: the number is theirs. Writes PhoneProved.

    Refuses BadCode (nothing counted), NoCode, CodeTooOld, WrongCode, NumberTaken (the code was right; writes
    PhoneTaken).
    """
    if not (digits := typed_code(code, digits=CODE_DIGITS)):
        raise BadCode(digits=CODE_DIGITS)
    if refusal := _try(worker, digits, now):
        raise refusal


@transaction.atomic
def _try(worker: Worker, digits: str, now: datetime) -> Refused | None:
    """Look at one code under its worker's lock; the refusal is returned so that what it left stays."""
    Worker.objects.select_for_update().only("pk").get(pk=worker.pk)
    code = worker.phone_codes.select_for_update().filter(state__in=OPEN_CODES).first()
    if code is None or code.state == CodeState.ASKED:
        return NoCode()
    content = code.content()
    if code.expires_at <= now or content is None:
        return CodeTooOld()
    if not code.tries_left:
        return WrongCode(left=0)
    if not check_password(digits, code.code_hash):
        code.tries_left -= 1
        code.save(update_fields=["tries_left"])
        _tell(code, "WrongPhoneCodeEntered", by=worker.actor, at=now, left=code.tries_left)
        return WrongCode(left=code.tries_left)
    if not _claim_number(worker, code, content[0], now):
        _move(code, "taken", at=now)
        _tell(code, "PhoneTaken", by=worker.actor, at=now)
        return NumberTaken()
    _move(code, "enter", at=now)
    return None


def _claim_number(worker: Worker, code: PhoneCode, number: str, now: datetime) -> bool:
    """Make the number the worker's, unless it is another's; two who come at once: one."""
    fresh = ProvedPhone(
        digest=code.digest,
        worker=worker,
        shown=code.shown,
        country=code.country,
        proved_at=now,
        left_at=now,  # until the one before is left: a worker has one at a time
    )
    fresh.put(number)
    ProvedPhone.objects.bulk_create([fresh], ignore_conflicts=True)
    mine = ProvedPhone.objects.select_for_update().get(digest=code.digest)
    if mine.worker_id != worker.pk:
        return False
    left = worker.phones.filter(left_at=None).exclude(digest=code.digest).update(left_at=now)
    mine.sealed, mine.left_at, mine.proved_at = fresh.sealed, None, now
    mine.replaced_at = now if left else None
    mine.save()
    _tell(code, "PhoneProved", by=worker.actor, at=now, shown=mine.shown, changed=bool(left))
    return True


@transaction.atomic
def free_phones(*, by: Actor, worker: Worker, reason: str, now: datetime) -> int:
    """Staff give back a worker's numbers, as phone companies sell them again. Writes PhonesFreed.

    Returns how many. Refuses PhoneReasonMissing.
    """
    if not reason.strip():
        raise PhoneReasonMissing()
    freed, _ = worker.phones.all().delete()
    if freed:
        facts = {"count": freed, "reason": reason.strip()[:200]}
        record(name="PhonesFreed", actor=by, subject=worker.public_id, at=now, facts=facts)
    return freed


def forget_phones(worker: Worker) -> None:
    """The worker closed their account: no number can be read any more.

    Who leaves in good standing frees their numbers; who was barred does not come back by another account.
    """
    PhoneCode.objects.filter(worker=worker).delete()
    if worker.state == WorkerState.ACTIVE:
        worker.phones.all().delete()
    else:
        worker.phones.update(sealed=None, shown="")


# --- on the way to the provider -----------------------------------------------------------------


@transaction.atomic
def claim_code(*, provider: str, now: datetime) -> PhoneCode | None:
    """The code that is sent next, from now on ``sending``: nobody else sends it. None: nothing is due."""
    code = _due(CodeState.ASKED, now).filter(expires_at__gt=now).first()
    if code is None:
        return None
    code.provider, code.claimed_at = provider, now
    code.attempts += 1
    code.next_at = now + CLAIM_LASTS
    _move(code, "claim", at=now)
    return code


@transaction.atomic
def claim_unknown(*, provider: str, now: datetime) -> PhoneCode | None:
    """The code whose message is asked about next."""
    due = _due(CodeState.UNKNOWN, now).filter(provider=provider, expires_at__gt=now)
    code = due.first()
    if code is not None:
        code.next_at = now + _AGAIN * 2
        code.save(update_fields=["next_at"])
    return code


@transaction.atomic
def record_text(*, code_id: str, attempt: int, news: TextNews, now: datetime) -> None:
    """Write down what the provider said of one attempt. What came too late to matter changes nothing."""
    code = PhoneCode.objects.select_for_update(of=("self",)).filter(public_id=code_id).first()
    if code is None or code.attempts != attempt or code.state not in (CodeState.SENDING, CodeState.UNKNOWN):
        return
    code.handle, code.reason = news.handle[:80] or code.handle, news.reason[:200]
    if (code.state, news.said) == (CodeState.UNKNOWN, "unclear"):
        code.save(update_fields=["handle", "reason"])
        return
    if news.said == "accepted":
        code.sent_at = now
    code.next_at = now + _AGAIN
    _move(code, news.said, at=now)
    if code.state == CodeState.FAILED:
        _tell(code, "PhoneCodeFailed", by=HOUSE, at=now, reason=code.reason)


@transaction.atomic
def end_stale_codes(*, now: datetime) -> int:
    """Codes whose sender died may have gone out: they are unknown. Those that ran out lose their number.

    Returns how many.
    """
    dead = PhoneCode.objects.select_for_update(skip_locked=True).filter(
        state=CodeState.SENDING, claimed_at__lte=now - CLAIM_LASTS
    )
    count = 0
    for code in dead:
        code.reason, code.next_at = "nobody heard the answer", now
        _move(code, "unclear", at=now)
        count += 1
    for code in PhoneCode.objects.select_for_update(skip_locked=True).filter(
        state=CodeState.ASKED, expires_at__lte=now
    ):
        _move(code, "lapse", at=now)
        _tell(code, "PhoneCodeFailed", by=HOUSE, at=now, reason=code.reason)
        count += 1
    over = Q(expires_at__lte=now, sealed__isnull=False)
    return count + PhoneCode.objects.filter(over).exclude(state=CodeState.SENDING).update(sealed=None)


def _due(state: CodeState, now: datetime) -> QuerySet[PhoneCode]:
    due = PhoneCode.objects.select_for_update(skip_locked=True, of=("self",)).select_related("worker")
    return due.filter(state=state, next_at__lte=now).order_by("next_at")


def _one_at_a_time() -> None:
    """Until the end of the transaction: the counts that limit texts are exact, and texts are rare."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s, 0)", [_TEXTS_LOCK])


def _move(code: PhoneCode, verb: CodeVerb, *, at: datetime) -> None:
    code.state = CODE_MOVES[code.state, verb]
    if code.state not in OPEN_CODES:
        code.ended_at, code.sealed = at, None
    code.save()


def _tell(code: PhoneCode, name: str, *, by: Actor, at: datetime, **facts: object) -> None:
    facts |= {"code": code.public_id}
    record(name=name, actor=by, subject=code.worker.public_id, at=at, facts=facts)
