"""Why money was not moved."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from django.db import DatabaseError

from tukro.kernel.errors import Refused, WordsMissing
from tukro.ledger import actions as ledger
from tukro.ledger.actions import IdempotencyConflict as IdempotencyConflict


class InsufficientFunds(Refused):
    """The balance does not cover it. Facts: ``needed``, ``available`` (Money)."""


class HoldExhausted(Refused):
    """A task's set-aside money does not cover the payment. The places say otherwise: that is a fault."""


class AlreadyPaid(Refused):
    """The assignment was paid before, by whatever path."""


@contextmanager
def money_refusals() -> Iterator[None]:
    """Wrap a raw SQL call that pays from holds: what the database refuses comes out as a refusal.

    HoldExhausted, AlreadyPaid or IdempotencyConflict; the surrounding transaction must be given up.
    """
    try:
        with ledger.refusals():
            yield
    except ledger.BelowFloor as error:
        raise HoldExhausted() from error
    except IdempotencyConflict as error:
        if str(error.facts["key"]).startswith("reward:"):
            raise AlreadyPaid() from error
        raise
    except DatabaseError as error:
        cause = error.__cause__
        if isinstance(cause, psycopg.Error) and cause.diag.constraint_name == "money_paid_once":
            raise AlreadyPaid() from error
        raise


class ReasonMissing(WordsMissing):
    """Money is not returned, refused, held or let go without saying why."""
