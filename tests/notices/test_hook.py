"""Posting to a stranger's address: never into our own network, never for long, never to another host."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.notices.hook_sink import HookSink, hook_sink
from tukro.notices.channels import hook
from tukro.notices.channels.faults import NotTaken, Unreachable
from tukro.notices.channels.hook import post
from tukro.notices.rules.destinations import BadAddress, Channel, channel_of, is_public, region_of

BODY = b'{"Type": "Notification", "Message": "{}"}'
NAME = "hook.example.org"


def lead(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> list[str]:
    """Let NAME lead to these addresses; answers the list of look-ups that will be made."""
    asked: list[str] = []
    resolve = socket.getaddrinfo

    def found(host: str, port: int, *rest: Any, **more: Any) -> Any:
        if host != NAME:
            return resolve(host, port, *rest, **more)
        asked.append(host)
        return [one for address in addresses for one in resolve(address, port, *rest, **more)]

    monkeypatch.setattr(socket, "getaddrinfo", found)
    return asked


@pytest.fixture
def sink() -> Iterator[HookSink]:
    with hook_sink() as listening:
        yield listening


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0",
        "10.1.2.3",
        "100.64.0.1",
        "127.0.0.1",
        "127.255.255.254",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.1",
        "192.0.2.1",
        "192.168.1.1",
        "198.18.0.1",
        "198.51.100.1",
        "203.0.113.1",
        "224.0.0.1",
        "239.255.255.255",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::ffff:127.0.0.1",
        "::ffff:a00:1",
        "64:ff9b::7f00:1",
        "64:ff9b::a9fe:a9fe",
        "64:ff9b:1::7f00:1",
        "2002:7f00:1::",
        "2002:a00:1::1",
        "2001:0:4136:e378:8000:63bf:80ff:fffe",
        "2001:db8::1",
        "fc00::1",
        "fd12:3456::1",
        "fe80::1",
        "fe80::1%eth0",
        "fec0::1",
        "ff02::1",
        "100::1",
    ],
)
def test_an_address_that_is_not_everybodys_is_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "1.1.1.1", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"]
)
def test_an_address_of_the_internet_is_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "127.1",
        "2130706433",
        "0x7f.1",
        "0x7f000001",
        "0177.0.0.1",
        "0",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "127.0.0.1",
    ],
)
def test_no_spelling_of_this_machine_is_posted_to(sink: HookSink, host: str) -> None:
    with pytest.raises(NotTaken, match="not public"):
        post(f"http://{host}:{sink.server_address[1]}/", BODY, {}, private=False)
    assert sink.posts == []


def test_one_forbidden_address_among_those_of_a_name_forbids_all(
    sink: HookSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    lead(monkeypatch, "8.8.8.8", "127.0.0.1")
    with pytest.raises(NotTaken, match="not public"):
        post(f"http://{NAME}:{sink.server_address[1]}/", BODY, {}, private=False)
    assert sink.posts == []


def test_a_name_is_looked_up_once_and_the_connection_goes_where_it_led_then(
    sink: HookSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = lead(monkeypatch, "127.0.0.1")
    post(f"http://{NAME}:{sink.server_address[1]}/in?a=1", BODY, {"x-own": "1"}, private=True)
    assert asked == [NAME]
    [came] = sink.posts
    assert (came.path, came.body, came.headers["x-own"]) == ("/in?a=1", BODY.decode(), "1")
    assert came.headers["host"] == f"{NAME}:{sink.server_address[1]}"


def test_proxies_of_the_environment_are_not_used(sink: HookSink, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    post(sink.url, BODY, {}, private=True)
    assert len(sink.posts) == 1


@pytest.mark.parametrize("status", [301, 302, 307, 400, 404, 410, 500])
def test_any_answer_but_success_is_a_refusal(sink: HookSink, status: int) -> None:
    sink.answer = lambda _post: status
    with pytest.raises(NotTaken, match=f"the answer was {status}"):
        post(sink.url, BODY, {}, private=True)
    assert len(sink.posts) == 1


@contextmanager
def dripping() -> Iterator[int]:
    """A server that sends its first line one byte at a time, for ever."""
    stop = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def drip() -> None:
            connection, _ = listening.accept()
            with connection:
                try:
                    connection.sendall(b"HTTP/1.1 ")
                    while not stop.wait(0.05):
                        connection.sendall(b"a")
                except OSError:
                    return

        thread = threading.Thread(target=drip)
        thread.start()
        try:
            yield listening.getsockname()[1]
        finally:
            stop.set()
            thread.join()


def test_a_server_that_drips_its_answer_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hook, "TOTAL_SECONDS", 0.7)
    began = time.monotonic()
    with dripping() as port, pytest.raises(Unreachable):
        post(f"http://127.0.0.1:{port}/", BODY, {}, private=True)
    assert time.monotonic() - began < 5


def test_a_server_that_says_nothing_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hook, "TOTAL_SECONDS", 0.5)
    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(Unreachable):
        post(f"http://127.0.0.1:{silent.getsockname()[1]}/", BODY, {}, private=True)


def test_where_nobody_listens_is_unreachable() -> None:
    with hook_sink() as gone:
        pass
    with pytest.raises(Unreachable, match="nobody listens"):
        post(gone.url, BODY, {}, private=True)


def certified(folder: Path, name: str) -> tuple[Path, Path]:
    """A certificate for ``name`` that is its own authority, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    certificate, secret = folder / "certificate.pem", folder / "key.pem"
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return certificate, secret


