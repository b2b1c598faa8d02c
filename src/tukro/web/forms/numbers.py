"""Form fields for numbers as people type them: Bengali digits are as good as Latin ones."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from tukro.kernel.typed import ascii_digits, without_commas
from tukro.web import formats

_MINUTE, _HOUR, _DAY = 60, 3600, 86_400
_UNITS = (_DAY, _HOUR, _MINUTE)
_MOST_DIGITS = 9


def _number_input(**attrs: object) -> forms.TextInput:
    return forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "class": "short", **attrs})


def _plain(text: str) -> str:
    """The text with digits of any script as 0-9, without blanks and the commas of thousands."""
    return without_commas("".join(ascii_digits(text).split()))


class WholeNumberField(forms.CharField):
    """Cleans to ``int`` (None when empty and not required): no signs, points, exponents or words."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 24)
        kwargs.setdefault("widget", _number_input(size="9"))
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Any:
        return formats.digits(str(value)) if isinstance(value, int) else value

    def clean(self, value: Any) -> Any:
        text = _plain(super().clean(value))
        if not text:
            return None
        if not (text.isascii() and text.isdigit()):
            fault = _("Write a whole number, for example %(example)s.")
            raise ValidationError(fault, code="not_a_number", params={"example": formats.number(3)})
        if len(text.lstrip("0")) > _MOST_DIGITS:
            raise ValidationError(_("That number is too large."), code="too_large")
        return int(text)


class _LengthWidget(forms.MultiWidget):
    def __init__(self) -> None:
        units = [(_MINUTE, _("minutes")), (_HOUR, _("hours")), (_DAY, _("days"))]
        select = forms.Select(attrs={"class": "short", "aria-label": _("Unit of time")}, choices=units)
        super().__init__([_number_input(size="5"), select])

    def decompress(self, value: Any) -> list[Any]:
        if not isinstance(value, int):
            return [None, _HOUR]
        unit = next((unit for unit in _UNITS if value % unit == 0 and value), _MINUTE)
        return [formats.digits(str(value // unit)), unit]

    def render(self, *args: Any, **kwargs: Any) -> SafeString:
        return format_html('<div class="cluster">{}</div>', super().render(*args, **kwargs))

    def id_for_label(self, id_: str) -> str:
        return f"{id_}_0" if id_ else id_


class LengthField(forms.MultiValueField):
    """A length of time as a number and its unit; cleans to seconds."""

    def __init__(self, **kwargs: Any) -> None:
        units = forms.TypedChoiceField(choices=[(unit, "") for unit in _UNITS], coerce=int, required=False)
        kwargs.setdefault("widget", _LengthWidget())
        super().__init__([WholeNumberField(required=False), units], require_all_fields=False, **kwargs)

    def compress(self, data_list: Sequence[Any]) -> int | None:
        count, unit = [*data_list, None, None][:2]
        if count is None:
            if self.required:
                raise ValidationError(self.error_messages["required"], code="required")
            return None
        return int(count) * int(unit or _HOUR)
