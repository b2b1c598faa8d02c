"""Amazon gift cards by the Incentives API ("AGCOD"): calls are signed as AWS's are, and make a card at once.

``creationRequestId`` is our partner id and our key: the same one gives the same card, however often it is
asked for. So asking about a card whose answer was lost is to create it once more. The claim code goes to its
worker sealed, and nowhere else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from django.conf import settings

from tukro.money.providers.payouts import SUM, Hint, HookForged, Order, lost, ordered_again, with_sum
from tukro.money.rules.payouts import PayoutNews
from tukro.outside.http import Answered, Door, NotSent, Refused, Unknown, document

_SERVICE = "AGCODService"
_TARGET = "com.amazonaws.agcod.AGCODService.CreateGiftCard"
# F200 is a request that can never be right; of it, the amount is the worker's part. F300 is our account.
_ORDERS_FAULT = frozenset({"MaxAmountExceeded", "NegativeOrZeroAmount", "InvalidAmountValue"})


class AmazonGiftCards:
    name = "agcod"
    kinds: Sequence[str] = ("amazon",)
    repeatable = True

    def send(self, order: Order) -> PayoutNews:
        asked = {
            "creationRequestId": f"{settings.AGCOD_PARTNER}{order.key}",
            "partnerId": settings.AGCOD_PARTNER,
            "value": {"currencyCode": order.amount.currency, "amount": SUM},
        }
        made = _post("/CreateGiftCard", with_sum(asked, order))
        match made:
            case Answered():
                return _news(document(made))
            case Refused():
                return _refused(document(made), made.status)
            case Unknown():
                # RESEND: it may have been made, and the same request will say.
                return PayoutNews("unclear", reason=_words(document(made)) or made.reason)
            case NotSent():
                return lost(made)

    def ask(self, order: Order) -> PayoutNews:
        if order.arrived:
            return PayoutNews("settled")  # a card that was made stays made
        return ordered_again(self.send(order))

    def hook(self, headers: Mapping[str, str], body: bytes) -> Sequence[Hint]:
        del headers, body
        raise HookForged("Amazon sends none")


def _post(path: str, body: bytes) -> Answered | Refused | NotSent | Unknown:
    """The call, signed. Every header that is signed is sent as it was signed."""
    headers = {"Content-Type": "application/json", "Accept": "application/json", "X-Amz-Target": _TARGET}
    request = AWSRequest("POST", settings.AGCOD_URL + path, headers=headers, data=body)
    credentials = Credentials(settings.AGCOD_KEY, settings.AGCOD_SECRET)
    SigV4Auth(credentials, _SERVICE, settings.AGCOD_REGION).add_auth(request)
    return Door(settings.AGCOD_URL, key_header="").ask(
        "POST", path, body=body, headers={name: str(value) for name, value in request.headers.items()}
    )


def _news(made: dict[str, Any]) -> PayoutNews:
    code, card = str(made.get("gcClaimCode", "")), str(made.get("gcId", ""))
    if made.get("status") == "SUCCESS" and code:
        return PayoutNews("settled", handle=card, reference=card, code=code)
    return PayoutNews("unclear", reason=_words(made) or "an answer without a card")


def _refused(made: dict[str, Any], status: int) -> PayoutNews:
    if made.get("errorType") in _ORDERS_FAULT:
        return PayoutNews("failed", reason=_words(made))
    if str(made.get("errorCode", "")).startswith(("F1", "F4", "F5")):
        return PayoutNews("unclear", reason=_words(made))  # Amazon's own trouble: the same request will say
    return PayoutNews("absent", reason=_words(made) or f"status {status}")


def _words(made: dict[str, Any]) -> str:
    return " ".join(str(made[name]) for name in ("errorCode", "errorType", "message") if made.get(name))
