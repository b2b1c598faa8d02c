"""A form field for an amount of money, as people type it: ``12.50``, ``$12.50``, ``১২.৫০``."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from tukro.kernel.money import Money, NotMoney
from tukro.web import formats

_FAULTS = {
    "not_a_number": _("Write the amount in numbers, for example %(example)s."),
    "too_many_decimals": _("That has too many digits after the point: %(limit)s at most."),
    "too_large": _("That is more than any amount can be."),
}


def agreed_sum(text: str) -> Money | None:
    """The sum, in micro-dollars, that a page showed beside its button; None: it posted none."""
    return Money(int(text)) if text.isascii() and text.isdecimal() and len(text) < 19 else None


class AmountField(forms.CharField):
    """Cleans to ``Money`` in US dollars. Bengali digits are as good as Latin ones."""

    def __init__(self, *, decimals: int = 2, minimum: Money | None = None, **kwargs: Any) -> None:
        self.decimals, self.minimum = decimals, minimum
        kwargs.setdefault("max_length", 24)
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}))
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Any:
        return formats.digits(str(value)) if isinstance(value, Money) else value

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        try:
            amount = Money.parse(text, decimals=self.decimals)
        except NotMoney as fault:
            facts = {"example": formats.digits("12.50"), "limit": formats.number(self.decimals)}
            raise ValidationError(_FAULTS[fault.reason], code=fault.reason, params=facts) from None
        if self.minimum is not None and amount < self.minimum:
            raise ValidationError(
                _("The amount must be at least %(minimum)s."),
                code="too_small",
                params={"minimum": formats.money(self.minimum)},
            )
        return amount
