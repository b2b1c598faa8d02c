"""The vault knows no people and no kinds of movement: only its own proofs can be asked here."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from tukro.ledger.proofs import PROOFS, faults


@pytest.fixture(name="proofs")
def vault_proofs() -> Callable[[], Sequence[object]]:
    return lambda: faults(PROOFS)
