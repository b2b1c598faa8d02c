"""Files of payouts: each payout goes into one, is sent with it, or waits again; and their layouts."""

from __future__ import annotations

from functools import partial

import pytest

from tests.make import NOW
from tests.money.bank import SHIRIN
from tests.providers.paying import approved, balance, earner, send
from tests.together import outcomes, together
from tukro.kernel.errors import NotFound
from tukro.kernel.money import Money
from tukro.money.actions.paying_out.batches import (
    BatchOver,
    NothingToFile,
    drop_batch,
    hand_over_batch,
    make_batch,
)
from tukro.money.actions.paying_out.payouts import (
    PayoutNotMovable,
    ReasonMissing,
    ReferenceMissing,
    cancel_payout,
)
from tukro.money.models import Payout
from tukro.money.rules.layouts import LAYOUTS, Item, layout_of, rows_of
from tukro.money.rules.payouts import ARRIVAL_DAYS

pytestmark = pytest.mark.django_db
BANK = {
    "account_name": "Rahima Begum Chowdhury Khan",
    "account_number": "1234567890123",
    "bank": "Sonali Bank",
    "branch": "Mirpur",
    "routing_number": "200480554",
}
make_bank_file = partial(make_batch, by=SHIRIN, kind="bank", layout="beftn", now=NOW)


def test_a_file_claims_its_payouts_and_sends_them_when_it_is_handed_over() -> None:
    worker = earner("40.00")
    payouts = [approved(worker, "bank", BANK) for _ in range(2)]
    batch = make_bank_file()
    assert {send(payout) for payout in payouts} == {"sending"}
    with pytest.raises(PayoutNotMovable):
        cancel_payout(worker=worker, payout_id=payouts[0].public_id, now=NOW)
    with pytest.raises(ReferenceMissing):
        hand_over_batch(by=SHIRIN, batch_id=batch.public_id, reference=" ", now=NOW)
    for _ in range(2):
        hand_over_batch(by=SHIRIN, batch_id=batch.public_id, reference="BULK-9", now=NOW)
    assert list(Payout.objects.values_list("state", "reference")) == [("sent", "BULK-9")] * 2
    assert balance(worker) == ("20.00", "0.00", "20.00")
    with pytest.raises(BatchOver):
        drop_batch(by=SHIRIN, batch_id=batch.public_id, reason="no", now=NOW)


def test_a_dropped_file_lets_its_payouts_go_another_way() -> None:
    payout = approved(earner(), "bank", BANK)
    batch = make_bank_file()
    with pytest.raises(ReasonMissing):
        drop_batch(by=SHIRIN, batch_id=batch.public_id, reason="", now=NOW)
    for _ in range(2):
        drop_batch(by=SHIRIN, batch_id=batch.public_id, reason="holiday", now=NOW)
    payout.refresh_from_db()
    assert (payout.state, payout.batch, payout.provider) == ("approved", None, "")
    with pytest.raises(BatchOver):
        hand_over_batch(by=SHIRIN, batch_id=batch.public_id, reference="X", now=NOW)
    assert make_bank_file().payouts.get() == payout


def test_only_what_is_approved_and_of_the_kind_goes_into_a_file() -> None:
    approved(earner(), "bkash", {"number": "01712345678"})
    with pytest.raises(NothingToFile):
        make_bank_file()
    with pytest.raises(NotFound):
        make_batch(by=SHIRIN, kind="bkash", layout="beftn", now=NOW)


@pytest.mark.django_db(transaction=True)
def test_two_files_made_at_once_share_no_payout() -> None:
    worker = earner("100.00")
    for _ in range(6):
        approved(worker, "bank", BANK)
    results = together(*[make_bank_file] * 3)
    assert set(outcomes(results)) <= {"done", "NothingToFile"}
    assert set(Payout.objects.values_list("state", "attempts")) == {("sending", 1)}


# --- layouts -----------------------------------------------------------------------------------------


def test_every_kind_has_one_layout() -> None:
    kinds = [kind for of in LAYOUTS.values() for kind in of]
    assert sorted(kinds) == sorted(ARRIVAL_DAYS)
    assert layout_of("rocket") == "wallet"


def lines(layout: str, details: dict[str, str], amount: Money) -> list[list[str]]:
    item = Item("3ABCDEFGHIJKLMNOPQRSTUVWXYZ012", "A1", amount, details)
    return list(rows_of(layout, [item], account="0099887766"))


def test_a_beftn_file_has_the_fields_of_its_network_at_their_lengths() -> None:
    head, row = lines("beftn", BANK, Money.parse("1215.70", "BDT"))
    assert head == [
        "Reason",
        "SenderAccNumber",
        "ReceivingBankRouting",
        "BankAccNumber",
        "AccType",
        "Amount",
        "ReceiverID",
        "ReceiverName",
    ]
    assert row == [
        "Tukro 3ABCDEFGHI",
        "0099887766",
        "200480554",
        "1234567890123",
        "Savings",
        "1215.70",
        "3ABCDEFGHIJKLMN",
        "Rahima Begum Chowdhury",
    ]


@pytest.mark.parametrize(
    ("layout", "details", "row"),
    [
        ("wallet", {"number": "01712345678"}, ["01712345678", "12.50", "USD"]),
        ("topup", {"number": "01612345678"}, ["01612345678", "Airtel", "12.50", "USD"]),
        (
            "topup",
            {"number": "01612345678", "operator": "Teletalk"},
            ["01612345678", "Teletalk", "12.50", "USD"],
        ),
        ("email", {"email": "a@example.org"}, ["a@example.org", "12.50", "USD"]),
        ("cheque", {"payee": "Rahima", "address": "Dhaka"}, ["Rahima", "12.50", "USD", "Dhaka"]),
        (
            "swift",
            {
                "account_name": "R",
                "account_number": "GB29",
                "bic": "NWBKGB2L",
                "bank": "NatWest",
                "country": "GB",
            },
            ["0099887766", "R", "GB29", "NWBKGB2L", "NatWest", "GB", "USD", "12.50"],
        ),
    ],
)
def test_other_files_carry_what_the_other_side_needs(
    layout: str, details: dict[str, str], row: list[str]
) -> None:
    head, written = lines(layout, details, Money.parse("12.50"))
    assert len(head) == len(written)
    assert written[:-1] == row
