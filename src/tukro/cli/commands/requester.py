"""Create a requester: tukro requester create --email karim@example.org --name Karim --deposit 1000.00"""

from __future__ import annotations

import argparse

from django.db import transaction
from django.utils import timezone

from tukro.cli.people import add_create, password_of, show
from tukro.kernel.money import Money, NotMoney
from tukro.money.actions.deposits import deposit_play_money
from tukro.people.actions.accounts import create_requester
from tukro.people.actions.keys import make_access_key
from tukro.people.models import Requester


def add_arguments(parser: argparse.ArgumentParser) -> None:
    create = add_create(parser, what="a requester: someone who posts tasks and pays")
    create.add_argument(
        "--name", default="", type=_name, help="the name that workers see (default: the e-mail's first part)"
    )
    create.add_argument("--deposit", type=_money, help="play money to start with, in US dollars: 1000.00")


def run(options: argparse.Namespace) -> int:
    now = timezone.now()
    password = password_of(options)
    name = options.name or options.email.partition("@")[0]
    with transaction.atomic():  # all of it or nothing, so that a refused deposit leaves no half requester
        requester = create_requester(options.email, password, name=name, now=now)
        key = make_access_key(requester=requester, now=now)
        if options.deposit is not None:
            deposit_play_money(requester=requester, amount=options.deposit, now=now)
    answer = {
        "requester_id": requester.public_id,
        "access_key_id": key.key_id,
        "secret_access_key": key.secret,
        "email": requester.user.email,
        "password": password,
    }
    show(answer, as_json=options.json)
    return 0


_NOT_MONEY = {
    "not_a_number": "write it in numbers, like 1000.00",
    "too_many_decimals": "it has more than two digits after the point",
    "too_large": "that is more than any amount can be",
}


def _name(text: str) -> str:
    if len(text) > (longest := Requester._meta.get_field("name").max_length or 0):
        raise argparse.ArgumentTypeError(f"{text[:40]!r}… is longer than {longest} characters")
    return text


def _money(text: str) -> Money:
    try:
        return Money.parse(text)
    except NotMoney as fault:
        raise argparse.ArgumentTypeError(f"{text!r} is not an amount: {_NOT_MONEY[fault.reason]}") from None
