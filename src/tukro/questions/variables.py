"""``${variables}``: where a template is filled with the values of a CSV row, as MTurk does it.

Replacement is textual and raw: no escaping, one pass, so a value that itself looks like ``${name}`` stays
as it is. Names are compared in Unicode form C, because two keyboards may write one Bengali word in two ways.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

# A name is what a CSV header may hold, without the signs that would make it an expression of JavaScript's
# own ``${…}``: so `${item.price * 2}` or `${f(x)}` in a script is left alone.
_NAME_CHAR = r"[^\s{}$\"'`<>()\[\]=+*/?;:,&|!\\]"
_VARIABLE = re.compile(r"\$\{[ \t]*(" + _NAME_CHAR + r"+(?: +" + _NAME_CHAR + r"+)*)[ \t]*\}")


def variables_in(text: str) -> tuple[str, ...]:
    """The distinct names in ``text``, in order of first appearance."""
    return tuple(dict.fromkeys(_same_form(match.group(1)) for match in _VARIABLE.finditer(text)))


def fill_text(text: str, values: Mapping[str, str]) -> str:
    """``text`` with every variable replaced; one that ``values`` lacks stays visible."""
    return _VARIABLE.sub(lambda match: values.get(_same_form(match.group(1)), match.group(0)), text)


def _same_form(name: str) -> str:
    return unicodedata.normalize("NFC", name)
