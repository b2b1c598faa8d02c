"""A proof that never fails proves nothing: each finds the fault that it is for.

The guards are switched off to plant the faults, as only the owner of the tables can.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from tests.ledger.vault import execute, move, outside, purse
from tukro.ledger import proofs

pytestmark = pytest.mark.django_db


@pytest.fixture(name="proofs")
def no_proofs() -> Callable[[], Sequence[object]]:
    """Each of these tests leaves a broken vault behind on purpose, and is rolled back."""
    return list


@pytest.fixture
def unguarded(db: None) -> None:
    move(outside(), purse("karim"), 100, key="funds")
    execute("set constraints all immediate")
    for table in ("account", "transfer", "entry"):
        execute(f"alter table ledger_{table} disable trigger user")


def found() -> list[str]:
    return [fault.name.split()[0] for fault in proofs.faults(proofs.PROOFS)]


@pytest.mark.usefixtures("unguarded")
def test_a_sound_vault_has_no_faults() -> None:
    assert found() == []


@pytest.mark.parametrize(
    ("fault", "names"),
    [
        ("update ledger_entry set amount = amount + 1 where amount > 0", ["I1", "I8"]),
        ("delete from ledger_entry where amount > 0", ["I1", "I2", "I8"]),
        ("delete from ledger_entry", ["I2", "I3", "I8"]),
        ("update ledger_account set balance = balance + 1 where cached", ["I3", "I8"]),
        ("update ledger_account set floor = 101 where cached", ["I4"]),
        ("update ledger_entry set transfer_id = -5", ["I2", "every"]),
        ("update ledger_entry set account_id = -5 where amount > 0", ["I1", "I8", "every"]),
    ],
)
@pytest.mark.usefixtures("unguarded")
def test_a_planted_fault_is_found(fault: str, names: list[str]) -> None:
    execute("alter table ledger_account drop constraint account_floor")
    execute(fault)
    assert found() == names


@pytest.mark.usefixtures("unguarded")
def test_a_fault_shows_its_rows() -> None:
    execute("update ledger_account set balance = 101 where cached")
    (fault, _conservation) = proofs.faults(proofs.PROOFS)
    assert [(row["balance"], row["sum_of_entries"]) for row in fault.rows] == [(101, 100)]


@pytest.mark.usefixtures("unguarded")
def test_a_transfer_from_the_future_is_found() -> None:
    assert proofs.faults(proofs.CLOCK_PROOFS) == []
    execute("update ledger_transfer set posted_at = now() + interval '1 day'")
    assert [fault.name.split()[0] for fault in proofs.faults(proofs.CLOCK_PROOFS)] == ["I14"]
