"""AnswerFormatRegex: JavaScript's patterns, searched for with a time limit (mturk-api 8.1).

The ``regex`` module can stop a search that takes too long, which Python's own cannot. Its language is larger
than JavaScript's and differs in many small things, so a pattern is read sign by sign and written anew: what
JavaScript does not know (possessive quantifiers, recursion, verbs, fuzzy matching) is refused, what it
reads otherwise (``$``, ``.``, sets of signs, edges of words, empty classes, back references) is spelt out.
One difference is left: JavaScript counts some signs, emoji among them, as two; here they are one.
"""

from __future__ import annotations

import functools
import re
import time
from collections.abc import Iterable
from typing import Final

import regex

MAX_PATTERN: Final = 1000
MAX_REPEAT: Final = 10_000
MAX_WEIGHT: Final = 20_000  # nodes of the compiled pattern: what must be repeated is written out
MAX_DEPTH: Final = 50
# Seconds of computing, not of waiting: a busy machine makes no pattern slow. For one search, and for all the
# patterns of one form together, compiled and searched: when it is made, and when an answer is checked.
ONE_SEARCH: Final = 0.1
BUDGET: Final = 0.4

# Texts on which a pattern that explodes does so.
_PROBES: Final = ("", "a" * 40 + "!", "0" * 40 + "!", " " * 40 + "!", "aA0 " * 10 + "!", "a@a.a" * 8 + "!")


class BadPattern(ValueError):
    """Not a pattern of JavaScript, or one that is too large for us; the text says why."""


class PatternTooSlow(Exception):
    """The search was stopped: nobody knows whether the text matches."""


class Search:
    """Searches that share one budget of time, so that many patterns cannot add up to a long wait."""

    def __init__(self, budget: float = BUDGET) -> None:
        self._ends = time.thread_time() + budget

    def found(self, pattern: str, text: str, *, ignore_case: bool = False) -> bool:
        """Whether ``pattern`` is found anywhere in ``text``. Raises PatternTooSlow, BadPattern."""
        compiled = _compiled(pattern, ignore_case)
        left = min(ONE_SEARCH, self._ends - time.thread_time())
        if left <= 0:
            raise PatternTooSlow
        try:
            return compiled.search(text, timeout=left) is not None
        except (TimeoutError, MemoryError):
            raise PatternTooSlow from None


def first_fault(patterns: Iterable[tuple[str, bool]]) -> tuple[int, str] | None:
    """The first of these (pattern, ignore case) that cannot be used: its position from 0, and why."""
    search = Search()
    for position, (pattern, ignore_case) in enumerate(patterns):
        try:
            for probe in _PROBES:
                search.found(pattern, probe, ignore_case=ignore_case)
        except BadPattern as bad:
            return position, str(bad)
        except PatternTooSlow:
            return position, "it takes too long"
    return None


@functools.lru_cache(maxsize=512)
def _compiled(pattern: str, ignore_case: bool) -> regex.Pattern[str]:
    if len(pattern) > MAX_PATTERN:
        raise BadPattern(f"it is longer than {MAX_PATTERN} characters")
    flags = regex.VERSION0 | (regex.IGNORECASE if ignore_case else 0)
    try:
        return regex.compile(_Translation(pattern).text, flags)
    except (regex.error, RecursionError, OverflowError) as error:
        raise BadPattern(str(error) or "it is not a regular expression") from None


# --- from JavaScript's language to the regex module's ------------------------------------------------------

_TOP: Final = 0x10FFFF
_DIGITS: Final = ((0x30, 0x39),)
_WORD: Final = ((0x30, 0x39), (0x41, 0x5A), (0x5F, 0x5F), (0x61, 0x7A))
_SPACE: Final = (
    (0x09, 0x0D),
    (0x20, 0x20),
    (0xA0, 0xA0),
    (0x1680, 0x1680),
    (0x2000, 0x200A),
    (0x2028, 0x2029),
    (0x202F, 0x202F),
    (0x205F, 0x205F),
    (0x3000, 0x3000),
    (0xFEFF, 0xFEFF),
)
_LINE_ENDS: Final = ((0x0A, 0x0A), (0x0D, 0x0D), (0x2028, 0x2029))
_Ranges = tuple[tuple[int, int], ...]


def _others(ranges: _Ranges) -> _Ranges:
    """Every sign outside ``ranges``, which are in order."""
    starts = [0, *(high + 1 for _, high in ranges)]
    ends = [*(low - 1 for low, _ in ranges), _TOP]
    return tuple((low, high) for low, high in zip(starts, ends, strict=True) if low <= high)


def _sign(code: int) -> str:
    return f"\\U{code:08x}"


