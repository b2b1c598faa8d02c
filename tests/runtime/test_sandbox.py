"""The sandbox beside the live market: other data, other keys, play money that never ends (mturk-api 13)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from tests.house import copy_house
from tests.runtime.market import Market
from tukro.runtime.processes import wait_until

QUESTION = (
    '<ExternalQuestion xmlns="http://mechanicalturk.amazonaws.com/AWSMechanicalTurkDataSchemas/2006-07-14/'
    'ExternalQuestion.xsd"><ExternalURL>https://example.org/task</ExternalURL><FrameHeight>0</FrameHeight>'
    "</ExternalQuestion>"
)


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Market]:
    """The live market had been there before; the sandbox beside it is made from nothing."""
    market = Market(copy_house(tmp_path_factory.mktemp("market") / "var"), with_sandbox=True)
    try:
        market.start()
        assert wait_until(lambda: market.sandbox_health()[0] == 200, seconds=60, pause=0.2), market.log()
        yield market
    finally:
        market.clean_up()


@pytest.fixture(scope="module")
def live_keys(both: Market) -> dict[str, str]:
    return _new_keys(both)


@pytest.fixture(scope="module")
def sandbox_keys(both: Market) -> dict[str, str]:
    return _new_keys(both, "--sandbox")


def test_live_starts_with_nothing_and_the_sandbox_with_play_money(
    both: Market, live_keys: dict[str, str], sandbox_keys: dict[str, str]
) -> None:
    live = _client(both.port, live_keys).get_account_balance()
    play = _client(both.sandbox_port, sandbox_keys).get_account_balance()
    assert (live["AvailableBalance"], play["AvailableBalance"]) == ("0.00", "10000.00")


def test_a_key_of_one_is_a_stranger_in_the_other(both: Market, live_keys: dict[str, str]) -> None:
    with pytest.raises(ClientError) as refused:
        _client(both.sandbox_port, live_keys).get_account_balance()
    assert refused.value.response["Error"]["Code"] == "UnrecognizedClientException"


def test_only_the_sandbox_pays_by_itself(
    both: Market, live_keys: dict[str, str], sandbox_keys: dict[str, str]
) -> None:
    sandbox = _client(both.sandbox_port, sandbox_keys)
    made = sandbox.create_hit(**_hit(), MaxAssignments=9)["HIT"]
    assert made["HITStatus"] == "Assignable"
    assert sandbox.get_account_balance()["AvailableBalance"] == "10000.00"
    with pytest.raises(ClientError, match="insufficient funds"):
        _client(both.port, live_keys).create_hit(**_hit(), MaxAssignments=9)


def test_messages_of_the_sandbox_carry_its_mark(both: Market, sandbox_keys: dict[str, str]) -> None:
    with pytest.raises(ClientError, match=r"does not exist\. \(\d{13} s\)"):
        _client(both.sandbox_port, sandbox_keys).get_hit(HITId="3" + "X" * 29)


def _new_keys(market: Market, *flags: str) -> dict[str, str]:
    email = f"karim{len(flags)}@example.org"
    made = market.run(*flags, "requester", "create", "--email", email, "--json")
    assert made.returncode == 0, made.stderr
    keys: dict[str, str] = json.loads(made.stdout)
    return keys


def _client(port: int, keys: dict[str, str]) -> Any:
    return boto3.client(
        "mturk",
        endpoint_url=f"http://127.0.0.1:{port}/mturk",
        region_name="us-east-1",
        aws_access_key_id=keys["access_key_id"],
        aws_secret_access_key=keys["secret_access_key"],
        config=Config(retries={"total_max_attempts": 1}),
    )


def _hit() -> dict[str, Any]:
    return {
        "Title": "Which digit is this?",
        "Description": "Look at a small picture and say which digit it shows.",
        "Reward": "0.05",
        "AssignmentDurationInSeconds": 600,
        "LifetimeInSeconds": 3600,
        "Question": QUESTION,
    }
