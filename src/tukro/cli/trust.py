"""Whether a database that has our tables may be trusted with money, and goes with the settings' keys."""

from __future__ import annotations

from datetime import datetime

from tukro.money.queries import Fault, check_database, ledger_faults
from tukro.people import aliases
from tukro.people.actions.alias_key import remember_alias_key
from tukro.runtime.faults import CannotRun
from tukro.work.queries import work_faults


def all_faults() -> list[Fault]:
    """Every proof of the books, and of the tasks that they pay for, that does not hold."""
    of_tasks = [{"fault": fault} for fault in work_faults()]
    of_money = ledger_faults(clock=True)
    return [*of_money, Fault("tasks and books agree", of_tasks)] if of_tasks else of_money


def refuse_unfit_database() -> None:
    """Refuse a database in which payments could be lost or nobody could follow the journal."""
    sentences = {
        "synchronous_commit_off": (
            "synchronous_commit is off: payments that people saw could be lost.",
            "ALTER DATABASE … SET synchronous_commit = on",
        ),
        "transaction_numbers_behind": (
            "The journal was written in a database with higher transaction numbers; nobody would follow it.",
            "After loading a dump, raise the numbers: docs/operate/upgrade.md.",
        ),
    }
    for code in check_database():
        what, mend = sentences[code]
        raise CannotRun(what, mend=mend)


def refuse_other_alias_key(now: datetime | None = None) -> None:
    """Refuse a key that would give workers other ids than requesters know. At ``now`` a new key is kept."""
    if aliases.key_fits() if now is None else remember_alias_key(now=now):
        return
    raise CannotRun(
        "The ids of workers that requesters know were made with another key: every requester would meet "
        "strangers, and what programs remember would be unknown.",
        mend="Set TUKRO_ALIAS_KEY to what it was or, where it was never set, to the TUKRO_SECRET_KEY of the "
        "first day (kept as secrets/secret_key in the data directory): docs/operate/settings.md.",
    )
