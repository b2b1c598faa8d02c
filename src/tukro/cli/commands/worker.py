"""Create a worker, verified and ready to work: tukro worker create --email rahima@example.org --country BD"""

from __future__ import annotations

import argparse

from django.utils import timezone

from tukro.cli.people import add_create, password_of, show
from tukro.people.actions.accounts import create_worker
from tukro.people.rules.countries import country_codes


def add_arguments(parser: argparse.ArgumentParser) -> None:
    create = add_create(parser, what="a worker: someone who does tasks and is paid")
    create.add_argument("--country", required=True, type=_country, help="two letters (ISO 3166): BD, IN, …")


def run(options: argparse.Namespace) -> int:
    password = password_of(options)
    worker = create_worker(options.email, password, country=options.country, now=timezone.now())
    answer = {"worker_id": worker.public_id, "email": worker.user.email, "password": password}
    show(answer, as_json=options.json)
    return 0


def _country(text: str) -> str:
    code = text.upper()
    if code not in country_codes():
        raise argparse.ArgumentTypeError(f"{text!r} is not a country's code of two letters (ISO 3166)")
    return code
