"""Money that comes in: asked for, settled, without an owner, sent back, taken back, owed."""

from __future__ import annotations

from tukro.money.actions.deposits.moves import DepositNotMovable as DepositNotMovable
from tukro.money.actions.deposits.paying_in import AmountNotPositive as AmountNotPositive
from tukro.money.actions.deposits.paying_in import AmountTooLarge as AmountTooLarge
from tukro.money.actions.deposits.paying_in import AmountTooSmall as AmountTooSmall
from tukro.money.actions.deposits.paying_in import asked_for as asked_for
from tukro.money.actions.deposits.paying_in import cancel_deposit as cancel_deposit
from tukro.money.actions.deposits.paying_in import create_deposit as create_deposit
from tukro.money.actions.deposits.paying_in import deposit_play_money as deposit_play_money
from tukro.money.actions.deposits.paying_in import look_soon as look_soon
from tukro.money.actions.deposits.paying_in import note_not_started as note_not_started
from tukro.money.actions.deposits.paying_in import note_sighting as note_sighting
from tukro.money.actions.deposits.paying_in import note_started as note_started
from tukro.money.actions.deposits.paying_in import settle as settle
