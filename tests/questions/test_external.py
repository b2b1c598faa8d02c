"""Which addresses an external page may have."""

from __future__ import annotations

import pytest

from tests.questions.documents import external
from tukro.questions.external import ExternalQuestion
from tukro.questions.refusals import BadQuestion
from tukro.questions.xml import read_question


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org",
        "https://example.org:8443/a?b=c&d=%20#here",
        "  https://example.org/with-space-around ",
        "HTTPS://EXAMPLE.ORG/",
        "http://localhost:8080/",
        "http://study.localhost/",
        "http://127.0.0.1:5000/x",
        "http://127.1.2.3/",
        "http://[::1]/",
        "http://lab.example.org/open",
        "http://LAB.example.org:81/open",
    ],
)
def test_https_the_reader_s_own_machine_and_open_hosts_are_good(url: str) -> None:
    read = read_question(external(url), open_hosts=["Lab.example.org"])
    assert read == ExternalQuestion(url.strip(), 600)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "http://example.org/",
        "http://example.org/?x=localhost",
        "http://localhost.example.org/",
        "http://127.0.0.1.example.org/",
        "http://10.0.0.1/",
        "http://lab.example.org.evil.example/",
        "//example.org/",
        "/mturk/here",
        "ftp://example.org/",
        "javascript:alert(1)",
        "data:text/html,hi",
        "https://",
        "https:///path",
        "https://user:secret@example.org/",
        "https://example.org:notaport/",
        "https://[::1/",
        "https://exa mple.org/",
    ],
)
def test_other_addresses_are_refused(url: str) -> None:
    with pytest.raises(BadQuestion):
        read_question(external(url), open_hosts=["lab.example.org"])


def test_a_host_is_open_only_where_the_operator_says_so() -> None:
    with pytest.raises(BadQuestion) as refusal:
        read_question(external("http://lab.example.org/"))
    assert refusal.value.code == "bad_external_url"
    assert (
        'The value "http://lab.example.org/" is not valid for the parameter ExternalURL.'
        in refusal.value.details
    )


@pytest.mark.parametrize("height", ["-1", "100001", "99999999999999999999"])
def test_a_frame_has_a_height_that_a_window_can_have(height: str) -> None:
    with pytest.raises(BadQuestion) as refusal:
        read_question(external(height=height))
    assert refusal.value.code == "bad_frame_height"


@pytest.mark.parametrize("height", ["0", " 450 ", "+600"])
def test_white_space_and_sign_of_a_height_are_read_over(height: str) -> None:
    read = read_question(external(height=height))
    assert isinstance(read, ExternalQuestion)
    assert read.frame_height == int(height)
