"""Each requester knows a worker by an id of their own, and by no other."""

from __future__ import annotations

import re
import string
from typing import Any, cast

import pytest
from django.conf import LazySettings
from hypothesis import assume, given
from hypothesis import strategies as st

from tests import make
from tukro.cli.trust import refuse_other_alias_key
from tukro.people import aliases
from tukro.people.actions.alias_key import remember_alias_key
from tukro.people.models import AliasKeySeen, Requester, Worker
from tukro.runtime.faults import CannotRun

LETTERS = string.ascii_uppercase + string.digits
KEYS = st.integers(1, 2**63 - 1)


@given(worker=KEYS, requester=KEYS)
def test_an_alias_looks_like_an_id_and_hides_the_worker_of_its_requester(worker: int, requester: int) -> None:
    of = Requester(pk=requester, alias_key=aliases.KEY)
    text = aliases.alias_of(of, worker_pk=worker, public_id="A0")
    assert re.fullmatch(r"A[A-Z0-9]{13}", text)
    assert aliases.known_as(text, of).children == [("pk", worker)]
    assert aliases.known_as(text, of, at="worker").children == [("worker__pk", worker)]


@given(worker=KEYS, one=KEYS, other=KEYS)
def test_two_requesters_see_ids_that_say_nothing_to_each_other(worker: int, one: int, other: int) -> None:
    assume(one != other)
    here, there = (Requester(pk=pk, alias_key=aliases.KEY) for pk in (one, other))
    ids = [aliases.alias_of(of, worker_pk=worker, public_id="A0") for of in (here, there)]
    assert ids[0] != ids[1]
    assert ("pk", worker) not in aliases.known_as(ids[0], there).children


@given(text=st.one_of(st.text(max_size=20), st.text(LETTERS, min_size=13, max_size=13).map("A".__add__)))
def test_an_invented_id_is_nobody(text: str) -> None:
    of = Requester(pk=7, alias_key=aliases.KEY)
    (condition,) = aliases.known_as(text, of).children
    name, wanted = cast("tuple[str, Any]", condition)
    assert (name, wanted) == ("pk__in", ()) or (name == "pk" and wanted > 10**9)


@pytest.mark.django_db
def test_ids_are_turned_and_turned_back() -> None:
    rahima, nusrat = make.worker(), make.worker()
    karim, salma = make.requester(aliases=True), make.requester(aliases=True)
    by_karim = aliases.alias(rahima, karim)
    assert aliases.worker_known_as(by_karim, karim) == rahima
    assert Worker.objects.filter(aliases.known_as(by_karim, karim)).get() == rahima
    unknown = [
        rahima.public_id,  # the real id says nothing to a requester who never saw it
        aliases.alias(rahima, salma),
        by_karim.lower(),
        by_karim + " ",
        by_karim[:-1] + ("A" if by_karim[-1] != "A" else "B"),
        "A0000000000000",
        "",
    ]
    assert [aliases.worker_known_as(text, karim) for text in unknown] == [None] * len(unknown)
    asked = [aliases.alias(nusrat, karim), *unknown, by_karim]
    assert aliases.workers_known_as(asked, karim) == {asked[0]: nusrat, by_karim: rahima}


@pytest.mark.django_db
def test_who_was_given_plain_ids_keeps_them() -> None:
    rahima, karim = make.worker(), make.requester(aliases=False)
    assert aliases.alias(rahima, karim) == rahima.public_id
    assert aliases.worker_known_as(rahima.public_id, karim) == rahima
    assert aliases.workers_known_as([rahima.public_id, "no id"], karim) == {rahima.public_id: rahima}
    made = aliases.alias(rahima, make.requester(aliases=True))
    assert aliases.worker_known_as(made, karim) is None


@pytest.mark.django_db
def test_staff_find_who_is_meant_by_an_alias() -> None:
    rahima, karim, salma = make.worker(), make.requester(aliases=True), make.requester(aliases=True)
    make.requester(aliases=False)
    assert aliases.whose_alias(aliases.alias(rahima, salma)) == (rahima, salma)
    assert aliases.whose_alias(aliases.alias(rahima, karim)) == (rahima, karim)
    assert aliases.whose_alias("A0000000000000") is None
    assert aliases.whose_alias("rahima") is None


def test_ids_stay_when_the_secret_of_the_site_is_changed(settings: LazySettings) -> None:
    of = Requester(pk=1, alias_key=aliases.KEY)
    settings.ALIAS_KEY = "the secret of the first day"
    first = aliases.alias_of(of, worker_pk=1, public_id="A0")
    settings.SECRET_KEY = "another"
    # Programs remember ids: no later version of the house may make another one of these.
    assert aliases.alias_of(of, worker_pk=1, public_id="A0") == first == "A7300YM3L68BG1"
    settings.ALIAS_KEY = "another"
    assert aliases.alias_of(of, worker_pk=1, public_id="A0") != first


@pytest.mark.django_db
def test_a_start_with_another_key_is_refused_once_requesters_know_workers(settings: LazySettings) -> None:
    settings.ALIAS_KEY = "the secret of the first day"
    assert remember_alias_key(now=make.NOW)
    settings.ALIAS_KEY = "chosen before anybody was here"
    assert remember_alias_key(now=make.NOW)
    make.requester(aliases=True)
    assert remember_alias_key(now=make.NOW)
    refuse_other_alias_key()
    settings.ALIAS_KEY = "another"
    for now in (None, make.NOW):
        with pytest.raises(CannotRun, match="TUKRO_ALIAS_KEY"):
            refuse_other_alias_key(now)
    settings.ALIAS_KEY = "chosen before anybody was here"
    refuse_other_alias_key(make.NOW)
    assert "chosen" not in AliasKeySeen.objects.get().fingerprint
