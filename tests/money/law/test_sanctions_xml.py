"""Published XML of sanctions lists: who is on it, and what is refused."""

from __future__ import annotations

import pytest

from tests.make import NOW
from tests.money.bank import SHIRIN
from tests.money.law.sanctions_xml import EU, OFSI, UK, UN
from tukro.vetting.actions.sanctions import import_list
from tukro.vetting.models import SanctionsList, SanctionsName
from tukro.vetting.rules.lists import BadList, Listed
from tukro.vetting.rules.xml_lists import read_xml

_LATIN, _BENGALI, _ALSO = "Rahima KHATUN", "রহিমা খাতুন", "Rohima Begum"
_ABOUT = "Nowhere; Keeps a ledger."


@pytest.mark.parametrize(
    ("document", "person", "firm"),
    [
        pytest.param(
            UN,
            Listed(
                "NWi.001",
                ("RAHIMA KHATUN", _BENGALI, _ALSO),
                (1971, 1974, 1975, 1976),
                ("Bangladesh",),
                _ABOUT,
            ),
            Listed("9900002", ("GREEN SHIPPING LTD", "Green Lines"), about="Nowhere", firm=True),
            id="UN",
        ),
        pytest.param(
            EU,
            Listed(
                "EU.9001.1",
                ("Rahima Khatun", _ALSO),
                (1971, 1972),
                ("BANGLADESH",),
                "NOW; Keeps a ledger.",
            ),
            Listed("8", ("Green Shipping Ltd",), firm=True),
            id="EU",
        ),
        pytest.param(
            UK,
            Listed("NOW0001", (_LATIN, _ALSO, _BENGALI), (1971, 1972), ("Bangladesh",), _ABOUT),
            Listed("NOW0002", ("Green Shipping Ltd",), firm=True),
            id="UK",
        ),
        pytest.param(
            OFSI,
            Listed("99001", (_LATIN, _ALSO), (1971, 1972), ("Bangladesh",), _ABOUT),
            Listed("99002", ("Green Shipping Ltd",), firm=True),
            id="OFSI",
        ),
    ],
)
def test_each_published_list_gives_its_persons_and_firms(document: str, person: Listed, firm: Listed) -> None:
    assert read_xml(document.encode()) == [person, firm]


@pytest.mark.django_db
def test_a_file_of_another_shape_is_refused_and_changes_nothing() -> None:
    kept = import_list(by=SHIRIN, source="UN", people=b"\xef\xbb\xbf" + UN.encode(), now=NOW)
    names = SanctionsName.objects.count()
    bomb = '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>'
    for document, code in (
        ("<html><body>Not found</body></html>", "unknown_xml"),
        (UN[:900], "bad_xml"),
        ("<CONSOLIDATED_LIST><INDIVIDUALS/></CONSOLIDATED_LIST>", "nobody"),
        (UN.replace("<CONSOLIDATED_LIST", f"{bomb}<CONSOLIDATED_LIST", 1), "unknown_xml"),
    ):
        with pytest.raises(BadList) as fault:
            import_list(by=SHIRIN, source="UN", people=document.encode(), now=NOW)
        assert fault.value.code == code
    assert SanctionsList.objects.get() == kept
    assert (SanctionsName.objects.count(), names) == (5, 5)
