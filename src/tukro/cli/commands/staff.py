"""Create a member of staff: tukro staff create --email shirin@example.org"""

from __future__ import annotations

import argparse

from django.utils import timezone

from tukro.cli.people import add_create, password_of, show
from tukro.people.actions.accounts import create_staff


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_create(parser, what="a member of staff")


def run(options: argparse.Namespace) -> int:
    password = password_of(options)
    user = create_staff(options.email, password, now=timezone.now())
    show({"user_id": str(user.pk), "email": user.email, "password": password}, as_json=options.json)
    return 0