@pytest.mark.parametrize(("certified_name", "taken"), [(NAME, True), ("other.example.org", False)])
def test_tls_is_checked_against_the_name_though_the_connection_goes_to_an_address(
    sink: HookSink,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
    tmp_path: Path,
    certified_name: str,
    taken: bool,
) -> None:
    certificate, key = certified(tmp_path, certified_name)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    hook._authorities.cache_clear()
    server_side = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server_side.load_cert_chain(certificate, key)
    sink.socket = server_side.wrap_socket(sink.socket, server_side=True)
    lead(monkeypatch, "127.0.0.1")
    request.addfinalizer(hook._authorities.cache_clear)
    url = f"https://{NAME}:{sink.server_address[1]}/in"
    if taken:
        post(url, BODY, {}, private=True)
        assert sink.posts[0].headers["host"] == f"{NAME}:{sink.server_address[1]}"
    else:
        with pytest.raises(Unreachable, match="certificate"):
            post(url, BODY, {}, private=True)
        assert sink.posts == []


@pytest.mark.parametrize(
    ("transport", "address", "channel"),
    [
        ("Email", "karim@example.org", Channel.EMAIL),
        ("SQS", "https://sqs.eu-west-1.amazonaws.com/123456789012/q", Channel.SQS),
        ("SQS", "https://eu-west-1.queue.amazonaws.com/123456789012/q.fifo", Channel.SQS),
        ("SQS", "https://queue.amazonaws.com/123456789012/q", Channel.SQS),
        ("SQS", "http://elasticmq:9324/000000000000/q", Channel.SQS),
        ("SNS", "arn:aws:sns:us-east-1:123456789012:topic", Channel.SNS),
        ("SNS", "arn:aws-cn:sns:cn-north-1:123456789012:topic.fifo", Channel.SNS),
        ("SNS", "https://example.org", Channel.HOOK),
        ("SNS", "https://example.org:8443/a?b=c", Channel.HOOK),
        ("SNS", "HTTPS://8.8.8.8/hook", Channel.HOOK),
    ],
)
def test_the_channel_follows_from_transport_and_address(
    transport: str, address: str, channel: Channel
) -> None:
    assert channel_of(transport, address, queue_host="elasticmq", private_hooks=False) == channel


@pytest.mark.parametrize(
    ("transport", "address"),
    [
        ("Email", "a@b@c.org"),
        ("SQS", "https://sqs.us-east-1.amazonaws.com.evil.org/123456789012/q"),
        ("SQS", "https://sqs.us-east-1.amazonaws.com/123456789012/q?Action=DeleteQueue"),
        ("SQS", "https://sqs.us-east-1.amazonaws.com/"),
        ("SQS", "https://sqs.us-east-1.amazonaws.com@evil.org/123456789012/q"),
        ("SQS", "ftp://elasticmq/000000000000/q"),
        ("SNS", "arn:aws:sns:us-east-1:123:topic"),
        ("SNS", "example.org/hook"),
        ("SNS", "https://"),
        ("SNS", "https://example.org:99999/"),
        ("SNS", "https://example.org/a b"),
        ("SNS", "https://example.org/\r\nX-Header: 1"),
        ("SNS", "https://example.org/#fragment"),
        ("SNS", "https://example.org/" + "a" * 1000),
        ("SNS", "file:///etc/passwd"),
        ("SNS", ""),
    ],
)
def test_what_is_no_address_of_its_transport_is_refused(transport: str, address: str) -> None:
    with pytest.raises(BadAddress):
        channel_of(transport, address, queue_host="elasticmq", private_hooks=False)


def test_the_region_is_read_from_queue_and_topic() -> None:
    assert region_of("https://sqs.eu-west-1.amazonaws.com/123456789012/q") == "eu-west-1"
    assert region_of("https://eu-west-3.queue.amazonaws.com/123456789012/q") == "eu-west-3"
    assert region_of("https://queue.amazonaws.com/123456789012/q") == "us-east-1"
    assert region_of("arn:aws:sns:ap-south-1:123456789012:topic") == "ap-south-1"
    assert region_of("http://elasticmq:9324/000000000000/q") == "us-east-1"
