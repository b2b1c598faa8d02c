"""The common path of a requester from each of MTurk's clients, unmodified, over TCP."""

from __future__ import annotations

import pytest

from tests import cast
from tests.api.conftest import OpenSdk, Plant, Wire
from tests.api.sdks import JS, Refusal
from tukro.api.mturk.errors import request_error


def test_each_client_reads_the_balance(sdk: OpenSdk, wire: Wire) -> None:
    client = sdk(wire.key_of(cast.karim()))
    assert client.call("GetAccountBalance") == {"AvailableBalance": "1000.00"}


def test_each_client_tells_errors_apart(sdk: OpenSdk, wire: Wire, plant: Plant) -> None:
    def refuse(_: object) -> dict[str, str]:
        raise request_error("HITDoesNotExist", "Hit 3A does not exist.", stamped=False)

    plant("DeleteHIT", refuse)
    client = sdk(wire.key_of(cast.karim()))
    with pytest.raises(Refusal) as modelled:
        client.call("DeleteHIT", HITId="3A")
    with pytest.raises(Refusal) as unmodelled:
        client.call("DeleteHIT", HITId="no id")
    assert (modelled.value.name, modelled.value.message) == ("RequestError", "Hit 3A does not exist.")
    assert modelled.value.code in (
        "AWS.MechanicalTurk.HITDoesNotExist",
        "",
    )  # the command line has no place for it
    assert unmodelled.value.name == "ValidationException"
    assert "at 'hITId' failed to satisfy constraint" in unmodelled.value.message


def test_the_lock_file_of_javascripts_sdks_names_no_registry() -> None:
    text = (JS / "package-lock.json").read_text()
    assert '"resolved"' not in text
    assert "registry" not in text
