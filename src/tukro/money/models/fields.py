"""Money in a column."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models

from tukro.kernel.money import Money

if TYPE_CHECKING:
    from django.db.models.expressions import Combinable

    _BigInteger = models.BigIntegerField[Money | Combinable, Money]
else:
    _BigInteger = models.BigIntegerField


class MoneyField(_BigInteger):
    """US dollars in a bigint column of micro-dollars; ``Money`` in Python."""

    def from_db_value(self, value: int | None, *_: object) -> Money | None:
        return None if value is None else Money(value)

    def to_python(self, value: Any) -> Any:
        return value if value is None or isinstance(value, Money) else Money(int(value))

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        for which in ("default", "db_default"):
            if isinstance(kwargs.get(which), Money):  # migrations write the plain number
                kwargs[which] = kwargs[which].units
        return name, path, args, kwargs

    def get_prep_value(self, value: Any) -> Any:
        return value.units if isinstance(value, Money) else super().get_prep_value(value)
