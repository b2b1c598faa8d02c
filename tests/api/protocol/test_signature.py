"""Who signs, is known; whoever does not sign exactly what arrives, is not (mturk-api 1.6)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import boto3
import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials
from botocore.exceptions import ClientError
from hypothesis import given
from hypothesis import strategies as st

from tests import cast, make
from tests.api.conftest import Wire
from tests.api.signing import SERVICE, Call, send
from tukro.api.mturk.signature import SignatureFault, check_signature, read_claim, signing_key
from tukro.people.actions.keys import NewKey, revoke_access_key

KEY = NewKey("AKIAQQQQQQQQQQQQQQQQ", "s3cret/with+signs")
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize("region", ["us-east-1", "eu-west-1", "sandbox", "dhaka"])
def test_any_region_is_good(wire: Wire, region: str) -> None:
    key = wire.key_of(cast.karim())
    assert wire.call(key, "GetAccountBalance", region=region).status == 200


@pytest.mark.parametrize("path", ["/mturk", "/mturk/", "/"])
def test_every_address_of_the_wire_is_verified_as_received(wire: Wire, path: str) -> None:
    key = wire.key_of(cast.karim())
    assert wire.call(key, "GetAccountBalance", path=path).members == {"AvailableBalance": "1000.00"}


@pytest.mark.parametrize("suffix", ["", "/", "/mturk", "/mturk/"])
def test_boto3_reaches_the_wire_by_every_form_of_the_address(wire: Wire, suffix: str) -> None:
    client = wire.client_with(wire.key_of(cast.karim()), endpoint=wire.url + suffix)
    assert client.get_account_balance()["AvailableBalance"] == "1000.00"


def test_signed_headers_may_be_those_of_the_newer_javascript_sdk(wire: Wire) -> None:
    extra = {
        "amz-sdk-invocation-id": "8f1e0c3e-9f3c-4b62-8f35-2b1a7c0c0001",
        "amz-sdk-request": "attempt=1; max=3",
        "x-amz-user-agent": "aws-sdk-js/3.1015.0  two spaces",
        "content-length": "2",
    }
    key = wire.key_of(cast.karim())
    answer = wire.call(key, "GetAccountBalance", headers=extra, also_signed=tuple(extra))
    assert answer.kind == "InvalidSignatureException"  # two spaces were signed as two
    extra["x-amz-user-agent"] = "aws-sdk-js/3.1015.0"
    assert wire.call(key, "GetAccountBalance", headers=extra, also_signed=tuple(extra)).status == 200


def test_a_call_without_signature_is_told_so(wire: Wire) -> None:
    answer = send(wire.url, Call(*KEY), {"authorization": None})
    assert (answer.status, answer.members) == (
        400,
        {"__type": "MissingAuthenticationTokenException", "message": "Missing Authentication Token"},
    )


@pytest.mark.parametrize(
    "authorization",
    [
        "Basic a2FyaW06c2VjcmV0",
        "AWS4-HMAC-SHA256",
        "AWS4-HMAC-SHA256 Credential=AKIA/20261123/us-east-1/mturk-requester/aws4_request",
        "AWS4-HMAC-SHA256 Credential=AKIA/20261123, SignedHeaders=host;x-amz-target, Signature=ab",
        "AWS4-HMAC-SHA256 Credential=A/2/r/mturk-requester/aws4_request, SignedHeaders=host, Signature=ab",
        "AWS4-HMAC-SHA256 ,,,=,=,",
    ],
)
def test_an_authorization_that_says_too_little_is_incomplete(wire: Wire, authorization: str) -> None:
    answer = send(wire.url, Call(*KEY), {"authorization": authorization})
    assert (answer.status, answer.kind) == (400, "IncompleteSignatureException")


def test_an_unknown_key_is_not_recognised(wire: Wire) -> None:
    answer = wire.call(KEY, "GetAccountBalance")
    assert (answer.status, answer.members) == (
        400,
        {
            "__type": "UnrecognizedClientException",
            "message": "The security token included in the request is invalid.",
        },
    )


def test_a_wrong_secret_is_an_invalid_signature(wire: Wire) -> None:
    key = wire.key_of(cast.karim())
    client = wire.client_with(NewKey(key.key_id, "x" * 40))
    with pytest.raises(ClientError) as caught:
        client.get_account_balance()
    assert caught.value.response["Error"]["Code"] == "InvalidSignatureException"


def test_temporary_credentials_are_refused_in_words(wire: Wire) -> None:
    key = wire.key_of(cast.karim())
    client = boto3.client(
        "mturk",
        endpoint_url=wire.endpoint,
        region_name="us-east-1",
        aws_access_key_id=key.key_id,
        aws_secret_access_key=key.secret,
        aws_session_token="a-session",
        config=Config(retries={"total_max_attempts": 1}),
    )
    with pytest.raises(ClientError) as caught:
        client.get_account_balance()
    assert caught.value.response["Error"]["Code"] == "UnrecognizedClientException"
    assert "no temporary credentials" in caught.value.response["Error"]["Message"]


def test_a_revoked_key_is_dead_at_once(wire: Wire) -> None:
    karim = cast.karim()
    key = wire.key_of(karim)
    assert wire.call(key, "GetAccountBalance").status == 200

    revoke_access_key(requester=karim, key_id=key.key_id, now=make.NOW)

    assert wire.call(key, "GetAccountBalance").kind == "UnrecognizedClientException"
    assert wire.call(key, "GetAccountBalance").kind == "UnrecognizedClientException"


def test_the_key_of_a_closed_account_is_not_recognised(wire: Wire) -> None:
    karim = cast.karim()
    key = wire.key_of(karim)
    karim.user.is_active = False
    karim.user.save()
    assert wire.call(key, "GetAccountBalance").kind == "UnrecognizedClientException"


@pytest.mark.parametrize(
    ("minutes", "beginning"),
    [(-5.5, "Signature expired: "), (5.5, "Signature not yet current: ")],
)
def test_a_clock_that_is_off_by_more_than_five_minutes_is_named(
    wire: Wire, minutes: float, beginning: str
) -> None:
    key = wire.key_of(cast.karim())
    answer = wire.call(key, "GetAccountBalance", moment=datetime.now(UTC) + timedelta(minutes=minutes))
    assert answer.kind == "InvalidSignatureException"
    assert answer.members["message"].startswith(beginning)


@pytest.mark.parametrize("minutes", [-4.5, 4.5])
def test_a_clock_that_is_off_by_less_is_no_trouble(minutes: float) -> None:
    call = Call(*KEY, moment=NOW + timedelta(minutes=minutes))
    assert _verdict(call) == "good"


def test_the_scope_names_this_service_and_the_day_of_the_date(wire: Wire) -> None:
    key = wire.key_of(cast.karim())
    answer = wire.call(key, "GetAccountBalance", service="sqs")
    assert answer.members["message"] == "Credential should be scoped to correct service: 'mturk-requester'."
    headers = Call(*KEY, moment=NOW).signed("here")
    headers["authorization"] = headers["authorization"].replace("/20261123/", "/20261122/")
    with pytest.raises(SignatureFault, match="Date in Credential scope does not match"):
        read_claim(headers.get, NOW)


def test_a_body_that_is_not_the_announced_one_is_refused(wire: Wire) -> None:
    key = wire.key_of(cast.karim())
    for announced in ("0" * 64, "UNSIGNED-PAYLOAD"):
        answer = wire.call(
            key,
            "GetAccountBalance",
            headers={"x-amz-content-sha256": announced},
            also_signed=("x-amz-content-sha256",),
        )
        assert answer.kind == "InvalidSignatureException"


def test_operation_and_host_must_be_signed() -> None:
    headers = Call(*KEY, moment=NOW).signed("here")
    for name in ("host", "x-amz-target"):
        less = headers["authorization"].replace(f"{name};", "").replace(f";{name}", "")
        with pytest.raises(SignatureFault, match=f"'{name}' must be a 'SignedHeader'"):
            read_claim({**headers, "authorization": less}.get, NOW)


@given(
    body=st.binary(max_size=200),
    region=st.from_regex(r"[a-z]{2}-[a-z]{1,10}-[0-9]", fullmatch=True),
    path=st.sampled_from(["/", "/mturk", "/mturk/"]),
)
def test_botocore_and_we_sign_alike(body: bytes, region: str, path: str) -> None:
    """What botocore's own signer signs, we find good; and our tests' signer makes the same signature."""
    ours = Call(*KEY, body=body, region=region, path=path, moment=datetime.now(UTC))
    headers = ours.signed("market.example.org:8080")
    theirs = AWSRequest("POST", f"http://market.example.org:8080{path}", data=body)
    theirs.headers["Content-Type"] = headers["content-type"]
    theirs.headers["X-Amz-Target"] = headers["x-amz-target"]
    SigV4Auth(Credentials(*KEY), SERVICE, region).add_auth(theirs)
    if theirs.headers["X-Amz-Date"] != headers["x-amz-date"]:
        return  # a second ended between the two
    assert theirs.headers["Authorization"] == headers["authorization"]
    assert _verdict(ours, datetime.now(UTC)) == "good"


@given(data=st.data())
def test_any_change_breaks_the_signature(data: st.DataObject) -> None:
    call = Call(*KEY, body=b'{"HITId":"3ABC"}', moment=NOW)
    headers = call.signed("here")
    part = data.draw(
        st.sampled_from(["body", "path", "query", "method", "host", "x-amz-target", "x-amz-date"])
    )
    body, path, query, method = call.body, call.path, call.query, call.method
    if part == "body":
        at = data.draw(st.integers(0, len(body) - 1))
        body = body[:at] + bytes([body[at] ^ data.draw(st.integers(1, 255))]) + body[at + 1 :]
    elif part == "path":
        path = data.draw(st.sampled_from(["/", "/mturk/", "//mturk", "/mturk/x"]))
    elif part == "query":
        query = data.draw(st.sampled_from(["a", "a=b", "Action=DeleteHIT"]))
    elif part == "method":
        method = "PUT"
    elif part == "x-amz-date":
        headers[part] = (NOW + timedelta(seconds=data.draw(st.integers(1, 200)))).strftime("%Y%m%dT%H%M%SZ")
    else:
        headers[part] += data.draw(st.sampled_from(["x", "."]))
    with pytest.raises(SignatureFault):
        check_signature(
            read_claim(headers.get, NOW),
            signing_key(KEY.secret, "20261123", "us-east-1"),
            method=method,
            path=path,
            query=query,
            header=headers.get,
            body=body,
        )


def _verdict(call: Call, now: datetime = NOW) -> str:
    headers = call.signed("market.example.org:8080")
    claim = read_claim(headers.get, now)
    check_signature(
        claim,
        signing_key(call.secret, claim.day, claim.region),
        method=call.method,
        path=call.path,
        query=call.query,
        header=headers.get,
        body=call.body,
    )
    return "good"
