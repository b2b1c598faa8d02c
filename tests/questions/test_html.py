"""HTML questions: variables, filling, and what a page needs to hand in its answer."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tukro.questions import html
from tukro.questions.variables import fill_text, variables_in


def test_variables_are_found_in_text_attributes_and_scripts() -> None:
    page = (
        '<img src="${image_url}" alt="${image_url}"><p>${বাক্য}</p><script>var x = "${x-1}";</script>'
        "<p>${ Shop Name }</p>"
    )
    assert html.columns_needed(page) == ("image_url", "বাক্য", "x-1", "Shop Name")


@pytest.mark.parametrize(
    "text", ["$name", "${}", "${ }", "${a+b}", "${f(x)}", "{{x}}", "${a\nb}", "${'x'}", "$ {a}"]
)
def test_what_is_not_a_variable_is_left_alone(text: str) -> None:
    assert variables_in(text) == ()
    assert fill_text(text, {"a": "1", "name": "2"}) == text


def test_values_go_in_raw_and_only_once() -> None:
    page = '<a href="${url}">${text}</a>'
    values = {"url": '" onclick="x', "text": "<b>${url}</b>"}
    assert html.fill(page, values) == '<a href="" onclick="x"><b>${url}</b></a>'


def test_a_variable_without_a_value_stays_visible() -> None:
    assert html.fill("${a}${b}", {"a": "1"}) == "1${b}"


def test_two_spellings_of_one_bengali_word_are_one_variable() -> None:
    composed, decomposed = "\u09a1\u09bc", "\u09dc"  # rra as two code points, and as one
    assert variables_in(f"${{{composed}}} ${{{decomposed}}}") == ("\u09a1\u09bc",)
    assert fill_text(f"${{{decomposed}}}", {"\u09a1\u09bc": "x"}) == "x"


@given(st.text(), st.dictionaries(st.text(min_size=1, max_size=5), st.text(max_size=9), max_size=4))
def test_text_without_variables_is_never_changed(text: str, values: dict[str, str]) -> None:
    if not variables_in(text):
        assert fill_text(text, values) == text


@given(st.from_regex(r"[a-z]{1,6}", fullmatch=True), st.text(), st.text(max_size=20), st.text(max_size=20))
def test_a_value_arrives_whole(name: str, value: str, before: str, after: str) -> None:
    before, after = before.replace("$", ""), after.replace("$", "")
    assert fill_text(f"{before}${{{name}}}{after}", {name: value}) == before + value + after


@pytest.mark.parametrize(
    ("page", "code"),
    [
        ("", "page_empty"),
        ("  \n", "page_empty"),
        ("x" * (html.MAX_BYTES + 1), "page_too_large"),
        ("<p>Read this</p>", "nothing_to_answer"),
        ('<form><input type="hidden" name="a"><button>Go</button></form>', "nothing_to_answer"),
        ('<form><input name="a"></form>', "no_submit_button"),
        ('<form><input name="a"><button type="button">x</button></form>', "no_submit_button"),
        ('<crowd-form><crowd-rating name="a"></crowd-rating></crowd-form>', "unknown_elements"),
        ('<crowd-form><crowd-classifier name="a"></crowd-classifier></crowd-form>', "crowd_script_missing"),
        ("<!-- <form><input name=a></form> -->", "nothing_to_answer"),
    ],
)
def test_a_page_that_cannot_be_answered_is_named(page: str, code: str) -> None:
    assert [problem.code for problem in html.problems(page)] == [code]


@pytest.mark.parametrize(
    "page",
    [
        '<input name="a">',
        '<form><textarea name="a"></textarea><input type="submit"></form>',
        '<form><select name="a"></select><button>Send</button></form>',
        '<form><input name="a"></form><script>send()</script>',
        "<script>draw()</script>",
        '<script src="https://assets.crowd.aws/crowd-html-elements.js"></script>'
        '<crowd-form><crowd-classifier name="a"></crowd-classifier></crowd-form>',
    ],
)
def test_a_page_that_can_be_answered_has_no_problem(page: str) -> None:
    assert html.problems(page) == []


def test_a_page_without_a_form_is_wrapped_in_one() -> None:
    page = html.with_form(
        '<input name="a">', submit_url="/mturk/externalSubmit", assignment_id="3A", submit_label="Go"
    )
    outline = html.read_outline(page)
    assert outline.has_form
    assert outline.has_submit
    assert 'name="assignmentId" id="assignmentId" value="3A"' in page


def test_a_whole_document_is_wrapped_inside_its_body() -> None:
    page = '<!doctype html><html><body class="a>b"><input name="x"></body></html>'
    wrapped = html.with_form(page, submit_url="/s", assignment_id="3A", submit_label='"Go"')
    assert wrapped.startswith('<!doctype html><html><body class="a>b"><form ')
    assert wrapped.endswith("</form></body></html>")
    assert "&quot;Go&quot;" in wrapped


def test_a_page_with_a_form_stays_as_it_is() -> None:
    page = '<form method="post" action="https://www.mturk.com/mturk/externalSubmit"><input name="a"></form>'
    assert html.with_form(page, submit_url="/s", assignment_id="3A", submit_label="Go") == page


@pytest.mark.parametrize(
    "address",
    [
        "https://www.mturk.com/mturk/externalSubmit",
        "http://www.mturk.com/mturk/externalSubmit",
        "//workersandbox.mturk.com/mturk/externalSubmit",
        "https://worker.mturk.com//mturk/externalSubmit",
        "HTTPS://WWW.MTURK.COM/mturk/externalsubmit",
        "/mturk/externalSubmit",
    ],
)
def test_hard_coded_submit_addresses_become_ours(address: str) -> None:
    assert rewritten(f'<form action="{address}">') == '<form action="https://ours.example/submit?id=3A">'
    assert rewritten(f"<FORM ACTION={address}>") == "<FORM ACTION=https://ours.example/submit?id=3A>"


def test_an_address_that_a_script_puts_together_is_left_to_the_script() -> None:
    page = "<script>form.action = host + '/mturk/externalSubmit'</script>"
    assert rewritten(page) == page


def test_the_two_amazon_scripts_become_ours() -> None:
    page = (
        "<script src='https://s3.amazonaws.com/mturk-public/externalHIT_v1.js'></script>"
        '<script src="https://assets.crowd.aws/crowd-html-elements.js"></script>'
    )
    assert rewritten(page) == "<script src='/helper.js'></script><script src=\"/crowd.js\"></script>"


@pytest.mark.parametrize("tail", ["", "/", "?x=1", "?assignmentId=", "/?x=1"])
def test_what_follows_a_hard_coded_address_goes_on_behind_ours(tail: str) -> None:
    ours = "https://a.example/mturk/externalSubmit?assignmentId=3A"
    page = html.rewrite_addresses(
        f'<form action="https://www.mturk.com/mturk/externalSubmit{tail}">',
        submit_url=ours,
        helper_url="/helper.js",
        crowd_url="/crowd.js",
    )
    _, asked, rest = tail.partition("?")
    assert page == f'<form action="{ours}{"&" + rest if asked else ""}">'


@pytest.mark.parametrize(
    ("link", "shown"),
    [
        ('<a href="https://x.example/?a=1">', '<a target=_blank href="https://x.example/?a=1">'),
        ("<A class=b HREF = http://x.example>", "<a target=_blank class=b HREF = http://x.example>"),
        ('<a href="https://x.example" target="_top">', None),
        ('<a href="#below">', None),
        ('<a name="x"></a><b title="href=https:">', None),
        ('<abbr href="https://x.example">', None),
    ],
)
def test_a_link_to_another_site_opens_outside_of_the_frame(link: str, shown: str | None) -> None:
    assert html.with_links_outside(link) == (shown or link)


def test_other_addresses_are_left_alone() -> None:
    page = '<a href="https://www.mturk.com/worker/help">help</a><form action="/mturk/other">'
    assert rewritten(page) == page


def rewritten(page: str) -> str:
    return html.rewrite_addresses(
        page,
        submit_url="https://ours.example/submit?id=3A",
        helper_url="/helper.js",
        crowd_url="/crowd.js",
    )


def test_an_outline_names_fields_once_and_reads_texts() -> None:
    outline = html.read_outline(
        '<style>p{}</style><p>Which  digit?</p><input name="d" placeholder="0-9"><input name="d">'
        '<input type="password" name="p"><input type="submit" name="s" value="Send">'
    )
    assert outline.field_names == ("d", "p")
    assert outline.asks_password
    assert outline.texts == ("Which digit?", "Send")
    assert outline.hints == ("0-9",)


@given(st.text())
def test_any_text_can_be_read_and_wrapped(page: str) -> None:
    html.read_outline(page)
    html.problems(page)
    wrapped = html.with_form(page, submit_url="/s", assignment_id="3A", submit_label="Go")
    assert page == wrapped or 'action="/s"' in wrapped


@pytest.mark.parametrize(
    ("form", "prepared"),
    [
        ("<form><input name=a></form>", '<form method="post" action="/s"><input name=a></form>'),
        ("<form method=post><input name=a></form>", '<form action="/s" method=post><input name=a></form>'),
        ('<form action="/x"><input name=a></form>', '<form method="post" action="/x"><input name=a></form>'),
        ('<FORM METHOD="get" ACTION="/x"><input name=a></FORM>', None),
    ],
)
def test_a_form_without_a_method_is_posted_and_one_without_an_address_comes_to_us(
    form: str, prepared: str | None
) -> None:
    shown = html.with_form(form, submit_url="/s", assignment_id="3A", submit_label="Submit")
    assert shown == (prepared or form)
