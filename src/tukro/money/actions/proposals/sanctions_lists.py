"""Bringing in a list of sanctioned people, as one member of staff does: a second one takes it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from tukro.kernel.actors import Actor
from tukro.money.actions.proposals.vetting_acts import TakeList
from tukro.money.actions.proposals.waiting import do_or_propose
from tukro.vetting.actions.sanctions import read_list
from tukro.vetting.models import SanctionsList


@transaction.atomic
def bring_list(
    *, by: Actor, source: str, people: bytes, aliases: bytes = b"", addresses: bytes = b"", now: datetime
) -> tuple[SanctionsList, bool]:
    """Read a file and take it, or keep it until a colleague agrees; and whether it waits for one.

    Refuses SourceMissing, ProposalWaits; raises BadList of vetting.rules.lists. Nothing is kept then.
    """
    read = read_list(by=by, source=source, people=people, aliases=aliases, addresses=addresses, now=now)
    waits = do_or_propose(act=TakeList.of(read), by=by, now=now)
    return read, waits is not None
