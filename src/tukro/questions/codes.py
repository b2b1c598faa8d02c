"""Codes as proof: made by a requester's own server and checked here, or made here and shown in the task.

The requester sends workers to ``https://example.org/?campaign={{CAMP_ID}}&worker={{MW_ID}}&key={{RAND_KEY}}``;
the words in braces, those of Microworkers, are replaced for each worker. At the end the server shows a code
that only it, who knows the project's secret, can have made. Pure: the secrets come from the caller.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, replace

from tukro.questions.proof import Form, Kind

PROOF_CODE = "{{PROOF_CODE}}"
MOST_TRIES = 5  # wrong codes for one assignment
_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # none that is taken for another


@dataclass(frozen=True, slots=True)
class Whose:
    """What a code is about: public ids of the project, the worker (as its requester knows them) and the
    assignment."""

    project: str
    worker: str
    assignment: str


def secret_of_project(house_secret: str, project: str) -> str:
    """The secret that a project's codes are made with: 64 hexadecimal digits."""
    return hmac.new(house_secret.encode(), f"codes:{project}".encode(), hashlib.sha256).hexdigest()


def tukro_code(secret: str, whose: Whose) -> str:
    """Our form: HMAC-SHA256 over the three ids, each with its length, so that none can be read as another."""
    ids = (whose.project, whose.worker, whose.assignment)
    text = "".join(f"{len(one)}:{one}" for one in ids)
    return "tk-" + hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()[:20]


def microworkers_codes(secret: str, whose: Whose) -> tuple[str, str]:
    """Microworkers' form: SHA-256 over ids and secret, one after the other; without the key, and with it."""
    basic = whose.project + whose.worker + secret
    with_key = whose.project + whose.worker + whose.assignment + secret
    one, other = (hashlib.sha256(text.encode()).hexdigest() for text in (basic, with_key))
    return f"mw-{one}", f"mw-{other}"


def proof_code(house_secret: str, assignment: str) -> str:
    """What a worker types elsewhere or shows in a screenshot, as ``7K3M-9QXT``: one for each assignment."""
    digest = hmac.new(house_secret.encode(), f"proof:{assignment}".encode(), hashlib.sha256).digest()
    letters = "".join(_LETTERS[byte % 32] for byte in digest[:8])
    return f"{letters[:4]}-{letters[4:]}"


def is_right(kind: Kind, typed: str, *, secret: str, whose: Whose) -> bool:
    """Whether the worker was given this code. Blanks around it and capital letters do not matter."""
    given = "".join(typed.split()).lower().encode()
    right = [tukro_code(secret, whose)] if kind is Kind.CODE else microworkers_codes(secret, whose)
    return sum(hmac.compare_digest(given, one.encode()) for one in right) > 0  # all are compared


def personal(form: Form, values: Mapping[str, str]) -> Form:
    """The form with the words in braces replaced; ``words_for`` and ``no_words`` make the values."""

    def put(text: str) -> str:
        for word, value in values.items():
            text = text.replace(word, value)
        return text

    fields = tuple(replace(one, label=put(one.label), help=put(one.help)) for one in form.fields)
    return Form(put(form.instructions), fields)


def words_for(house_secret: str, whose: Whose) -> dict[str, str]:
    """What the words in braces stand for, for one assignment."""
    return {
        "{{CAMP_ID}}": whose.project,
        "{{MW_ID}}": whose.worker,
        "{{RAND_KEY}}": whose.assignment,
        PROOF_CODE: proof_code(house_secret, whose.assignment),
    }


def no_words() -> dict[str, str]:
    """The same before a task is accepted."""
    return dict.fromkeys(("{{CAMP_ID}}", "{{MW_ID}}", "{{RAND_KEY}}", PROOF_CODE), "…")
