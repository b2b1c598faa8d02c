"""FormattedContent: the piece of XHTML that a QuestionForm may hold, made safe for our pages (mturk-api 8.2).

It is held against a closed table of elements, attributes and kinds of address; what is not in the table is an
error, as on MTurk. What passes is written anew for our own origin: links open apart and tell nothing of the
worker, names cannot stand in the way of the page's own, and a frame becomes a link.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from html import escape
from html.entities import html5
from typing import Final
from urllib.parse import urlsplit

import nh3
from lxml import etree

from tukro.questions.refusals import BadFormattedContent, BadXml
from tukro.questions.schema import parse

XHTML: Final = "http://www.w3.org/1999/xhtml"
SCHEMES: Final = frozenset({"http", "https", "ftp", "news", "nntp", "mailto", "gopher", "telnet"})
_URLS: Final = frozenset({"href", "src", "cite", "longdesc"})
_VOID: Final = frozenset({"area", "br", "col", "hr", "img"})
_NAME_PREFIX: Final = "content-"

_CELLS: Final = "align char charoff valign"
_OWN: Final[Mapping[str, str]] = {
    "a": "accesskey charset coords href hreflang name rel rev shape tabindex target type",
    "area": "alt coords href nohref shape target",
    "blockquote": "cite",
    "col": f"{_CELLS} span width",
    "colgroup": f"{_CELLS} span width",
    "del": "cite datetime",
    "font": "color face size",
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6", "p"), "align"),
    "hr": "align noshade size width",
    "iframe": "src name longdesc frameborder marginwidth marginheight scrolling align height width",
    "img": "src alt align border height hspace ismap longdesc name usemap vspace width",
    "ins": "cite datetime",
    "li": "type value",
    "map": "id name",
    "ol": "compact start type",
    "pre": "width",
    "q": "cite",
    "table": "align bgcolor border cellpadding cellspacing frame rules summary width",
    "tbody": _CELLS,
    "td": f"abbr axis bgcolor {_CELLS} colspan headers height nowrap rowspan scope width",
    "tfoot": _CELLS,
    "th": f"abbr axis bgcolor {_CELLS} colspan headers height nowrap rowspan scope width",
    "thead": _CELLS,
    "tr": f"{_CELLS} bgcolor",
    "ul": "compact type",
    **dict.fromkeys(
        (
            "b",
            "big",
            "br",
            "center",
            "cite",
            "code",
            "dd",
            "dl",
            "dt",
            "em",
            "i",
            "s",
            "small",
            "strike",
            "strong",
            "sub",
            "sup",
            "u",
        ),
        "",
    ),
}
_EVERYWHERE: Final = frozenset({"title", "lang", "dir"})
ALLOWED: Final[Mapping[str, frozenset[str]]] = {
    name: frozenset(own.split()) | (_EVERYWHERE if name != "br" else {"title"}) for name, own in _OWN.items()
}
REQUIRED: Final[Mapping[str, tuple[str, ...]]] = {
    "area": ("alt",),
    "img": ("src", "alt"),
    "map": ("id", "name"),
}
_XML_LANG: Final = "{http://www.w3.org/XML/1998/namespace}lang"
_XML_ENTITIES: Final = frozenset({"amp", "lt", "gt", "quot", "apos"})
_ENTITY: Final = re.compile(r"&([A-Za-z][A-Za-z0-9]*);")


def safe_html(content: str) -> str:
    """``content`` as HTML that may stand in a page of ours. Raises BadFormattedContent."""
    root = _read(content)
    _refuse_what_is_not_allowed(root)
    return _second_wall("".join(_inside(root)))


# --- reading --------------------------------------------------------------------------------------------


def _read(content: str) -> etree._Element:
    if "<!--" in content:
        raise BadFormattedContent(details="Comments are not allowed.")
    if "<?" in content or "<!DOCTYPE" in content:
        raise BadFormattedContent(details="Processing instructions and declarations are not allowed.")
    named = _ENTITY.sub(_character, content)
    try:
        return parse(
            f'<FormattedContent xmlns="{XHTML}">{named}</FormattedContent>', limit=len(named) * 4 + 200
        )
    except BadXml as refusal:
        raise BadFormattedContent(details=refusal.details) from None


def _character(found: re.Match[str]) -> str:
    """HTML's names of characters, ``&nbsp;`` and its like: XML without a DTD knows five of them only."""
    name = found.group(1)
    if name in _XML_ENTITIES:
        return found.group()
    character = html5.get(f"{name};")
    return found.group() if character is None else escape(character)


