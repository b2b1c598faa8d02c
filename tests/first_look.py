"""Whether any proof of money or work may fail, asked of the database in one trip.

A hundred proofs after each of some thousand tests were a twelfth of the suite's time, most of it planning
and trips. Written into one function, their plans are kept by each connection. What it finds is named by the
proofs themselves (tests/conftest.py).
"""

from __future__ import annotations

from django.db import connection

from tukro.ledger import proofs
from tukro.money.queries import faults as money
from tukro.work.queries import faults as work


def learn_proofs() -> None:
    """Write all proofs into a function, beside the rows that migrations made (tests/emptying.py)."""
    every = [*proofs.PROOFS.values(), *money._PROOFS.values(), *work._PROOFS.values()]
    looks = "\n".join(f"if exists ({sql}) then return true; end if;" for sql in every)
    with connection.cursor() as cursor:
        # The chain of seals is recomputed in Python: whatever is sealed is worth a closer look.
        cursor.execute(f"""
            create or replace function test_seed.may_be_wrong() returns boolean language plpgsql as $look$
            begin
            {looks}
            return exists (select from ledger_seal) or exists (select from ledger_day);
            end $look$
        """)


def may_be_wrong() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("select test_seed.may_be_wrong()")
        (answer,) = cursor.fetchone() or (True,)
        return bool(answer)
