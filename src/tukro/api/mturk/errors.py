"""How the wire says no: one error in the shape that its layer has (mturk-api 1.4 and 1.5).

Which refusal of the house says what stands in refused.py. The texts are English and stand outside the
catalogues of words: programs match on them.
"""

from __future__ import annotations

from datetime import datetime

from django.conf import settings

_TURK = "AWS.MechanicalTurk."
_LONGEST_ECHO = 300  # of a value that is shown again: a test or a description may have thousands
# Kinds that carry a TurkErrorCode, and ``Message`` with a capital: the modelled two and the one beside them.
_TURK_KINDS = frozenset({"RequestError", "ServiceFault", "ParameterValidationError"})
_CAPITAL_MESSAGE = _TURK_KINDS | {"AccessDeniedException"}


class WireError(Exception):
    """An error as answer: ``kind`` is the body's ``__type``, ``code`` the TurkErrorCode if it has one.

    ``code`` may leave out ``AWS.MechanicalTurk.``. ``stamped``: the message ends with the moment, as MTurk's
    business messages do.
    """

    def __init__(
        self, kind: str, code: str, message: str, *, status: int = 400, stamped: bool = False
    ) -> None:
        super().__init__(f"{kind} {code}: {message}")
        self.kind, self.message, self.status, self.stamped = kind, message, status, stamped
        self.code = code if not code or code.startswith("AWS.") else _TURK + code

    def body(self, now: datetime) -> dict[str, str]:
        """The members of the answer in MTurk's order."""
        message = f"{self.message} ({_stamp(now)})" if self.stamped else self.message
        if self.kind in _TURK_KINDS:
            return {"__type": self.kind, "Message": message, "TurkErrorCode": self.code}
        if self.kind in _CAPITAL_MESSAGE:
            return {"__type": self.kind, "Message": message}
        return {"__type": self.kind, "message": message}


def request_error(code: str, message: str, *, stamped: bool = True) -> WireError:
    """A business rule, a state or existence said no: ``RequestError``."""
    return WireError("RequestError", code, message, stamped=stamped)


def parameter_error(message: str, code: str = "InvalidParameterValue") -> WireError:
    """A value is well-formed but means nothing good: ``ParameterValidationError`` (not a RequestError)."""
    return WireError("ParameterValidationError", code, message, stamped=True)


def invalid_value(parameter: str, value: object) -> WireError:
    """``The value "…" is not valid for the parameter …``, as MTurk says of an unknown worker and the like."""
    text = str(value)
    shown = text if len(text) <= _LONGEST_ECHO else text[:_LONGEST_ECHO] + "…"
    return parameter_error(f'The value "{shown}" is not valid for the parameter {parameter}.')


def validation_error(faults: list[str]) -> WireError:
    """Constraints of the service model that do not hold, all of them at once: ``ValidationException``."""
    errors = "validation error" if len(faults) == 1 else "validation errors"
    return WireError("ValidationException", "", f"{len(faults)} {errors} detected: {'; '.join(faults)}")


def service_fault() -> WireError:
    """Trouble of our own; nothing was done, the client may try again: ``ServiceFault``, 500."""
    return WireError(
        "ServiceFault",
        "AWS.ServiceUnavailable",
        "The service is temporarily unavailable. Nothing was changed. Try again later.",
        status=500,
        stamped=True,
    )


def does_not_exist(what: str, id: str) -> WireError:
    """``Hit 3X… does not exist.``; ``what`` is a key of NOT_FOUND's names: Hit, HITType, Assignment …"""
    code = {"Hit": "HIT"}.get(what, what)
    return request_error(f"{code}DoesNotExist", f"{what} {id} does not exist.")


def _stamp(now: datetime) -> str:
    milliseconds = int(now.timestamp() * 1000)
    return f"{milliseconds} s" if settings.MODE == "sandbox" else str(milliseconds)
