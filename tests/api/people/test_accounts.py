"""GetAccountBalance, over TCP by the unmodified boto3."""

from __future__ import annotations

from django.test import override_settings

from tests import cast
from tests.api.conftest import Wire


def test_the_balance_is_what_the_requester_can_spend(wire: Wire) -> None:
    answer = wire.client_of(cast.karim()).get_account_balance()

    assert answer["AvailableBalance"] == "1000.00"
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 200


def test_the_balance_of_the_sandbox_is_always_the_same(wire: Wire) -> None:
    client = wire.client_of(cast.karim())
    with override_settings(MODE="sandbox"):
        assert client.get_account_balance()["AvailableBalance"] == "10000.00"
