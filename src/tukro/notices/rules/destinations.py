"""Where notifications may go: the four channels, and which addresses of the network are nobody's secret."""

from __future__ import annotations

import re
from enum import StrEnum
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import SplitResult, urlsplit

ADDRESS_LENGTH = 1000
HOOK_PORTS = frozenset({443, 8443})
_TOPIC = re.compile(r"arn:aws(?:-cn|-us-gov)?:sns:([a-z0-9-]+):\d{12}:[A-Za-z0-9_-]{1,256}(?:\.fifo)?")
_AWS_QUEUE_HOST = re.compile(
    r"(?:sqs\.(?P<region>[a-z0-9-]+)|(?:(?P<old>[a-z0-9-]+)\.)?queue)\.amazonaws\.com(?:\.cn)?"
)
_QUEUE_PATH = re.compile(r"/[0-9A-Za-z_-]+/[A-Za-z0-9_-]{1,80}(?:\.fifo)?|/[A-Za-z0-9_-]{1,80}(?:\.fifo)?")
_PLAIN_TEXT = re.compile(r"[!-~]+")
_USUAL_REGION = "us-east-1"
_NAT64 = IPv6Network("64:ff9b::/96")
_NAT64_LOCAL = IPv6Network("64:ff9b:1::/48")


class Channel(StrEnum):
    """How a notification leaves. The wire knows three transports: a hook is an SNS destination with a URL."""

    EMAIL = "email"
    SQS = "sqs"
    SNS = "sns"
    HOOK = "hook"


TRANSPORTS = {Channel.EMAIL: "Email", Channel.SQS: "SQS", Channel.SNS: "SNS", Channel.HOOK: "SNS"}


class BadAddress(ValueError):
    """The text is no address of its transport. ``reason`` says what is wrong, for the requester."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def channel_of(transport: str, address: str, *, queue_host: str, private_hooks: bool) -> Channel:
    """By which channel notifications go to ``address``. Raises BadAddress.

    ``queue_host`` is the host of the operator's own SQS endpoint ('' = none). ``private_hooks``: the
    operator lets web hooks go to plain http and to any port (see ``is_public``).
    """
    if len(address) > ADDRESS_LENGTH or not _PLAIN_TEXT.fullmatch(address):
        raise BadAddress(f"a destination has 1 to {ADDRESS_LENGTH} printable ASCII characters")
    if transport == "Email":
        if not re.fullmatch(r"[^@]+@[^@]+\.[^@]+", address):
            raise BadAddress("this is not an e-mail address")
        return Channel.EMAIL
    if transport == "SQS":
        _check_queue(_split(address), queue_host)
        return Channel.SQS
    if _TOPIC.fullmatch(address):
        return Channel.SNS
    if address.partition("://")[0].lower() not in ("https", "http"):
        raise BadAddress("an SNS destination is a topic ARN, or the https URL of a web hook")
    _check_hook(_split(address), private_hooks)
    return Channel.HOOK


def region_of(address: str) -> str:
    """The AWS region of a queue URL or a topic ARN."""
    if topic := _TOPIC.fullmatch(address):
        return topic[1]
    host = _AWS_QUEUE_HOST.fullmatch(urlsplit(address).hostname or "")
    return (host["region"] or host["old"] if host else "") or _USUAL_REGION


def is_public(address: str) -> bool:
    """Whether everybody may send to this IP address: not loopback, private, local to a link, multicast or
    reserved; and not such an address wrapped in one of the IPv6 forms that carry an IPv4 address."""
    ip: IPv4Address | IPv6Address = ip_address(address.partition("%")[0])
    if isinstance(ip, IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if ip in _NAT64:
            inner = IPv4Address(int(ip) & 0xFFFF_FFFF)
        if inner is not None:
            ip = inner
        elif ip in _NAT64_LOCAL or ip.is_site_local:
            return False
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_unspecified)


def _split(address: str) -> SplitResult:
    try:
        parts = urlsplit(address)
        known = parts.hostname and (parts.port is None or parts.port > 0)
    except ValueError:
        known = None
    if not known or parts.scheme not in ("https", "http"):
        raise BadAddress("this is not a web address")
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise BadAddress("a web address here has no user, password or fragment")
    return parts


def _check_queue(queue: SplitResult, queue_host: str) -> None:
    host = queue.hostname or ""
    if not _AWS_QUEUE_HOST.fullmatch(host) and host != queue_host:
        raise BadAddress("this is not the URL of a queue that this installation can reach")
    if not _QUEUE_PATH.fullmatch(queue.path) or queue.query:
        raise BadAddress("this is not the URL of a queue")


def _check_hook(hook: SplitResult, private_hooks: bool) -> None:
    if private_hooks:
        return
    if hook.scheme != "https":
        raise BadAddress("a web hook has an https address")
    if (hook.port or 443) not in HOOK_PORTS:
        raise BadAddress("a web hook listens on port 443 or 8443")
    try:
        is_bare_secret = not is_public(hook.hostname or "")
    except ValueError:
        return  # a name: where it leads is looked up, and judged, each time before something is sent
    if is_bare_secret:
        raise BadAddress("this address is not a public one")
