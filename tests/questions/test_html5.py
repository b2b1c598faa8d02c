"""Which pages an HTMLQuestion may hold."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from justhtml import JustHTML

from tests.questions.documents import PAGE, html
from tukro.questions.html5 import HTMLQuestion, faults_of, refuse_broken
from tukro.questions.refusals import BadHtml
from tukro.questions.xml import read_question

# Cut down from pages that requesters used, each with something that a strict validator frowns at.
IN_USE = {
    "aws sample": PAGE,
    "white space first": f"\n\t  {PAGE}",
    "no doctype": "<html><body><form></form></body></html>",
    "no html at all": "<p>Say it</p><form><input name=a></form>",
    "stray end tags": "<!DOCTYPE html><form><p>x</p></p><input name='a'></input></form></div>",
    "unclosed blocks": "<!DOCTYPE html><body><div><div><ul><li>a<li>b</ul><form><p>x<p>y</form></body>",
    "form built by a script": "<!DOCTYPE html><div id=app></div><script>start('<form>')</script>",
    "old elements": "<center><font color=red>!</font></center><form></form>",
    "bare ampersands": "<form action='?a=1&b=2'>A & B &copy; &nope;</form>",
    "self-closed": "<form><div/><br/><input name=a /></form>",
    "markup in scripts": "<form></form><script>if (a<b && c>d) document.write('<p>it\\'s'+\"</p>\")</script>",
    "markup in comments": "<!-- <body><body <p --><form></form>",
    "quotes in quotes": '<form onsubmit=\'return f("a")\' title="it\'s > that"></form>',
    "empty comment": "<!--><form></form>",
    "unquoted": "<form><img src=a/b.png alt=x></form>",
    "less than": "<form>1 < 2 <3 <- </form>",
    "crowd elements": "<crowd-form><crowd-classifier name=a></crowd-classifier></crowd-form>",
    "svg": "<svg viewBox='0 0 1 1'><title>x</title><path d='M0'/></svg><form></form>",
}


@pytest.mark.parametrize("page", IN_USE.values(), ids=IN_USE.keys())
def test_pages_in_daily_use_pass(page: str) -> None:
    assert read_question(html(page)) == HTMLQuestion(page, 450)


@pytest.mark.parametrize(
    ("page", "told"),
    [
        ("<form", "<! [1,1] Unexpected end of file in tag. !>"),
        ("<form>\n <p title='x>oh</form>", "<! [2,2] Unexpected end of file in tag. !>"),
        ("<form></form>\n\n<!-- forgotten", "<! [3,1] Unexpected end of file in comment. !>"),
        ("<form></form><script>f()", "<! [1,14] The “script” element is not closed. !>"),
        ("<form></form><script src='a.js'/>", "<! [1,14] The “script” element is not closed. !>"),
        ("<form><textarea name=a></form>", "<! [1,7] The “textarea” element is not closed. !>"),
        ("<title>Hi<form></form>", "<! [1,1] The “title” element is not closed. !>"),
        ("<style>a{}<form></form>", "<! [1,1] The “style” element is not closed. !>"),
        ("<form id='a'class='b'></form>", "<! [1,1] No space between attributes. !>"),
        (
            "<body>\n<form></form>\n<body>",
            "<! [3,1] A “body” start tag seen but an element of the same type was already open. !>",
        ),
        (
            "<crowd-form><crowd-rating></crowd-rating></crowd-form>",
            "<! [1,13] The element “crowd-rating” is not supported. !>",
        ),
        ("<p>Hello</p>", "<! [1,1] There is no form. !>"),
        ("", "<! [1,1] There is no form. !>"),
    ],
)
def test_broken_pages_are_refused_with_place_and_reason(page: str, told: str) -> None:
    with pytest.raises(BadHtml) as refusal:
        read_question(html(page))
    assert refusal.value.details == f"Errors: {told} Invalid content: {page}"


def test_the_message_shows_the_first_errors_and_the_page_s_beginning() -> None:
    with pytest.raises(BadHtml) as refusal:
        read_question(html("<a b='c'd>" * 500))
    assert len(refusal.value.errors) == 10
    assert refusal.value.details.endswith("...")
    assert len(refusal.value.details) < 1000


def test_a_layout_is_refused_only_for_what_would_be_lost() -> None:
    refuse_broken("<p>no form</p><body><body><i a='b'c='d'></i>")
    for page in ("<p", "<!-- ", "<script>", "<crowd-rating>"):
        with pytest.raises(BadHtml):
            refuse_broken(page)


@pytest.mark.parametrize(
    "piece",
    [
        '<a "',
        "<a b='",
        '<a ="',
        "<script>",
        "<script></script ",
        "<",
        "< ",
        "<a =",
        "<a / ",
        "<!--",
        "<a b=''>",
        "<a b \n",
    ],
)
def test_a_page_of_the_largest_size_is_read_within_a_second(piece: str) -> None:
    page = piece * (65_000 // len(piece))
    started = time.process_time()
    faults_of(page)
    assert time.process_time() - started < 1


PIECES = (
    "<p> </p> <a&b=' ' \" > < <!-- --> <script> </script> <textarea> = x </textarea> <title> </title> <body> "
    "<input&name=a> <style> </style / <form>"
)
markup = st.lists(st.sampled_from([piece.replace("&", " ") for piece in PIECES.split()] + [" "])).map("".join)


@given(markup)
def test_a_page_that_loses_nothing_loses_nothing_in_an_html5_parser_either(page: str) -> None:
    """The end of the file never stands inside a tag, a comment or a script: a mark after the page is seen."""
    if not [fault for fault in faults_of(page) if fault.loses]:
        marked = JustHTML(f"{page}<mark id=end>", sanitize=False)
        assert marked.query("mark#end")
