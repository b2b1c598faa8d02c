"""Tax is shown before it is kept, and remitted; debts are given up and taken up again."""

from __future__ import annotations

import pytest
from django.utils import timezone

from tests import cast, make
from tests.money.bank import SHIRIN
from tests.web.market import signed_in
from tests.web.reading import streamed
from tukro.kernel.ids import new_id
from tukro.kernel.money import Money
from tukro.money.actions.books.bookings import put_in
from tukro.money.actions.books.corrections import correct_balance
from tukro.money.actions.deposits import create_deposit
from tukro.money.actions.deposits.disputes import note_dispute
from tukro.money.actions.paying_out.payouts import send_payout
from tukro.money.models import Booking, DebtWriteOff, Payout
from tukro.money.queries import debt_of
from tukro.money.queries.taxes import withheld
from tukro.money.rules.deposits import SeenDispute

pytestmark = pytest.mark.django_db
FORTY = Money.parse("40.00")


def test_tax_is_shown_before_it_is_kept_and_remitted_afterwards() -> None:
    staff, rahima, now = signed_in(cast.shirin()), cast.rahima(), timezone.now()
    assert "Nothing is withheld" in staff.get("/staff/treasury/taxes").content.decode()
    rule = {"country": "BD", "percent": "৭.৫", "authority": "NBR"}
    assert staff.post("/staff/treasury/taxes", rule | {"percent": "51"}).status_code == 422
    assert staff.post("/staff/treasury/taxes", rule).status_code == 302
    correct_balance(by=SHIRIN, person=rahima, amount=FORTY, reason="test", now=now)
    method = make.payout_method(of=rahima, now=now)
    client = signed_in(rahima.user)
    chosen = {"method": method.pk, "which": "other", "amount": "20.00"}
    page = client.post("/earnings/withdraw", chosen).content.decode()
    assert "Tax, kept for the authority of your country" in page
    assert "$1.50" in page
    asked = {"method": method.pk, "amount": "20.00", "payout": new_id(), "rate": "", "fee": "0.00"}
    client.post("/earnings/withdraw/confirm", asked | {"tax": "0.00"})
    assert not Payout.objects.exists()  # it had changed since the page was shown
    client.post("/earnings/withdraw/confirm", asked | {"tax": "1.50"})
    payout = Payout.objects.get()
    assert (str(payout.tax), payout.tax_country, str(payout.receives)) == ("1.50", "BD", "18.50")
    assert "tax $1.50" in client.get("/earnings/withdraw").content.decode()
    send_payout(by=SHIRIN, payout_id=payout.public_id, reference="TX", now=now)
    put_in(by=SHIRIN, place="bank", amount=FORTY, reference="1", now=now)
    said = {
        "amount": "1.51",
        "place": "bank",
        "currency": "USD",
        "paid": "1.51",
        "reference": "2",
        "booking": "x",
    }
    assert "Only $1.50 was kept" in staff.post("/staff/treasury/taxes/BD", said).content.decode()
    assert (
        staff.post("/staff/treasury/taxes/BD", said | {"amount": "1.50", "paid": "1.50"}).status_code == 302
    )
    assert withheld() == {"BD": Money.zero()}
    books = staff.get("/staff/treasury").content.decode()
    assert "Tax remitted" in books
    assert "Our bank account → Tax authority, Bangladesh" in books
    remitted = staff.get(f"/staff/treasury/{Booking.objects.get(kind='tax_remitted').public_id}")
    assert "<dt>Came to</dt><dd>Tax authority, Bangladesh</dd>" in remitted.content.decode()
    file = staff.get(f"/staff/treasury/taxes/{now.year}.csv")
    lines = streamed(file).decode().splitlines()
    assert lines[1].endswith(f'"{payout.public_id}","{rahima.public_id}","BD","20.00","1.50"')
    assert staff.get("/staff/treasury/taxes/XX").status_code == 404


def test_a_debt_is_given_up_and_taken_up_again() -> None:
    karim, now = make.requester(funds="0"), timezone.now()
    deposit = create_deposit(requester=karim, amount=FORTY, provider="stripe", now=now)
    make.settled(deposit, payment_ref="pi_1", now=now)
    correct_balance(by=SHIRIN, person=karim, amount=-Money.parse("25.00"), reason="spent", now=now)
    taken = SeenDispute(ref="dp_1", amount=FORTY, taken=True, closed=False)
    note_dispute(deposit_id=deposit.public_id, seen=taken, now=now)
    staff = signed_in(cast.shirin())
    assert "$25.00" in staff.get("/staff/treasury/debts").content.decode()
    address = f"/staff/treasury/debts/{karim.public_id}"
    said = {"amount": "20.00", "reason": "fled", "write_off": new_id()}
    assert "at most so much" in staff.post(address, said | {"amount": "25.01"}).content.decode()
    for _ in range(2):  # the button was pressed twice
        assert staff.post(address, said).status_code == 302
    assert str(debt_of(karim)) == "5.00"
    again = f"/staff/treasury/debts/{DebtWriteOff.objects.get().public_id}/again"
    staff.post(again, {"reason": " "})
    assert str(debt_of(karim)) == "5.00"
    for _ in range(2):
        staff.post(again, {"reason": "found"})
    assert str(debt_of(karim)) == "25.00"
    assert "of it owed again: $20.00" in staff.get("/staff/treasury/debts").content.decode()
    assert staff.get("/staff/treasury/debts/nobody").status_code == 404
