"""The wire as its clients see it: a real server over TCP, driven by the real SDKs."""

from __future__ import annotations

import gc
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import boto3
import pytest
from botocore.config import Config
from pytest_django.live_server_helper import LiveServer

from tests.api.sdks import Boto3, CommandLine, JavaScript, Missing, Sdk
from tests.api.signing import Answer, Call, send
from tukro.api.mturk.operations import registry
from tukro.api.mturk.operations.registry import Operation
from tukro.api.mturk.shapes import compile_input, compile_output
from tukro.people.actions.keys import NewKey, make_access_key
from tukro.people.models import Requester

MTurkClient = Any  # boto3 makes its clients at run time, from the service model


@dataclass(frozen=True)
class Wire:
    """A running server."""

    url: str
    opened: list[MTurkClient] = field(default_factory=list)

    @property
    def endpoint(self) -> str:
        """What a client is told."""
        return f"{self.url}/mturk"

    def key_of(self, requester: Requester) -> NewKey:
        return make_access_key(requester=requester, now=datetime.now(UTC))

    def client_of(self, requester: Requester, **config: Any) -> MTurkClient:
        """boto3's own client with a new key of the requester, without retries: a test sees each answer."""
        return self.client_with(self.key_of(requester), **config)

    def client_with(self, key: NewKey, *, endpoint: str = "", **config: Any) -> MTurkClient:
        options: dict[str, Any] = {"retries": {"total_max_attempts": 1}, **config}
        client = boto3.client(
            "mturk",
            endpoint_url=endpoint or self.endpoint,
            region_name="us-east-1",
            aws_access_key_id=key.key_id,
            aws_secret_access_key=key.secret,
            config=Config(**options),
        )
        self.opened.append(client)
        return client

    def call(self, key: NewKey, operation: str, members: object = None, **parts: Any) -> Answer:
        """One call as we sign it ourselves; ``members`` is the body, as JSON unless it is bytes."""
        body = members if isinstance(members, bytes) else json.dumps(members or {}).encode()
        return send(self.url, Call(*key, operation, body, **parts))


@pytest.fixture
def wire(live_server: LiveServer) -> Iterator[Wire]:
    """The wire of a live server on a free port; the database is emptied after the test."""
    wire = Wire(live_server.url)
    yield wire
    for client in wire.opened:  # a connection that stays open keeps a thread of the server, and its database
        client.close()
    gc.collect()  # an error that a test has caught keeps its answer in a ring, and with it the connection


OpenSdk = Callable[[NewKey], Sdk]


@pytest.fixture(params=["boto3", "command line", "JavaScript v3", "JavaScript v2"])
def sdk(request: pytest.FixtureRequest, wire: Wire) -> Iterator[OpenSdk]:
    """Each of MTurk's clients in turn: opens one for a key."""
    opened: list[Sdk] = []

    def open_one(key: NewKey) -> Sdk:
        kind, _, version = request.param.partition(" ")
        try:
            made: Sdk = (
                Boto3(wire.endpoint, key)
                if kind == "boto3"
                else CommandLine(wire.endpoint, key)
                if kind == "command"
                else JavaScript(version, wire.endpoint, key)
            )
        except Missing as missing:
            pytest.skip(f"{missing}: {request.param} did not drive the wire")
        opened.append(made)
        return made

    yield open_one
    for one in opened:
        one.close()


Act = Callable[[Requester], Mapping[str, Any]]
Plant = Callable[..., None]


@pytest.fixture
def plant(monkeypatch: pytest.MonkeyPatch) -> Plant:
    """Let an operation do what a test says."""

    def planted(name: str, act: Act, *, own_transaction: bool = False) -> None:
        def acts(*, caller: Requester, given: registry.Members, now: datetime) -> registry.Members:
            del given, now
            return act(caller)

        operation = Operation(name, acts, own_transaction, compile_input(name), compile_output(name))
        monkeypatch.setitem(registry._registered, name, operation)

    return planted
