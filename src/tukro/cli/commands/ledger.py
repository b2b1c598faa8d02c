"""The books: prove that they balance, read them as of any moment, write them out, prove an account to others.

  tukro ledger prove                     run every proof, the chain of seals among them
  tukro ledger statement ACCOUNT         what an account was at a moment, and what moved it
  tukro ledger export --format hledger   the books as text for hledger or Beancount
  tukro ledger proof ACCOUNT             a signed file: these entries stand in the books
  tukro ledger verify FILE               check such a file; needs no database
  tukro ledger correct worker:ID AMOUNT  make good from the house's goodwill, with a reason
  tukro ledger reverse CORRECTION        and take that back

ACCOUNT is the account's number or its name: worker_available:OWNER, hold:OWNER:REF, fees. docs/money.md has
the chart of accounts.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from tukro.cli.trust import all_faults
from tukro.kernel.actors import Actor
from tukro.kernel.errors import NotFound
from tukro.kernel.formats import iso
from tukro.kernel.ids import new_id
from tukro.kernel.money import Money, NotMoney
from tukro.kernel.signing import NoKey, public_key, public_text, signing_key
from tukro.money.actions.proposals.acts import CorrectBalance, ReverseCorrection
from tukro.money.actions.proposals.waiting import do_or_propose
from tukro.money.queries import (
    BadProof,
    Fault,
    account_proof,
    balance_at,
    check_proof,
    export_lines,
    find_account,
    movements,
    name_of,
)
from tukro.people.models import User
from tukro.runtime.faults import CannotRun

PROOF_FAULTS = {
    "no_proof": "this is no proof of the ledger",
    "unreadable": "something in it is missing or is not what it should be",
    "no_key": "the key is no Ed25519 key (z6Mk…)",
    "day_not_signed": "the signature of this day does not fit: {where}",
    "seal_not_in_day": "this seal is not in the day that it names: {where}",
    "entry_not_in_seal": "the entry of this transfer is not in the seal that it names: {where}",
    "twice": "an entry stands in it twice",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(required=True, metavar="VERB", dest="verb")
    prove = verbs.add_parser("prove", help="run every proof", description="Run every proof of the ledger.")
    prove.add_argument("--json", action="store_true", help="answer with one JSON object")
    statement = verbs.add_parser("statement", help="what an account was at a moment")
    _account(statement)
    statement.add_argument("--as-of", type=_moment, metavar="TIME", help="now, if not said (UTC, ISO 8601)")
    statement.add_argument(
        "--from", type=_moment, metavar="TIME", dest="since", help="movements from here on"
    )
    statement.add_argument("--csv", action="store_true", help="as a table for spreadsheets")
    export = verbs.add_parser("export", help="the books as text for other tools")
    export.add_argument("--format", choices=["hledger", "beancount"], required=True)
    export.add_argument(
        "--from", type=_moment, metavar="TIME", dest="since", help="included; else everything"
    )
    export.add_argument("--to", type=_moment, metavar="TIME", dest="until", help="not included; else now")
    proof = verbs.add_parser("proof", help="a signed file about one account")
    _account(proof)
    proof.add_argument("--out", type=Path, metavar="FILE", help="where to write it; else to the terminal")
    correct = verbs.add_parser("correct", help="make good to somebody, or take back")
    correct.add_argument("person", metavar="worker:ID|requester:ID")
    correct.add_argument("amount", metavar="AMOUNT", help="in dollars; below zero takes back")
    reverse = verbs.add_parser("reverse", help="take a correction back")
    reverse.add_argument("correction", metavar="CORRECTION")
    for verb in (correct, reverse):
        verb.add_argument("--reason", required=True)
        verb.add_argument("--by", required=True, metavar="EMAIL", help="of the member of staff who does it")
    verify = verbs.add_parser("verify", help="check a file that ledger proof wrote")
    verify.set_defaults(without_database=True)
    verify.add_argument("file", type=Path, metavar="FILE")
    verify.add_argument("--key", default="", help="the house's public key (z6Mk…); else this installation's")


def run(options: argparse.Namespace) -> int:
    return _VERBS[options.verb](options)


def _prove(options: argparse.Namespace) -> int:
    faults = all_faults()
    if options.json:
        answer = {"holds": not faults, "faults": [{"proof": f.name, "rows": f.rows} for f in faults]}
        print(json.dumps(answer, default=str))
    else:
        _show(faults)
    return 1 if faults else 0


def _show(faults: Sequence[Fault]) -> None:
    for fault in faults:
        print(f"BROKEN {fault.name}")
        for row in fault.rows:
            print("  " + "  ".join(f"{name}={value}" for name, value in row.items()))
    print(f"{len(faults)} proofs broken." if faults else "Every proof holds.")


def _statement(options: argparse.Namespace) -> int:
    account = find_account(options.account, currency=options.currency)
    until = options.as_of or timezone.now()
    lines = movements(account, since=options.since, until=until)
    rows = (
        [
            line.at.astimezone(UTC).isoformat(),
            str(line.transfer),
            line.kind,
            line.subject,
            _plain(line.amount, account.currency),
            _plain(line.balance, account.currency),
        ]
        for line in lines
    )
    if options.csv:
        table = csv.writer(sys.stdout)
        table.writerow(["at", "transfer", "kind", "subject", "amount", "balance"])
        table.writerows(rows)
        return 0
    for at, transfer, kind, subject, amount, balance in rows:
        print(f"{at:32} {transfer:>10}  {kind:20} {subject:32} {amount:>16} {balance:>16}")
    total = _plain(balance_at(account, until), account.currency)
    print(f"{name_of(account)} as of {iso(until)}: {total} {account.currency}")
    return 0


def _plain(units: int, currency: str) -> str:
    return f"{Money(units, currency).amount:f}"


def _export(options: argparse.Namespace) -> int:
    for line in export_lines(options.format, since=options.since, until=options.until or timezone.now()):
        print(line)
    return 0


def _proof(options: argparse.Namespace) -> int:
    document = account_proof(find_account(options.account, currency=options.currency))
    text = json.dumps(document, ensure_ascii=False, indent=1)
    if options.out is None:
        print(text)
    else:
        options.out.write_text(text + "\n")
        left = document["entries_not_under_a_signed_day_yet"]
        print(
            f"{len(document['entries'])} entries proved; {left} wait for the end of their day. {options.out}"
        )
    return 0


def _correct(options: argparse.Namespace) -> int:
    try:
        amount = Money.parse(options.amount)
    except NotMoney:
        raise CannotRun(f"{options.amount} is no amount.", mend="Write 5.00 or -5.00.") from None
    correction = new_id()
    act = CorrectBalance(correction, options.person, amount.units, options.reason)
    if do_or_propose(act=act, by=_staff(options.by), now=timezone.now()):
        print(f"Correction {correction} waits: a second member of staff confirms it on the site.")
    else:
        print(f"Correction {correction}: {amount} dollars for {options.person}.")
    return 0


def _reverse(options: argparse.Namespace) -> int:
    act = ReverseCorrection(options.correction, options.reason)
    if do_or_propose(act=act, by=_staff(options.by), now=timezone.now()):
        print(
            f"The reversal of {options.correction} waits: a second member of staff confirms it on the site."
        )
    else:
        print(f"Correction {options.correction} is reversed.")
    return 0


def _staff(email: str) -> Actor:
    """Who does it, for the journal. Raises NotFound."""
    user = User.objects.filter(email__iexact=email, is_staff=True).first()
    if user is None:
        raise NotFound(staff=email)
    return user.actor


def _verify(options: argparse.Namespace) -> int:
    key = options.key or public_text(signing_key(settings.RECORD_KEY).public_key())
    try:
        document = json.loads(options.file.read_bytes())
        proved = check_proof(document, key=public_key(key))
    except OSError as error:
        raise CannotRun(f"{options.file} cannot be read: {error.strerror}.", mend="Name the file.") from None
    except NoKey:
        print(f"DOES NOT HOLD: {PROOF_FAULTS['no_key']}.")
        return 1
    except BadProof as fault:
        print(f"DOES NOT HOLD: {PROOF_FAULTS[fault.reason].format(where=fault.where)}.")
        return 1
    except ValueError:
        print(f"DOES NOT HOLD: {PROOF_FAULTS['no_proof']}.")
        return 1
    currency = str(proved.account["currency"])
    names = [str(proved.account[part]) for part in ("code", "owner", "ref")]
    print(f"HOLDS: {proved.entries} entries of {':'.join(names).rstrip(':')} stand in the signed books.")
    print(f"Debits   {_plain(proved.debits, currency)} {currency}")
    print(f"Credits  {_plain(proved.credits, currency)} {currency}")
    print(f"Signed   {len(proved.days)} days" + (f", the last {proved.days[-1]}" if proved.days else ""))
    print(f"Key      {key}")
    if proved.unsigned:
        print(f"{proved.unsigned} more entries were not under a signed day yet when the file was made.")
    return 0


def _account(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("account", metavar="ACCOUNT")
    parser.add_argument("--currency", default="", help="when the name fits accounts in several currencies")


def _moment(text: str) -> datetime:
    """A date is its first moment; without a zone it is UTC."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"not a moment: {text} (2026-11-28 or 2026-11-28T12:00Z)") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


_VERBS = {
    "prove": _prove,
    "statement": _statement,
    "export": _export,
    "proof": _proof,
    "correct": _correct,
    "reverse": _reverse,
    "verify": _verify,
}