def _members(ranges: _Ranges) -> str:
    """Ranges as they stand inside square brackets."""
    return "".join(f"{_sign(low)}-{_sign(high)}" for low, high in ranges)


_SETS: Final = {
    "d": _members(_DIGITS),
    "D": _members(_others(_DIGITS)),
    "w": _members(_WORD),
    "W": _members(_others(_WORD)),
    "s": _members(_SPACE),
    "S": _members(_others(_SPACE)),
}
_IN_WORD: Final = f"[{_SETS['w']}]"
_OUTSIDE: Final = {
    ".": f"[{_members(_others(_LINE_ENDS))}]",
    "^": r"\A",
    "$": r"\Z",
    "|": "|",
}
_EDGES: Final = {
    "b": f"(?:(?<={_IN_WORD})(?!{_IN_WORD})|(?<!{_IN_WORD})(?={_IN_WORD}))",
    "B": f"(?:(?<={_IN_WORD})(?={_IN_WORD})|(?<!{_IN_WORD})(?!{_IN_WORD}))",
}
_CONTROLS: Final = {"n": 0x0A, "r": 0x0D, "t": 0x09, "v": 0x0B, "f": 0x0C}
_GROUP: Final = re.compile(r"\((?:\?(?:[:=!]|<[=!]|<(?P<name>[A-Za-z_$][A-Za-z0-9_$]*)>))?")
_NAMED: Final = re.compile(r"\(\?<([A-Za-z_$][A-Za-z0-9_$]*)>")
_QUANTIFIER: Final = re.compile(r"(?:[*+?]|\{(?P<low>\d+)(?P<more>,(?P<high>\d*))?\})(?P<lazy>\??)")
_ESCAPE: Final = re.compile(
    r"\\(?:x(?P<hex>[0-9A-Fa-f]{2})|u(?P<unicode>[0-9A-Fa-f]{4})|c(?P<control>[A-Za-z])"
    r"|k<(?P<name>[A-Za-z_$][A-Za-z0-9_$]*)>|(?P<back>[1-9][0-9]*)|(?P<octal>[0-3]?[0-7]{1,2})|(?P<sign>.))",
    re.S,
)


