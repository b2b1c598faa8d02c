"""What people are told, in their own language: from events to letters.

The words are templates under ``mail/``: the first line is the subject. Amounts and moments are formatted for
the receiver before they reach the template.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import OperationalError, transaction
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext

from tukro.journal.models import Event
from tukro.kernel import formats
from tukro.kernel.formats import Reader
from tukro.kernel.money import Money
from tukro.notices.actions.choosing import stop_address
from tukro.notices.actions.keeping import Letter, key_of
from tukro.notices.actions.tellers import TELLERS, working
from tukro.notices.actions.told import Told
from tukro.people.models import User
from tukro.people.queries import contact_of

_log = logging.getLogger(__name__)


def letters_of(events: Sequence[Event]) -> Iterator[Letter]:
    """The letters that these events ask for. An event that no one must hear of makes none.

    Rejections come many at a time: a worker gets one letter for all that stand in one reading. So does a
    requester for the repairs of a batch that did not come.
    """
    for event in events:
        if teller := TELLERS.get(event.name):
            yield from _one(event, partial(teller, event))
    for event, told in working.rejections(events):
        yield from _one(event, partial(_already, told))
    for event, told in working.unrepaired(events):  # its worker hears of it, too
        yield from _one(event, partial(_already, told), suffix=":requester")


def _one(event: Event, tell: Callable[[], Told | None], *, suffix: str = "") -> Iterator[Letter]:
    """Its letter, if there is one. An event that cannot be told, as of details that do not open any more, is
    logged and left out: all others would wait behind it. What the database may do the next time is raised."""
    try:
        with transaction.atomic():
            told = tell()
            made = letter(key_of(event.id) + suffix, told) if told and told.user.is_active else None
    except OperationalError:
        raise
    except Exception:
        _log.exception("nobody could be told of event %s, %s", event.id, event.name)
        return
    if made is not None:
        yield made


def _already(told: Told) -> Told:
    return told


def letter(key: str, told: Told) -> Letter:
    """``told`` in words. The same ``key`` is told once, however often it is written."""
    reader = _reader(told.user)
    stop = stop_address(told.user, told.kind)
    subject, text = _in_words(told, reader, stop)
    other_subject, other_text = _in_words(told, _in_other_language(reader), stop)
    return Letter(
        key=key,
        to=told.to or told.user.email,
        subject=subject,
        text=text,
        kind=told.kind,
        user_id=told.user.pk,
        link=told.link,
        language=reader.language,
        stop=stop,
        mail_only=bool(told.to),
        other_subject=other_subject,
        other_text=other_text,
        greeting=_greeting(told.user, reader),
    )


def _greeting(user: User, reader: Reader) -> str:
    """By name: whoever writes in our name to steal a password seldom knows it."""
    contact = contact_of(user)
    if contact is None:
        return ""
    with translation.override(reader.language):
        return gettext("Hello %(name)s,") % {"name": contact.full_name}


def _in_words(told: Told, reader: Reader, stop: str) -> tuple[str, str]:
    facts = {name: _shown(value, reader) for name, value in told.facts.items()}
    facts |= {"site": settings.SITE_URL.rstrip("/"), "stop": stop}
    with translation.override(reader.language):
        text = render_to_string(f"mail/{told.template}.txt", facts)
    subject, _, body = text.strip().partition("\n")
    return subject.strip(), body.strip() + "\n"


def _in_other_language(reader: Reader) -> Reader:
    """Who has chosen no language reads the site as the browser asks, and may change it at any time."""
    return reader._replace(language="en" if reader.language == "bn" else "bn")


def _reader(user: User) -> Reader:
    return Reader(
        language="bn" if user.mail_language == "bn" else "en",
        digits="latin" if user.digits == "latin" else "native",
        time_zone=ZoneInfo(user.time_zone),
    )


def _shown(value: object, reader: Reader) -> object:
    """A fact as the receiver reads it: money, numbers and moments formatted, words as they are."""
    match value:
        case Money():
            return formats.money(value, reader)
        case datetime():
            return formats.moment(value, reader)
        case bool() | str() | None:
            return value
        case int():
            return formats.number(value, reader)
        case dict():
            return {name: _shown(one, reader) for name, one in value.items()}
        case list():
            return [_shown(one, reader) for one in value]
        case _:
            raise TypeError(f"a letter cannot say {value!r}")
