"""FormattedContent: what may stand in it, and that what comes out is harmless in a page of ours."""

from __future__ import annotations

from contextlib import suppress
from html import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html as lxml_html

from tukro.questions.formatted import ALLOWED, REQUIRED, safe_html
from tukro.questions.refusals import BadFormattedContent

LINK = 'target="_blank" rel="noopener noreferrer nofollow ugc"'
VOID = {"area", "br", "col", "hr", "img"}
RUNS = (
    "javascript:alert(1)",
    "JavaScript:alert(1)",
    " javascript:alert(1)",
    "java\tscript:alert(1)",
    "data:text/html,x",
)


@pytest.mark.parametrize(
    ("content", "written"),
    [
        ("", ""),
        ("plain", "plain"),
        ("<p>One <b>two</b></p>", "<p>One <b>two</b></p>"),
        ("1 &lt; 2 &amp; &#2453;&copy;&nbsp;", "1 &lt; 2 &amp; ক©&nbsp;"),
        ("a<br/>b<hr/>", "a<br>b<hr>"),
        ("<p></p>", "<p></p>"),
        ("<![CDATA[<b>]]>", "&lt;b&gt;"),
        ('<a href="https://x.org/?a=1&amp;b=2">x</a>', f'<a href="https://x.org/?a=1&amp;b=2" {LINK}>x</a>'),
        ('<a href="mailto:me@x.org" rel="next" target="_top" tabindex="9" accesskey="s">x</a>',
         f'<a href="mailto:me@x.org" {LINK}>x</a>'),
        ('<font color="red" size="2">x</font>', '<font color="red" size="2">x</font>'),
        ('<p xml:lang="bn">x</p>', '<p lang="bn">x</p>'),
        ('<p lang="bn" title="&quot;q&quot;" dir="ltr">x</p>',
         '<p lang="bn" title="&quot;q&quot;" dir="ltr">x</p>'),
        ('<iframe src="https://x.org/a" title="A film"/>', f'<a href="https://x.org/a" {LINK}>A film</a>'),
        ('<iframe src="https://x.org/a"/>', f'<a href="https://x.org/a" {LINK}>https://x.org/a</a>'),
        ("<iframe/>", ""),
    ],
)  # fmt: skip
def test_what_is_allowed_comes_out_as_html(content: str, written: str) -> None:
    assert safe_html(content) == written


def test_pictures_tell_nothing_of_the_worker() -> None:
    written = safe_html('<img src="https://x.org/a.png" alt="A" width="9"/>')
    image = lxml_html.fragment_fromstring(written)
    shown = {"src": "https://x.org/a.png", "alt": "A", "width": "9"}
    assert dict(image.attrib) == shown | {"referrerpolicy": "no-referrer", "loading": "lazy"}


def test_names_cannot_stand_in_the_way_of_the_page_s_own() -> None:
    written = safe_html(
        '<img src="https://x.org/a.png" alt="" usemap="#m" name="forms"/>'
        '<map id="m" name="m"><area alt="x" href="#top"/></map><a name="top"/><a href="#top">up</a>'
    )
    assert 'usemap="#content-m"' in written
    assert 'name="content-forms"' in written
    assert '<map id="content-m" name="content-m">' in written
    assert '<a name="content-top"' in written
    assert '<a href="#content-top"' in written


