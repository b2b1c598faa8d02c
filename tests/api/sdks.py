"""MTurk's clients, unmodified, behind one small interface: boto3, the AWS CLI, JavaScript's SDKs 3 and 2.

Each is started as a requester would have it and told nothing but the address and a key. JavaScript's are
installed from ``js/package-lock.json`` beside the Python environment; ``python -m tests.api.sdks`` does it
ahead of the tests.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import boto3
from botocore import xform_name
from botocore.config import Config
from botocore.exceptions import ClientError

if TYPE_CHECKING:  # run by itself, this module knows nothing of the house
    from tukro.people.actions.keys import NewKey

JS = Path(__file__).with_name("js")


class Missing(Exception):
    """What the machine lacks, in words."""


@dataclass(frozen=True)
class Refusal(Exception):
    """An error as the SDK tells it."""

    name: str
    message: str
    code: str = ""
    status: int = 0

    def __str__(self) -> str:
        return f"{self.name}: {self.message}"


class Sdk(Protocol):
    """One client with one key."""

    def call(self, operation: str, **members: Any) -> dict[str, Any]:
        """The members of the answer, without what the SDK adds. Raises Refusal."""

    def close(self) -> None: ...


class Boto3:
    def __init__(self, endpoint: str, key: NewKey) -> None:
        self._client = boto3.client(
            "mturk",
            endpoint_url=endpoint,
            region_name="us-east-1",
            aws_access_key_id=key.key_id,
            aws_secret_access_key=key.secret,
            config=Config(retries={"total_max_attempts": 1}),
        )

    def call(self, operation: str, **members: Any) -> dict[str, Any]:
        try:
            answer: dict[str, Any] = getattr(self._client, xform_name(operation))(**members)
        except ClientError as error:
            told = error.response
            raise Refusal(
                told["Error"]["Code"],
                told["Error"]["Message"],
                str(told.get("TurkErrorCode", "")),
                told["ResponseMetadata"]["HTTPStatusCode"],
            ) from None
        assert answer.pop("ResponseMetadata")["RequestId"]
        return answer

    def close(self) -> None:
        self._client.close()


class CommandLine:
    """The AWS CLI, a process for each call, told the address by the environment."""

    def __init__(self, endpoint: str, key: NewKey) -> None:
        self._environment = {
            "PATH": os.environ["PATH"],
            "AWS_ENDPOINT_URL_MTURK": endpoint,
            "AWS_ACCESS_KEY_ID": key.key_id,
            "AWS_SECRET_ACCESS_KEY": key.secret,
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_MAX_ATTEMPTS": "1",
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        }

    def rows(self, operation: str, name: str, **members: Any) -> list[dict[str, Any]]:
        """All rows of the list ``name``, by the client's own way through pages of two."""
        found: list[dict[str, Any]] = self._run(operation, members, "--page-size", "2")[name]
        return found

    def call(self, operation: str, **members: Any) -> dict[str, Any]:
        return self._run(operation, members)

    def _run(self, operation: str, members: Mapping[str, Any], *more: str) -> dict[str, Any]:
        program = Path(sys.executable).with_name("aws")
        given = json.dumps(members, default=datetime.isoformat)
        command = [str(program), "mturk", xform_name(operation, "-"), "--output", "json", *more]
        done = subprocess.run(
            [*command, "--cli-input-json", given],
            env=self._environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            raise _told_by_command_line(done.stderr)
        answer: dict[str, Any] = json.loads(done.stdout or "{}")
        return answer

    def close(self) -> None: ...


def _told_by_command_line(text: str) -> Refusal:
    """``An error occurred (RequestError) when calling the GetHIT operation: Hit 3A does not exist.``"""
    _, found, rest = text.strip().partition("An error occurred (")
    name, _, rest = rest.partition(") when calling the ")
    message = rest.partition(" operation: ")[2]
    if not found or not message:
        raise AssertionError(f"the command line failed: {text}")
    return Refusal(name, message)


class JavaScript:
    """One of JavaScript's SDKs in a process of node that stays."""

    def __init__(self, version: str, endpoint: str, key: NewKey) -> None:
        node = shutil.which("node")
        if node is None:
            raise Missing("node is not installed")
        self._process = subprocess.Popen(
            [node, str(JS / "drive.cjs"), version],
            env={
                "PATH": os.environ["PATH"],
                "TUKRO_JS": str(installed()),
                "TUKRO_ENDPOINT": endpoint,
                "AWS_ACCESS_KEY_ID": key.key_id,
                "AWS_SECRET_ACCESS_KEY": key.secret,
                "AWS_SDK_JS_SUPPRESS_MAINTENANCE_MODE_MESSAGE": "1",
                "NODE_NO_WARNINGS": "1",
            },
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )

    def rows(self, operation: str, name: str, **members: Any) -> list[dict[str, Any]]:
        """All rows of the list ``name``, by the SDK's own way through pages of two."""
        rows: list[dict[str, Any]] = self._ask(operation, members, name)["rows"]
        return rows

    def call(self, operation: str, **members: Any) -> dict[str, Any]:
        return self._ask(operation, members)

    def _ask(self, operation: str, members: Mapping[str, Any], pages: str = "") -> dict[str, Any]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        asked = {"operation": operation, "members": _dated(members), "pages": pages}
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        told = json.loads(self._process.stdout.readline())
        assert told.get("request"), told
        if error := told.get("error"):
            raise Refusal(error["name"], error["message"], error.get("code") or "", error.get("status") or 0)
        answer: dict[str, Any] = told["answer"]
        return answer

    def close(self) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(10)
        self._process.stdout.close()


def _dated(value: Any) -> Any:
    if isinstance(value, datetime):
        return {"date": value.isoformat()}
    if isinstance(value, Mapping):
        return {name: _dated(inner) for name, inner in value.items()}
    return [_dated(inner) for inner in value] if isinstance(value, list) else value


def installed() -> Path:
    """The folder where JavaScript's SDKs are installed, now if they are not yet. Raises Missing."""
    lock = (JS / "package-lock.json").read_bytes()
    folder = Path(sys.prefix) / f"js-{hashlib.sha256(lock).hexdigest()[:16]}"
    if folder.exists():
        return folder
    npm = shutil.which("npm")
    if npm is None:
        raise Missing("npm is not installed")
    draft = Path(tempfile.mkdtemp(prefix="js-", dir=sys.prefix))
    try:
        for name in ("package.json", "package-lock.json"):
            shutil.copy(JS / name, draft)
        done = subprocess.run(
            [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
            cwd=draft,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            raise Missing(f"npm could not install JavaScript's SDKs: {done.stderr[-500:]}")
        if not folder.exists():
            draft.rename(folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return folder


if __name__ == "__main__":
    sys.stdout.write(f"JavaScript's SDKs are in {installed()}\n")