# --- checking -------------------------------------------------------------------------------------------


def _refuse_what_is_not_allowed(root: etree._Element) -> None:
    for element in root.iterdescendants():
        tag = etree.QName(element)
        allowed = ALLOWED.get(tag.localname) if tag.namespace == XHTML else None
        if allowed is None:
            raise BadFormattedContent(details=f"The element '{tag.localname}' is not allowed{_at(element)}")
        for name in map(str, element.attrib):
            if name not in allowed and not (name == _XML_LANG and "lang" in allowed):
                raise BadFormattedContent(
                    details=f"The attribute '{etree.QName(name).localname}' is not allowed on the element "
                    f"'{tag.localname}'{_at(element)}"
                )
        for name in REQUIRED.get(tag.localname, ()):
            if name not in element.attrib:
                raise BadFormattedContent(
                    details=f"The element '{tag.localname}' needs the attribute '{name}'{_at(element)}"
                )
        for name in _URLS & set(map(str, element.attrib)):
            _refuse_address(element, name)
        if tag.localname in _VOID and (len(element) or (element.text or "").strip()):
            raise BadFormattedContent(details=f"The element '{tag.localname}' must be empty{_at(element)}")


def _refuse_address(element: etree._Element, name: str) -> None:
    url = str(element.get(name, "")).strip()
    if not is_allowed_address(url):
        raise BadFormattedContent(
            details=f"The address '{url[:200]}' is not allowed: it must begin with one of "
            f"{', '.join(sorted(SCHEMES))}{_at(element)}"
        )


def is_allowed_address(url: str) -> bool:
    """Whether an address is absolute and of a kind that cannot run a script."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    # An address inside the document is what a map is used with.
    return parts.scheme.lower() in SCHEMES or (url.startswith("#") and len(url) > 1)


def _at(element: etree._Element) -> str:
    return f" (line {element.sourceline})." if element.sourceline else "."


# --- writing --------------------------------------------------------------------------------------------


def _inside(element: etree._Element) -> Iterator[str]:
    yield escape(element.text or "", quote=False)
    for child in element:
        yield from _written(child)
        yield escape(child.tail or "", quote=False)


def _written(element: etree._Element) -> Iterator[str]:
    name = etree.QName(element).localname
    if name == "iframe":
        yield _link_to_frame(element)
        return
    yield f"<{name}{_attributes(name, element)}>"
    if name not in _VOID:
        yield from _inside(element)
        yield f"</{name}>"


def _attributes(name: str, element: etree._Element) -> str:
    given = {str(key): str(value) for key, value in element.attrib.items()}
    if _XML_LANG in given:
        given.setdefault("lang", given.pop(_XML_LANG))
    given.pop(_XML_LANG, None)
    # A key that jumps somewhere, or a place in the order of tabs, would be taken from our own page.
    for dropped in ("accesskey", "tabindex", "target", "rel", "longdesc"):
        given.pop(dropped, None)
    for naming in ("name", "id"):
        if naming in given:
            given[naming] = _NAME_PREFIX + given[naming]
    if given.get("usemap", "").startswith("#"):
        given["usemap"] = f"#{_NAME_PREFIX}{given['usemap'][1:]}"
    if name == "a" and given.get("href", "").startswith("#"):
        given["href"] = f"#{_NAME_PREFIX}{given['href'][1:]}"
    elif "href" in given:
        given["target"] = "_blank"  # with the ``rel`` that the second wall writes
    if name == "img":
        given |= {"referrerpolicy": "no-referrer", "loading": "lazy"}
    return "".join(f' {key}="{escape(value)}"' for key, value in given.items())


def _link_to_frame(element: etree._Element) -> str:
    """A stranger's page inside ours could pass for ours: it is opened apart."""
    source = str(element.get("src", ""))
    if not source:
        return ""
    label = str(element.get("title") or source)
    return f'<a href="{escape(source)}" target="_blank">{escape(label, quote=False)}</a>'


_WRITTEN_ATTRIBUTES: Final = {
    name: set(allowed | {"referrerpolicy", "loading", "target"}) - {"rel"}
    for name, allowed in ALLOWED.items()
}


def _second_wall(html: str) -> str:
    """What another program, with the same table, holds to be harmless."""
    return nh3.clean(
        html,
        tags=set(ALLOWED) - {"iframe"},
        attributes=_WRITTEN_ATTRIBUTES,
        url_schemes=set(SCHEMES),
        link_rel="noopener noreferrer nofollow ugc",
    )
