"""Money knows no tasks: payments here have no assignment behind them, which work's proofs would ask for."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from tukro.money.queries import ledger_faults


@pytest.fixture(name="proofs")
def money_proofs() -> Callable[[], Sequence[object]]:
    return ledger_faults
