"""What is not handed out with a person's data, and why; how values are written."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

KEPT = timedelta(days=7)  # a ready file waits so long for its person
# Columns that are keys, not data: whoever finds the file must not be able to act with them.
SECRET_COLUMNS = frozenset(
    {
        "password",
        "sealed_details",
        "sealed_code",
        "sealed_secret",
        "sealed",
        "secret",
        "digest",
        "pin_hash",
        "code_hash",
        "line",
        "endpoint",
        "public_key",
        "key",
    }
)
# Links from a table to a person that do not make its rows theirs: ``table.column`` → the reason.
LEFT_OUT: Mapping[str, str] = {
    "people.Session.user": "signed-in devices are shown on their own page; the rows hold keys",
    "mfa.Authenticator.user": "keys of two-step sign-in",
    "qualifications.Eligibility.worker": "computed from the other tables",
    "qualifications.Block.worker": "a requester's own note about whom they work with",
    "qualifications.FormerWorker.worker": "a requester's list; the worker's own claim is in the file",
    "money.PayoutIdentity.worker": "hashes of the places that are in the file",
    "money.PayoutHold.worker": "what staff note to protect accounts; its reason is shown to the person",
    "money.DebtWriteOff.requester": "staff's own note about a debt; the debt is shown to the person",
    "vetting.SanctionsHit.worker": "what staff compare to protect the house; the hold is shown to the person",
    "vetting.SanctionsHit.requester": "what staff compare to protect the house; payments say that they wait",
    "vetting.RequesterScreening.requester": "when they were compared with lists; nothing of theirs is in it",
    "vetting.Screening.worker": "when the person was compared with lists; nothing of theirs is in it",
    "money.PayoutSignal.worker": "what staff look at to protect accounts",
    "money.PayoutSignal.other": "what staff look at to protect accounts",
    "work.Mark.requester": "what workers think of a requester is told to nobody",
    "work.Conduct.requester": "computed from the other tables, and public",
    "work.RequestToken.requester": "keys against doing a thing twice, kept for a day",
    "campaigns.ReviewLine.assignment": "lines of a requester's file; the verdict is with the work",
    "notices.Destination.requester": "addresses with keys; they stand on the requester's page",
    "notices.Mute.requester": "whom workers do not want to hear from is told to nobody",
    "notices.Conversation.requester": "the messages are in the file of who wrote them and of the worker",
}


def plain(value: object) -> Any:
    """A value as JSON has it: moments in ISO, amounts as text, nothing lost."""
    match value:
        case None | bool() | int() | float() | str():
            return value
        case datetime() | date():
            return value.isoformat()
        case Decimal():
            return str(value)
        case Mapping():
            return {str(name): plain(one) for name, one in value.items()}
        case list() | tuple():
            return [plain(one) for one in value]
        case _:
            return str(value)