@pytest.mark.parametrize(
    "content",
    [
        "<b>",
        "</b>",
        "<b></i>",
        "<B>x</B>",
        "<p align=left>x</p>",
        "a & b",
        "&nosuchname;",
        "<script>alert(1)</script>",
        "<style>a{}</style>",
        "<div>x</div>",
        "<span>x</span>",
        "<input/>",
        "<form></form>",
        "<object/>",
        "<embed/>",
        "<svg/>",
        "<math/>",
        "<html/>",
        '<p style="color:red">x</p>',
        '<p class="x">x</p>',
        '<p id="x">x</p>',
        '<b onclick="alert(1)">x</b>',
        '<br lang="bn"/>',
        '<br clear="all"/>',
        "<!-- x -->",
        "<?php x ?>",
        "<!DOCTYPE p>",
        "<br>x</br>",
        '<img src="https://x.org/a.png"/>',
        '<img alt="x"/>',
        "<map name='a'/>",
        '<p xmlns="urn:other">x</p>',
        '<x:p xmlns:x="urn:other">x</x:p>',
        "</FormattedContent><script/><FormattedContent>",
        "<p>" * 101 + "</p>" * 101,
        *[f'<a href="{url}">x</a>' for url in (*RUNS, "//x.org", "/x", "x.html", "", "https", "vbscript:x")],
        *[f'<img src="{url}" alt=""/>' for url in RUNS],
        *[f'<iframe src="{url}"/>' for url in RUNS],
        '<blockquote cite="javascript:x">x</blockquote>',
    ],
)
def test_what_is_not_in_the_table_is_refused(content: str) -> None:
    with pytest.raises(BadFormattedContent) as refusal:
        safe_html(content)
    assert refusal.value.details


INSIDE = {
    "col": "<table><colgroup>{}</colgroup></table>",
    "colgroup": "<table>{}</table>",
    "tbody": "<table>{}</table>",
    "thead": "<table>{}</table>",
    "tfoot": "<table>{}</table>",
    "tr": "<table><tbody>{}</tbody></table>",
    "td": "<table><tbody><tr>{}</tr></tbody></table>",
    "th": "<table><tbody><tr>{}</tr></tbody></table>",
}


@pytest.mark.parametrize("name", sorted(ALLOWED))
def test_every_element_and_each_of_its_attributes_is_allowed(name: str) -> None:
    addresses = {"href", "src", "cite", "longdesc"}
    attributes = {key: "https://x.org" if key in addresses else "1" for key in ALLOWED[name]}
    assert set(REQUIRED.get(name, ())) <= set(attributes)
    element = f"<{name}{''.join(f' {key}={chr(34)}{value}{chr(34)}' for key, value in attributes.items())}/>"
    written = safe_html(INSIDE.get(name, "{}").format(element))
    assert f"<{'a' if name == 'iframe' else name} " in written


words = st.text(st.characters(exclude_categories=["Cc", "Cs"]).filter(lambda c: c not in "\ufffe\uffff"))


@given(words)
def test_any_text_survives(text: str) -> None:
    written = safe_html(f"<p>{escape(text)}</p>")
    read = lxml_html.fragment_fromstring(written)
    assert (read.text or "") == text.replace("\r", "\n") if "\r" in text else (read.text or "") == text


names = st.sampled_from([*sorted(ALLOWED), "script", "div", "style", "x"])
keys = st.sampled_from([*sorted(set().union(*ALLOWED.values())), "style", "onclick", "id", "class"])
values = st.sampled_from(["1", "https://x.org", *RUNS, "\"'><script>", "left"]) | st.text(max_size=5)


def written_element(name: str, attributes: dict[str, str], inside: str) -> str:
    opened = "".join([f"<{name}", *(f' {key}="{escape(value)}"' for key, value in attributes.items())])
    return f"{opened}/>" if name in VOID else f"{opened}>{inside}</{name}>"


content = st.recursive(
    words.map(escape),
    lambda inner: (
        st.builds(written_element, names, st.dictionaries(keys, values, max_size=3), inner)
        | st.lists(inner, max_size=3).map("".join)
    ),
    max_leaves=8,
)


@given(content)
def test_whatever_passes_is_harmless(source: str) -> None:
    with suppress(BadFormattedContent):
        written = safe_html(source)
        tree = lxml_html.fragment_fromstring(written, create_parent="div")
        for element in tree.iterdescendants():
            assert str(element.tag) in set(ALLOWED) - {"iframe"}
            for key, value in element.attrib.items():
                assert key in ALLOWED[str(element.tag)] | {"referrerpolicy", "loading", "target", "rel"}
                assert not key.startswith("on")
                assert "script:" not in value.lower() or key not in {"href", "src", "cite", "longdesc"}
