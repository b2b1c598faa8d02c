"""What the commands that create people share: the options, and how the answer is shown."""

from __future__ import annotations

import argparse
import json
import secrets
from collections.abc import Mapping

from tukro.kernel.typed import is_mail_address
from tukro.people.models import User


def add_create(parser: argparse.ArgumentParser, *, what: str) -> argparse.ArgumentParser:
    """Add the sub-command ``create`` with the options that every kind of person has."""
    verbs = parser.add_subparsers(required=True, metavar="create")
    create = verbs.add_parser("create", help=f"create {what}", description=f"Create {what}.")
    create.add_argument("--email", required=True, type=_email, help="the address to sign in with")
    create.add_argument("--password", default="", help="the password (a random one is made when missing)")
    create.add_argument("--json", action="store_true", help="answer with one JSON object")
    return create


def password_of(options: argparse.Namespace) -> str:
    """The password that was given, or a new one."""
    return options.password or secrets.token_urlsafe(12)


def show(answer: Mapping[str, str], *, as_json: bool) -> None:
    """Print what was made. The password and the secret key are shown this once."""
    if as_json:
        print(json.dumps(answer))
        return
    width = max(map(len, answer)) + 2
    for name, value in answer.items():
        print(f"{name:{width}}{value}")


def _email(text: str) -> str:
    if not is_mail_address(text):
        raise argparse.ArgumentTypeError(f"{text!r} is not an e-mail address")
    if len(text) > (longest := User._meta.get_field("email").max_length or 0):
        raise argparse.ArgumentTypeError(f"{text[:40]!r}… is longer than {longest} characters")
    return text
