"""What time does to money's figures. Money itself moves by verbs alone."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import connection

from tukro.kernel.apart import apart
from tukro.kernel.signing import signing_key
from tukro.ledger.actions import sealing
from tukro.money.actions.balances import unclaimed
from tukro.money.actions.deposits.debts import collect_debt
from tukro.money.actions.law.screening import screen_due
from tukro.money.actions.law.screening_requesters import screen_due_requesters
from tukro.money.actions.paying_out import codes
from tukro.money.actions.paying_out.schedules import withdraw_on_schedule
from tukro.money.actions.proposals.waiting import expire_proposals as expire
from tukro.money.providers import sending
from tukro.money.providers.deposits import desk
from tukro.money.providers.identity import desk as identity
from tukro.money.providers.rates import fetching
from tukro.money.queries.deposits import debtors
from tukro.people.models import Requester

_STEP = 20_000  # transfers in one transaction


def send_payouts(now: datetime) -> int:
    """Approved payouts go to their providers. Returns how many were tried."""
    return sending.send_payouts(now)


def ask_payouts(now: datetime) -> int:
    """Providers are asked what became of payouts. Returns how many questions were put."""
    return sending.ask_payouts(now)


def forget_shown_codes(now: datetime) -> int:
    """Codes of gift cards that their workers have seen are erased. Returns how many."""
    return codes.forget_shown_codes(now=now)


def look_for_unclaimed(now: datetime) -> int:
    """Balances without a sign of life: tell their owners, set apart what was told of. Returns how many."""
    return unclaimed.tell_silent(now=now) + unclaimed.set_apart_unclaimed(now=now)


def fetch_rates(now: datetime) -> int:
    """Exchange rates of the sources that are set up. Returns how many were entered."""
    return fetching.fetch_rates(now)


def withdraw_on_schedules(now: datetime) -> int:
    """What workers want withdrawn every so many days. Returns how many turns came."""
    turns = 0
    while withdraw_on_schedule(now=now):
        turns += 1
    return turns


def forget_identities(now: datetime) -> int:
    """Providers of identity checks delete what they collected. Returns how many were asked."""
    return identity.forget_decided(now)


def screen_people(now: datetime) -> int:
    """Who gave a new name, or was not compared with the newest list, is. Returns how many."""
    return screen_due(now) + screen_due_requesters(now)


def count_held(now: datetime) -> int:
    """Add up what was set aside and given back since the last time. Returns how many transfers it read."""
    del now
    counted = 0
    while step := _count():
        counted += step
    return counted


def seal_books(now: datetime) -> int:
    """Put what has come to rest under seal. Returns how many seals were made."""
    return sealing.seal_settled(now=now)


def sign_days(now: datetime) -> int:
    """Close the days that are over under the house's signature. Returns how many."""
    return sealing.sign_days(key=signing_key(settings.RECORD_KEY), now=now)


def look_at_deposits(now: datetime) -> int:
    """Ask providers about the deposits whose time has come."""
    return desk.look_at_due_deposits(now)


def work_off_refunds(now: datetime) -> int:
    """Send refunds, and ask about those under way."""
    return desk.work_off_due_refunds(now)


def collect_debts(now: datetime) -> int:
    """Requesters who owe something pay it from what came back to them since."""
    return sum(apart(_collected, requester, now) for requester in debtors())


def expire_proposals(now: datetime) -> int:
    """What waited too long for a second person is over. Returns how many."""
    return expire(now=now)


def _collected(debtor: Requester, now: datetime) -> bool:
    return bool(collect_debt(requester=debtor, now=now))


def _count() -> int:
    with connection.cursor() as cursor:
        cursor.execute("select money_count_held(%s)", [_STEP])
        row: tuple[int] = cursor.fetchone()
    return row[0]
