"""The filters of the open list: as a worker types them, and as scripts for the model's site send them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tukro.kernel.money import Money, NotMoney
from tukro.web import formats
from tukro.web.forms.amounts import AmountField
from tukro.web.words.categories import NAMES, category_name
from tukro.work.queries import Wanted, categories
from tukro.work.rules import LANGUAGES

SORTS: dict[str, str | Promise] = {
    "updated_desc": _("Newest first"),
    "reward_desc": _("Highest reward first"),
    "hourly_desc": _("Highest pay per hour first"),
    "num_hits_desc": _("Most tasks left first"),
    "updated_asc": _("Oldest first"),
    "reward_asc": _("Lowest reward first"),
    "num_hits_asc": _("Fewest tasks left first"),
}
PAGE_SIZE = 20
_PAGE_SIZES = (10, 20, 50, 100)
_MINUTES: dict[str, str | Promise] = {
    "1": _("At most 1 minute"),
    "2": _("At most 2 minutes"),
    "5": _("At most 5 minutes"),
    "10": _("At most 10 minutes"),
    "30": _("At most half an hour"),
    "60": _("At most an hour"),
}
_LANGUAGES = (("", _("Any language")), ("bn", _("Bengali")), ("en", _("English")))
# The names that scripts for the model's own worker site send (mturk-sites 2.3).
_ALIASES = {
    "search": "filters[search_term]",
    "min_reward": "filters[min_reward]",
    "qualified": "filters[qualified]",
    "done": "filters[done]",
}
_NO = frozenset(("", "false", "0", "off"))


def _kinds() -> list[tuple[str, str | Promise]]:
    """Asked for when the form is drawn: a script's page never does."""
    return [("", _("All kinds")), *((code, category_name(code)) for code in categories())]


def _sizes() -> list[tuple[str, str]]:
    return [(str(size), formats.number(size)) for size in _PAGE_SIZES]


@dataclass(frozen=True, slots=True)
class Filters:
    """What an address of the open list asks for. Anything unreadable filters nothing."""

    wanted: Wanted
    sort: str
    done: bool  # also what the worker has done all of
    hidden: bool  # also what the worker has hidden
    page_size: int
    typed: Mapping[str, str]  # by the names of the form's fields

    @property
    def in_use(self) -> int:
        """How many of the filters below the search narrow or widen the list."""
        below = self.wanted.asked.keys() - {"search", "requester_id"}
        return len(below) + self.done + self.hidden

    @property
    def key(self) -> tuple[str, ...]:
        """All that the form shows: with the same key it is drawn the same. Staff change the kinds of work."""
        return (*self.typed.values(), *categories())

    @property
    def form(self) -> FilterForm:
        return FilterForm(dict(self.typed))


def filters_of(request: HttpRequest) -> Filters:
    """Read by hand: a form of so many fields costs more than the list itself."""
    query = request.GET
    typed = {name: query.get(name, "") for name in FilterForm.base_fields}
    for name, alias in _ALIASES.items():
        typed[name] = typed[name] or query.get(alias, "")
    chosen = {name: value.lower() not in _NO for name, value in typed.items()}
    wanted = Wanted(
        search=typed["search"][:200],
        category=typed["category"] if typed["category"] in NAMES else "",
        language=typed["language"] if typed["language"] in LANGUAGES else "",
        min_reward=_amount(typed["min_reward"]),
        min_hourly=_amount(typed["min_hourly"]),
        longest=60 * int(typed["minutes"]) if typed["minutes"] in _MINUTES else None,
        on_phone=chosen["phone"],
        qualified_only=chosen["qualified"],
        favourites=chosen["favourites"],
        for_groups=chosen["groups"],
        requester_id=query.get("requester", ""),
    )
    for name in _SWITCHES:
        typed[name] = "on" if chosen[name] else ""
    size = _page_size(typed["page_size"])
    typed["page_size"] = str(size)
    return Filters(wanted, typed["sort"], chosen["done"], chosen["hidden"], size, typed)


class FilterForm(forms.Form):
    """The filters as they are drawn."""

    search = forms.CharField(
        label=_("Search"), required=False, max_length=200, widget=forms.TextInput(attrs={"type": "search"})
    )
    sort = forms.ChoiceField(label=_("Order"), required=False, choices=list(SORTS.items()))
    category = forms.ChoiceField(label=_("Kind of work"), required=False)
    min_reward = AmountField(label=_("Smallest reward in US dollars"), required=False, minimum=None)
    min_hourly = AmountField(label=_("Smallest measured pay per hour"), required=False, minimum=None)
    minutes = forms.ChoiceField(
        label=_("Takes"), required=False, choices=[("", _("Any time")), *_MINUTES.items()]
    )
    language = forms.ChoiceField(label=_("Language of the work"), required=False, choices=_LANGUAGES)
    page_size = forms.ChoiceField(label=_("Rows per page"), required=False, choices=_sizes)
    phone = forms.BooleanField(label=_("Only work that suits a phone"), required=False)
    qualified = forms.BooleanField(label=_("Only work that I qualify for"), required=False)
    favourites = forms.BooleanField(label=_("Only my favourites"), required=False)
    groups = forms.BooleanField(label=_("Only work of my hire groups"), required=False)
    done = forms.BooleanField(label=_("Also work of which I have done all"), required=False)
    hidden = forms.BooleanField(label=_("Also what I have hidden"), required=False)

    def __init__(self, data: dict[str, str]) -> None:
        super().__init__(data)
        category = self.fields["category"]
        assert isinstance(category, forms.ChoiceField)
        category.choices = cache(_kinds)  # asked for once

    @property
    def below(self) -> list[forms.BoundField]:
        """The fields that are folded away under the search."""
        return [self[name] for name in self.fields if name != "search"]

    @property
    def wrong(self) -> bool:
        """An amount cannot be read, and so filters nothing: what is folded away must say that."""
        return "min_reward" in self.errors or "min_hourly" in self.errors


_SWITCHES = [name for name, field in FilterForm.base_fields.items() if isinstance(field, forms.BooleanField)]


def typed_from(wanted: Wanted) -> dict[str, str]:
    """The query of the page that shows what a saved search finds."""
    typed: dict[str, Any] = {
        "search": wanted.search,
        "category": wanted.category,
        "language": wanted.language,
        "min_reward": wanted.min_reward,
        "min_hourly": wanted.min_hourly,
        "minutes": (wanted.longest or 0) // 60,
        "phone": wanted.on_phone and "on",
        "qualified": wanted.qualified_only and "on",
        "favourites": wanted.favourites and "on",
        "groups": wanted.for_groups and "on",
        "requester": wanted.requester_id,
    }
    return {
        name: f"{value.amount:.2f}" if isinstance(value, Money) else str(value)
        for name, value in typed.items()
        if value
    }


def page_number(request: HttpRequest) -> int:
    """From 1 on, for those who count pages; rubbish is the first."""
    return whole(request, "page_number", 1)


def whole(request: HttpRequest, name: str, usual: int, *, least: int = 1, most: int = 100_000) -> int:
    """A whole number of the address, within its limits; rubbish is the usual one."""
    try:
        return min(max(int(request.GET.get(name, usual)), least), most)
    except ValueError:
        return usual


def _page_size(typed: str) -> int:
    """What is asked for, from 1 to 100."""
    try:
        return min(max(int(typed or PAGE_SIZE), 1), 100)
    except ValueError:
        return PAGE_SIZE


def _amount(typed: str) -> Money | None:
    try:
        return Money.parse(typed) if typed.strip() else None
    except NotMoney:
        return None
