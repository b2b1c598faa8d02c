"""The lists of the United Nations, the European Union and the United Kingdom, as they publish them in XML.

UN: ``CONSOLIDATED_LIST`` of the Security Council. EU: ``export`` of the consolidated financial sanctions list
(version 1.1). UK: ``Designations`` of the Foreign Office, and ``ArrayOfFinancialSanctionsTarget`` of OFSI's
consolidated list. Which it is tells the outermost element. Ships are left out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping

from lxml import etree

from tukro.vetting.rules.lists import BadList, Listed, somebody, years_in

_ABOUT = 1_000  # letters that staff read


def looks_like_xml(content: bytes) -> bool:
    return content.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"<"


def read_xml(content: bytes) -> list[Listed]:
    """Everybody on the list. Raises BadList: bad_xml, unknown_xml or nobody."""
    # Somebody else's document: nothing of it is resolved, loaded or blown up.
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True
    )
    try:
        root = etree.fromstring(content.removeprefix(b"\xef\xbb\xbf").lstrip(), parser)
    except etree.XMLSyntaxError as fault:
        raise BadList("bad_xml", fault.lineno or 0) from fault
    read = _READERS.get(etree.QName(root).localname)
    if read is None or root.getroottree().docinfo.doctype:  # no list has one; a bomb would
        raise BadList("unknown_xml", 1)
    return somebody(one for one in read(root) if one.names)


def _united_nations(root: etree._Element) -> Iterator[Listed]:
    for kind, firm in (("INDIVIDUAL", False), ("ENTITY", True)):
        for node in root.iterfind(f"{kind}S/{kind}" if not firm else "ENTITIES/ENTITY"):
            parts = [_text(node, f"{part}_NAME") for part in ("FIRST", "SECOND", "THIRD", "FOURTH")]
            aliases = [_text(one, "ALIAS_NAME") for one in node.iterfind(f"{kind}_ALIAS")]
            births = [_birth(one) for one in node.iterfind("INDIVIDUAL_DATE_OF_BIRTH")]
            yield Listed(
                ref=_text(node, "REFERENCE_NUMBER") or _text(node, "DATAID"),
                names=_names(" ".join(parts), _text(node, "NAME_ORIGINAL_SCRIPT"), *aliases),
                birth_years=_years(births),
                countries=_unique(_all(node, "NATIONALITY/VALUE")),
                about=_about(_text(node, "UN_LIST_TYPE"), _text(node, "COMMENTS1")),
                firm=firm,
            )


def _birth(node: etree._Element) -> str:
    """A day, a year, or the first and the last year that it may be."""
    if (first := _text(node, "FROM_YEAR")) and (last := _text(node, "TO_YEAR")):
        return f"{first} to {last}"
    return _text(node, "DATE") or _text(node, "YEAR")


def _european_union(root: etree._Element) -> Iterator[Listed]:
    for node in root.iterfind("{*}sanctionEntity"):
        kind = node.find("{*}subjectType")
        code = "" if kind is None else kind.get("classificationCode") or kind.get("code") or ""
        names = [
            one.get("wholeName") or " ".join(one.get(part, "") for part in ("firstName", "lastName"))
            for one in node.iterfind("{*}nameAlias")
        ]
        births = [one.get("birthdate") or one.get("year") or "" for one in node.iterfind("{*}birthdate")]
        where = [*node.iterfind("{*}citizenship"), *node.iterfind("{*}address")]
        programmes = [one.get("programme", "") for one in node.iterfind("{*}regulation")]
        yield Listed(
            ref=node.get("euReferenceNumber") or node.get("logicalId") or "",
            names=_names(*names),
            birth_years=_years(births),
            countries=_unique(one.get("countryDescription", "") for one in where),
            about=_about(*_unique(programmes), *_all(node, "{*}remark")),
            firm=code.lower() not in ("p", "person"),
        )


def _foreign_office(root: etree._Element) -> Iterator[Listed]:
    for node in root.iterfind("{*}Designation"):
        kind = _text(node, "{*}IndividualEntityShip").lower()
        if kind == "ship":
            continue
        names = [
            " ".join(_text(one, f"{{*}}Name{number}") for number in range(1, 7))
            for one in node.iterfind("{*}Names/{*}Name")
        ]
        yield Listed(
            ref=_text(node, "{*}UniqueID"),
            names=_names(*names, *_all(node, "{*}NonLatinNames//{*}NameNonLatinScript")),
            birth_years=_years(_all(node, ".//{*}DOBs/{*}DOB")),
            countries=_unique(
                [*_all(node, ".//{*}Nationalities/{*}Nationality"), *_all(node, ".//{*}AddressCountry")]
            ),
            about=_about(_text(node, "{*}RegimeName"), _text(node, "{*}OtherInformation")),
            firm=kind != "individual",
        )


def _ofsi(root: etree._Element) -> Iterator[Listed]:
    """A row for each name; those with one ``GroupID`` are one person."""
    groups: dict[str, list[etree._Element]] = defaultdict(list)
    for row in root.iterfind("{*}FinancialSanctionsTarget"):
        if _text(row, "{*}GroupTypeDescription").lower() != "ship":
            groups[_text(row, "{*}GroupID")].append(row)
    for ref, rows in groups.items():
        names = [" ".join(_text(row, f"{{*}}{part}") for part in (*_OFSI_FIRST, "Name6")) for row in rows]
        scripts = [
            _text(row, f"{{*}}{tag}")
            for row in rows
            for tag in ("NameNonLatinScript", "NAME_ORIGINAL_SCRIPT")
        ]
        where = [_text(row, f"{{*}}{tag}") for row in rows for tag in ("Individual_Nationality", "Country")]
        yield Listed(
            ref=ref,
            names=_names(*names, *scripts),
            birth_years=_years(_text(row, "{*}Individual_DateOfBirth") for row in rows),
            countries=_unique(where),
            about=_about(_text(rows[0], "{*}RegimeName"), _text(rows[0], "{*}OtherInformation")),
            firm=_text(rows[0], "{*}GroupTypeDescription").lower() != "individual",
        )


_OFSI_FIRST = ("name1", "name2", "name3", "name4", "name5")
_READERS: Mapping[str, Callable[[etree._Element], Iterable[Listed]]] = {
    "CONSOLIDATED_LIST": _united_nations,
    "export": _european_union,
    "Designations": _foreign_office,
    "ArrayOfFinancialSanctionsTarget": _ofsi,
}


def _text(node: etree._Element, path: str) -> str:
    return _plain(node.findtext(path) or "")


def _all(node: etree._Element, path: str) -> list[str]:
    return [_plain(one.text or "") for one in node.iterfind(path)]


def _plain(text: str) -> str:
    return " ".join(text.split())


def _names(*names: str) -> tuple[str, ...]:
    return _unique(_plain(name) for name in names)


def _unique(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for text in texts if text))


def _years(births: Iterable[str]) -> tuple[int, ...]:
    return tuple(sorted({year for birth in births for year in years_in(birth)}))


def _about(*texts: str) -> str:
    return "; ".join(text for text in texts if text)[:_ABOUT]
