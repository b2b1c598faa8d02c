"""Starters: a project of each kind of work, half written, in the language of the page."""

from __future__ import annotations

from tukro.web.requester.posting.starters.elements import ELEMENTS as ELEMENTS
from tukro.web.requester.posting.starters.pages import PAGES as PAGES
from tukro.web.requester.posting.starters.proofs import PROOFS as PROOFS
from tukro.web.requester.posting.starters.starter import Starter as Starter

_BY_CODE = {one.code: one for one in (*PAGES, *PROOFS, *ELEMENTS)}


def starter(code: str) -> Starter | None:
    return _BY_CODE.get(code)
