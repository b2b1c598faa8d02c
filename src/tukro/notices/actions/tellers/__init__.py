"""Which event makes which letter to whom: one file per subject, gathered here."""

from __future__ import annotations

from tukro.notices.actions.tellers import (
    correcting,
    holding,
    joining,
    own_data,
    paying_in,
    posting,
    qualifying,
    resting,
    searching,
    talking,
    withdrawing,
    working,
)
from tukro.notices.actions.told import Teller

_SUBJECTS = (
    joining.TELLERS,
    working.TELLERS,
    qualifying.TELLERS,
    withdrawing.TELLERS,
    holding.TELLERS,
    resting.TELLERS,
    correcting.TELLERS,
    posting.TELLERS,
    paying_in.TELLERS,
    own_data.TELLERS,
    searching.TELLERS,
    talking.TELLERS,
)
TELLERS: dict[str, Teller] = {event: teller for subject in _SUBJECTS for event, teller in subject.items()}
