"""The view of an address, found by the parts of its path.

Django tries one address after the other and makes a match at each level of inclusion, which is a tenth of
what a short request costs. Here an address is tried only for paths with as many parts and the same first one.
What is found is the same, match for match: a test compares them for every address.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache

from django.urls import ResolverMatch, URLPattern, URLResolver, get_resolver
from django.urls.converters import PathConverter
from django.urls.resolvers import LocalePrefixPattern, RegexPattern, RoutePattern

Pattern = RoutePattern | RegexPattern | LocalePrefixPattern
Shape = tuple[int, str]  # how many slashes a path has, and its first part


def find(path: str, urlconf: str) -> ResolverMatch | None:
    """What is at this path. None: Django is to be asked, who also knows how to say that there is nothing."""
    if path[:1] != "/":
        return None
    path = path[1:]
    for address in _by_shape(urlconf).get((path.count("/"), path.partition("/")[0]), ()):
        if match := address.match(path):
            return match
    return None


class Address:
    """One address, written out from the beginning of the path, and what its matches have in common."""

    def __init__(self, levels: tuple[URLResolver, ...], end: URLPattern) -> None:
        route = "".join([*(str(level.pattern) for level in levels), str(end.pattern)])
        self.pattern = RoutePattern(route, is_endpoint=True)
        self._more = end.default_args
        self._common = vars(
            ResolverMatch(
                end.callback,
                (),
                {},
                end.name,
                [level.app_name for level in levels],
                [level.namespace for level in levels],
                route,
                tried=[],
                extra_kwargs=self._more,
            )
        )

    @property
    def shape(self) -> Shape:
        route = str(self.pattern)
        return route.count("/"), route.partition("/")[0]

    def match(self, path: str) -> ResolverMatch | None:
        found = self.pattern.match(path)
        if found is None:
            return None
        captured = found[2]
        made = ResolverMatch.__new__(ResolverMatch)
        vars(made).update(self._common, captured_kwargs=captured, kwargs={**captured, **self._more})
        return made


@cache
def _by_shape(urlconf: str) -> dict[Shape, list[Address]]:
    found: dict[Shape, list[Address]] = {}
    unsure: list[RoutePattern] = []  # first parts below which only Django keeps the order
    for levels, end in _walk(get_resolver(urlconf)):
        patterns = [*(level.pattern for level in levels), end.pattern]
        first = _first_part(patterns)
        if first is None:
            return {}
        more = any(level.default_kwargs for level in levels)
        if more or "<" in first or not all(map(_keeps_its_parts, patterns)):
            unsure.append(RoutePattern(first, is_endpoint=True))
        else:
            address = Address(levels, end)
            found.setdefault(address.shape, []).append(address)
    return {shape: found[shape] for shape in found if not any(one.match(shape[1]) for one in unsure)}


def _walk(
    resolver: URLResolver, levels: tuple[URLResolver, ...] = ()
) -> Iterator[tuple[tuple[URLResolver, ...], URLPattern]]:
    for one in resolver.url_patterns:
        if isinstance(one, URLResolver):
            yield from _walk(one, (*levels, one))
        else:
            yield levels, one


def _first_part(patterns: Sequence[Pattern]) -> str | None:
    """With what its paths begin, up to the first slash. None when that is part of an expression."""
    begin = next((one for one in patterns if str(one)), patterns[-1])
    return str(begin).partition("/")[0] if isinstance(begin, RoutePattern) else None


def _keeps_its_parts(pattern: Pattern) -> bool:
    """Whether it tells how many parts a path of it has: no variable of it takes a slash."""
    return isinstance(pattern, RoutePattern) and not any(
        isinstance(each, PathConverter) for each in pattern.converters.values()
    )
