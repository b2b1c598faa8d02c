"""AnswerFormatRegex: JavaScript's meaning of each sign, and the limits of time.

The table's last column is what ``new RegExp(pattern, flags).test(text)`` says in JavaScript.
"""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tukro.questions.patterns import BadPattern, PatternTooSlow, Search, first_fault

SAYS = [
    ("a", "cat", True),  # found anywhere
    ("^a", "cat", False),
    ("^a$", "a\n", False),  # the end is the end
    ("^a$", "b\na\nb", False),
    ("", "", True),
    (".", "\n", False),
    (".", "\u2028", False),
    (".", "\x85", True),
    ("^.$", "ক", True),
    ("\\d", "৫", False),  # ASCII digits only
    ("\\D", "৫", True),
    ("^\\w+$", "word_9", True),
    ("\\w", "ক", False),
    ("\\W", "ক", True),
    ("[\\w]", "é", False),
    ("[^\\w]", "é", True),
    ("[\\W]", "é", True),
    ("\\s", "\xa0", True),
    ("\\s", "\ufeff", True),
    ("\\s", "\x1c", False),
    ("\\S", "\u3000", False),
    ("[\\S]", " ", False),
    ("\\bcat\\b", "a cat!", True),
    ("\\bcat\\b", "concat", False),
    ("\\bé", "é", False),  # no edge of a word, for JavaScript
    ("\\Bat", "cat", True),
    ("[]", "a", False),
    ("[^]", "\n", True),
    ("[\\b]", "\b", True),
    ("[a-c]", "b", True),
    ("[a\\-c]", "b", False),
    ("[\\d-x]", "-", True),
    ("[a-\\d]", "-", True),
    ("[[:alpha:]]", "b", False),
    ("[[:alpha:]]", "a]", True),
    ("[a&&b]", "&", True),
    ("[a||b]", "|", True),
    ("[.]", "x", False),
    ("]", "]", True),
    ("a{", "a{", True),
    ("a{,2}", "aa", False),
    ("a{,2}", "a{,2}", True),
    ("^a{2}$", "aa", True),
    ("^a{2,}$", "a", False),
    ("^a{1,2}$", "aa", True),
    ("^(?:foo){e<=1}$", "fo", False),  # no fuzzy matching
    ("a+?b", "aab", True),
    ("(a)\\1", "aa", True),
    ("^(a)?\\1b$", "b", True),  # a group that took no part matches nothing
    ("\\1(a)", "a", True),
    ("(?<x>a)\\k<x>", "aa", True),
    ("\\k<x>", "k<x>", True),
    ("\\101", "A", True),
    ("\\0", "\0", True),
    ("\\8", "8", True),
    ("\\x41\\u0042", "AB", True),
    ("\\u{41}", "A", False),
    ("\\cJ", "\n", True),
    ("\\a\\z\\p\\Q", "azpQ", True),  # escaped for no reason
    ("\\/\\-\\@", "/-@", True),
    ("a(?=b)", "ac", False),
    ("a(?!b)", "ac", True),
    ("(?<=\\$)\\d", "$5", True),
    ("(?<!\\$)\\d", "$5", False),
    ("(?=a)*b", "b", True),
    ("a|", "x", True),
    ("#", "#", True),
    ("a b", "ab", False),
]


@pytest.mark.parametrize(("pattern", "text", "found"), SAYS)
def test_a_pattern_means_what_it_means_in_javascript(pattern: str, text: str, found: bool) -> None:
    assert Search().found(pattern, text) is found


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        ("^yes$", "YES", True),
        ("É", "é", True),
        ("[a-c]", "B", True),
        ("\\x41", "a", True),
        ("(a)\\1", "aA", True),
    ],
)
def test_the_flag_i_ignores_case(pattern: str, text: str, found: bool) -> None:
    assert Search().found(pattern, text, ignore_case=True) is found
    assert Search().found(pattern, text) is False


@pytest.mark.parametrize(
    "pattern",
    [
        "(", ")", "[", "[a", "\\", "*", "+a", "?", "a**", "a++", "a*+", "a?+", "a{2}{3}", "^*", "$+", "|*",
        "(*FAIL)", "(?", "(?i)a", "(?i:a)", "(?P<x>a)", "(?P=x)", "(?>a)", "(?|a)", "(?R)", "(?1)", "(?#a)",
        "(?(1)a)", "(?<1>a)", "[b-a]", "a{2,1}", "(?<x>a)\\k<y>", "\\b+", "\\B?", "(?<=a)*", "(?<!a)+",
        "a{10001}", "a" * 1001, "(?:a{200}){200}", "(" * 60 + ")" * 60,
    ],
)  # fmt: skip
def test_what_javascript_does_not_know_and_what_is_too_large_is_refused(pattern: str) -> None:
    with pytest.raises(BadPattern):
        Search().found(pattern, "a")
    fault = first_fault([("a", False), (pattern, False)])
    assert fault is not None
    assert fault[0] == 1


BOMBS = ["(a|a)*$", "(a|aa)+$", "^(\\w|a|[a-z])*$"]


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_search_is_stopped_within_a_second(bomb: str) -> None:
    started = time.process_time()
    search = Search()
    for _ in range(50):
        with pytest.raises(PatternTooSlow):
            search.found(bomb, "a" * 60 + "!")
    assert time.process_time() - started < 1


@pytest.mark.parametrize("bomb", BOMBS[:2])
def test_a_bomb_is_noticed_when_the_form_is_made(bomb: str) -> None:
    assert first_fault([(bomb, False)]) == (0, "it takes too long")


def test_a_form_of_many_good_patterns_is_good() -> None:
    assert first_fault([(f"^[A-Z]{{2}}\\d+ {at}$", False) for at in range(100)]) is None


def test_patterns_in_use_are_good() -> None:
    used = [
        "^[A-Z]{2}$",
        "^[0-9]+(\\.[0-9]{1,2})?$",
        "\\S",
        "^[\\w.+-]+@[\\w-]+\\.[\\w.]+$",
        "^(https?:\\/\\/)?([\\da-z\\.-]+)\\.([a-z\\.]{2,6})([\\/\\w \\.-]*)*\\/?$",
        "^(Alabama|Alaska|Arizona|Arkansas)$",
        "^\\s*(\\S+\\s+){4,}\\S+\\s*$",
        "^A[A-Z0-9]{12,14}$",
    ]
    assert first_fault([(pattern, False) for pattern in used]) is None


@given(st.text(max_size=30), st.text(max_size=30))
def test_no_pattern_makes_the_search_fall_over(pattern: str, text: str) -> None:
    try:
        found = Search().found(pattern, text)
    except (BadPattern, PatternTooSlow):
        return
    assert found in (True, False)


@given(st.text(max_size=30), st.text(max_size=30))
def test_an_escaped_text_finds_itself_and_only_itself(word: str, text: str) -> None:
    pattern = "".join(f"\\u{ord(sign):04x}" for sign in word if ord(sign) < 0x10000)
    plain = "".join(sign for sign in word if ord(sign) < 0x10000)
    assert Search().found(pattern, text) is (plain in text)
    assert Search().found(pattern, f"{text}{plain}{text}")