class _Translation:
    """One pass over a pattern; ``text`` is the result. Raises BadPattern."""

    def __init__(self, pattern: str) -> None:
        self._pattern = pattern
        self._at = 0
        self._weights = [0]  # of what stands in each open group so far
        self._looks_back: list[bool] = []  # for each open group
        self._last = 0  # of what a quantifier would repeat
        self._groups = self._count_groups()
        self._names = set(_NAMED.findall(pattern))
        self.text = "".join(self._pieces())

    def _count_groups(self) -> int:
        """How many groups capture: a back reference beyond them is an octal number."""
        bare = re.sub(r"\\.|\[(?:\\.|[^\]\\])*\]", "", self._pattern, flags=re.S)
        return len(re.findall(r"\((?!\?)|\(\?<(?![=!])", bare))

    def _pieces(self) -> Iterable[str]:
        while self._at < len(self._pattern):
            sign = self._pattern[self._at]
            if quantifier := _QUANTIFIER.match(self._pattern, self._at):
                yield self._repeated(quantifier)
            elif sign == "(":
                yield self._opened()
            elif sign == ")":
                yield self._closed()
            else:
                yield self._single(sign)
        if len(self._weights) > 1:
            raise BadPattern("a group is not closed")

    def _single(self, sign: str) -> str:
        self._weigh(0 if sign in "^$|" else 1)
        if sign == "[":
            return self._class()
        if sign == "\\":
            return self._escape()
        self._at += 1
        return _OUTSIDE.get(sign) or _sign(ord(sign))

    def _weigh(self, weight: int) -> None:
        self._weights[-1] += weight
        self._last = weight
        if self._weights[-1] > MAX_WEIGHT:
            raise BadPattern(f"it repeats more than {MAX_WEIGHT} parts")

    # Groups and quantifiers

    def _opened(self) -> str:
        if len(self._weights) > MAX_DEPTH:
            raise BadPattern(f"groups are nested more than {MAX_DEPTH} deep")
        self._weights.append(1)
        self._looks_back.append(self._pattern.startswith(("(?<=", "(?<!"), self._at))
        self._last = 0
        group = _GROUP.match(self._pattern, self._at)
        assert group is not None  # it begins with a bracket
        if self._pattern.startswith(("?", "*"), group.end()):
            raise BadPattern(f"the group at {self._at} is of an unknown kind")
        self._at = group.end()
        return f"(?P<{_group_name(group['name'])}>" if group["name"] else group.group()

    def _closed(self) -> str:
        if len(self._weights) == 1:
            raise BadPattern("a group is closed that was not opened")
        self._at += 1
        weight = self._weights.pop()
        self._weigh(weight)
        if self._looks_back.pop():
            self._last = 0  # nor what looks back
        return ")"

    def _repeated(self, quantifier: re.Match[str]) -> str:
        if not self._last:
            raise BadPattern(f"there is nothing to repeat at {self._at}")
        for bound in (quantifier["low"], quantifier["high"]):
            if bound and (len(bound) > 9 or int(bound) > MAX_REPEAT):
                raise BadPattern(f"it repeats something more than {MAX_REPEAT} times")
        if quantifier["high"] and int(quantifier["high"]) < int(quantifier["low"]):
            raise BadPattern(f"the numbers of the quantifier at {self._at} are out of order")
        self._at = quantifier.end()
        self._weigh(self._last * (max(1, int(quantifier["low"] or 1)) - 1))
        self._last = 0
        return quantifier.group()

    # Escapes outside square brackets

    def _escape(self) -> str:
        found = self._read_escape()
        sign = found["sign"]
        if sign in _SETS:
            return f"[{_SETS[sign]}]"
        if sign in _EDGES:
            self._last = 0  # an edge cannot be repeated
            return _EDGES[sign]
        if found["name"] and self._names:
            if found["name"] not in self._names:
                raise BadPattern(f"there is no group of the name {found['name']}")
            name = _group_name(found["name"])
            return f"(?({name})(?P={name}))"  # a group that took no part matches nothing, everywhere
        if found["back"] and int(found["back"]) <= self._groups:
            return f"(?({found['back']})\\g<{found['back']}>)"
        return self._literal(found)

    def _read_escape(self) -> re.Match[str]:
        found = _ESCAPE.match(self._pattern, self._at)
        if found is None:
            raise BadPattern("it ends with a backslash")
        self._at = found.end()
        return found

    def _literal(self, found: re.Match[str]) -> str:
        """An escape that stands for a text. JavaScript lets any sign be escaped that has no meaning."""
        if code := found["hex"] or found["unicode"]:
            return _sign(int(code, 16))
        if found["control"]:
            return _sign(ord(found["control"]) % 32)
        if found["name"]:
            return "".join(_sign(ord(sign)) for sign in f"k<{found['name']}>")
        if found["octal"]:
            return _sign(int(found["octal"], 8))
        if found["back"]:
            return self._old_octal(found["back"])
        return _sign(_CONTROLS.get(found["sign"], ord(found["sign"])))

    def _old_octal(self, digits: str) -> str:
        octal = re.match(r"[0-3]?[0-7]{1,2}", digits)
        used = octal.group() if octal else digits[:1]
        self._at -= len(digits) - len(used)
        return _sign(int(used, 8) if octal else ord(used))

    # Square brackets

    def _class(self) -> str:
        """``[…]``: an empty one matches nothing, ``[^]`` everything."""
        negated = self._pattern.startswith("^", self._at + 1)
        self._at += 2 if negated else 1
        members: list[str] = []
        while not self._pattern.startswith("]", self._at):
            members.append(self._member())
            is_range = self._pattern.startswith("-", self._at) and not self._pattern.startswith(
                "]", self._at + 1
            )
            if is_range and len(members[-1]) == len(_sign(0)):
                members[-1] = self._range(members[-1])
        self._at += 1
        if not members:
            return f"[{_members(((0, _TOP),))}]" if negated else "(?!)"
        return f"[{'^' if negated else ''}{''.join(members)}]"

    def _range(self, low: str) -> str:
        self._at += 1
        high = self._member()
        if len(high) != len(low):  # a set such as \\d: the minus stands for itself
            return f"{low}{_sign(ord('-'))}{high}"
        if high < low:
            raise BadPattern("a range in square brackets is out of order")
        return f"{low}-{high}"

    def _member(self) -> str:
        if self._at >= len(self._pattern):
            raise BadPattern("square brackets are not closed")
        if self._pattern[self._at] != "\\":
            self._at += 1
            return _sign(ord(self._pattern[self._at - 1]))
        found = self._read_escape()
        if found["sign"] == "b":
            return _sign(0x08)
        if found["sign"] in _SETS:
            return _SETS[found["sign"]]
        if found["name"]:  # means nothing here: only its first sign is escaped
            self._at = found.start() + 2
            return _sign(ord("k"))
        return self._literal(found)


def _group_name(name: str) -> str:
    """A name that Python can bear and that differs for different names."""
    return "g" + "".join(sign if sign.isalnum() else f"_{ord(sign):02x}" for sign in name)
