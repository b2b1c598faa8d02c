"""Reading money: the operator's policy, balances, statements, payouts, proofs."""

from tukro.ledger.proofs import Fault as Fault
from tukro.money.queries.balances import StatementRow as StatementRow
from tukro.money.queries.balances import goal_of as goal_of
from tukro.money.queries.balances import held as held
from tukro.money.queries.balances import latest_rate as latest_rate
from tukro.money.queries.balances import payout_methods_of as payout_methods_of
from tukro.money.queries.balances import payout_queue as payout_queue
from tukro.money.queries.balances import payouts_of as payouts_of
from tukro.money.queries.balances import policy as policy
from tukro.money.queries.balances import requester_available as requester_available
from tukro.money.queries.balances import requester_balance as requester_balance
from tukro.money.queries.balances import set_aside_by_batch as set_aside_by_batch
from tukro.money.queries.balances import set_aside_for_batch as set_aside_for_batch
from tukro.money.queries.balances import statement as statement
from tukro.money.queries.balances import withdrawn_total as withdrawn_total
from tukro.money.queries.balances import worker_balance as worker_balance
from tukro.money.queries.faults import check_database as check_database
from tukro.money.queries.faults import ledger_faults as ledger_faults
