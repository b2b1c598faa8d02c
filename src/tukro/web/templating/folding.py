"""Templates that are quick: compiled once for each language, with everything that is known by then put in.

A page has a hundred translated words, pictures and fixed addresses. Django looks each of them up again for
every reader; here a compiled template is folded: what depends on the language alone becomes text. The page is
the same, letter by letter (tests/web/templating/test_templating.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from html import escape
from itertools import groupby
from threading import RLock
from typing import Any

from django.conf import settings
from django.template import Context, Template
from django.template.base import (
    FilterExpression,
    Node,
    NodeList,
    Parser,
    TextNode,
    Variable,
    VariableNode,
    render_value_in_context,
)
from django.template.defaulttags import CommentNode, IfNode, LoadNode, URLNode
from django.template.library import SimpleNode
from django.template.loader_tags import ExtendsNode, IncludeNode
from django.template.loaders import cached
from django.templatetags.i18n import BlockTranslateNode, GetCurrentLanguageNode, LanguageNode, TranslateNode
from django.templatetags.static import StaticNode
from django.urls import NoReverseMatch, get_urlconf, reverse
from django.utils import translation
from django.utils.safestring import SafeString

from tukro.web.templatetags.tukro import Remembered, icon

# Where a translation takes a value: %(name)s; a percent sign of its own is doubled.
_PLACE = re.compile(r"%\((\w+)\)s")
_FLAGS = ("needs_autoescape", "expects_localtime", "is_safe")  # what a filter may ask of its caller
_ID = re.compile(r"[A-Za-z0-9_-]+")
# Two first visitors of a page share its template, and what is half folded cannot be folded by a second one.
_FOLDING = RLock()


class Loader(cached.Loader):
    """Django's cached loader, with a copy of each template for each language, folded."""

    def cache_key(self, template_name: str, skip: Any = None) -> str:
        addresses = get_urlconf() or settings.ROOT_URLCONF
        return f"{translation.get_language()} {addresses} {super().cache_key(template_name, skip)}"

    def get_template(self, template_name: str, skip: Any = None) -> Template:
        known = self.get_template_cache.get(self.cache_key(template_name, skip))
        if isinstance(known, Template) and isinstance(known.nodelist, _Folded):
            return known
        with _FOLDING:
            template: Template = super().get_template(template_name, skip)
            if not isinstance(template.nodelist, _Folded):
                template.nodelist = _Folded(_folded(template.nodelist))
        return template


class _Folded(NodeList):
    """The nodes of a template that is folded; its blocks, which every page asks for, are looked for once."""

    def __init__(self, nodes: Iterable[Node]) -> None:
        super().__init__(nodes)
        self._by_type: dict[type[Node], list[Node]] = {}

    def get_nodes_by_type(self, nodetype: type[Node]) -> list[Node]:
        if nodetype not in self._by_type:
            self._by_type[nodetype] = super().get_nodes_by_type(nodetype)
        return self._by_type[nodetype]


class _Kept:
    """A template that ``{% include "…" %}`` or ``{% extends "…" %}`` names, found once.

    Whoever names it is kept for one language and its addresses, so it is that copy for good.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.template: Template | None = None

    def resolve(self, context: Context) -> Template:
        if self.template is None:
            around: Any = context.template
            self.template = around.engine.get_template(self.name)
        return self.template


class _Value:
    """A filter expression that is looked up straight away; whatever is unusual about it goes Django's way."""

    def __init__(self, expression: FilterExpression) -> None:
        self.expression = expression
        self.name, self.attributes = "", tuple[str, ...]()
        variable = expression.var
        if isinstance(variable, Variable) and variable.lookups and not variable.translate:
            self.name, *attributes = variable.lookups
            self.attributes = tuple(attributes)
        plain = all(
            not args and not any(getattr(func, flag, False) for flag in _FLAGS)
            for func, args in expression.filters
        )
        self.filters = tuple(func for func, _ in expression.filters)
        self.is_plain = bool(self.name) and plain

    def resolve(self, context: Context, ignore_failures: bool = False) -> Any:
        if not self.is_plain:
            return self.expression.resolve(context, ignore_failures)
        try:
            value = context[self.name]
            for attribute in self.attributes:
                if hasattr(type(value), "__getitem__") and not isinstance(value, tuple):
                    raise AttributeError  # a key would come before an attribute; no tuple has a name for one
                value = getattr(value, attribute)
        except (KeyError, AttributeError):
            return self.expression.resolve(context, ignore_failures)
        if callable(value):
            return self.expression.resolve(context, ignore_failures)
        for func in self.filters:
            value = func(value)
        return value


class _Variable(VariableNode):
    """``{{ … }}`` whose text is escaped without asking first what else it could be."""

    def __init__(self, expression: FilterExpression) -> None:
        super().__init__(expression)
        self.value = _Value(expression)

    def render(self, context: Context) -> str:
        value = self.value.resolve(context)
        if type(value) is SafeString:
            return value
        if type(value) is str and context.autoescape:
            return escape(value)
        text: str = render_value_in_context(value, context)
        return text


class _Address(URLNode):
    """``{% url "view" id %}`` with ids that need no quoting: found once, with its ids left open."""

    def __init__(self, source: URLNode) -> None:
        super().__init__(source.view_name, source.args, source.kwargs, source.asvar)
        marks = [f"Open{no}" for no in range(len(self.args))]
        found = reverse(self.view_name.var, args=marks)
        self.pieces = re.split("|".join(marks), found)

    def render(self, context: Context) -> str:
        ids = [arg.resolve(context) for arg in self.args]
        if not all(type(one) is str and _ID.fullmatch(one) for one in ids):
            text: str = super().render(context)
            return text
        first, *others = self.pieces
        return first + "".join([part for pair in zip(ids, others, strict=True) for part in pair])


class _Known(Node):
    """``{% translate "…" as name %}`` and its like, when the value is known."""

    child_nodelists = ()

    def __init__(self, name: str, value: object) -> None:
        self.name, self.value = name, value

    def render(self, context: Context) -> str:
        context[self.name] = self.value
        return ""


def _folded(nodes: Iterable[Node]) -> NodeList:
    whole = NodeList()
    folded = (made for node in nodes for made in _fold(node))
    for is_text, run in groupby(folded, lambda node: type(node) is TextNode):
        together: list[Any] = list(run)
        if is_text:
            whole.append(_placed(TextNode("".join(node.s for node in together)), together[0]))
        else:
            whole.extend(together)
    return whole


def _fold(node: Node) -> Iterator[Node]:
    """What draws the same as ``node``, for less."""
    for made in _exchange(node):
        yield _placed(made, node)


def _exchange(node: Node) -> Iterable[Node]:
    match node:
        case CommentNode() | LoadNode():
            return ()
        case LanguageNode():
            return (node,)  # what it holds is in another language than the page
        case TranslateNode() | URLNode() | GetCurrentLanguageNode() | SimpleNode() | StaticNode() if (
            _is_constant(node)
        ):
            return _drawn_now(node)
        case BlockTranslateNode():
            return _sentence(node)
        case VariableNode():
            return (_Variable(node.filter_expression),)
        case URLNode() if _is_literal(node.view_name) and not node.kwargs and not node.asvar:
            return _address(node)
    _keep_named(node)
    if isinstance(node, Remembered):
        node.facts = [_Value(fact) for fact in node.facts]
    if isinstance(node, IfNode):
        for asked, _ in node.conditions_nodelists:
            _look_up_quickly(asked)
        node.conditions_nodelists = [(asked, _folded(inner)) for asked, inner in node.conditions_nodelists]
    for name in node.child_nodelists:
        inner = getattr(node, name, None)
        if isinstance(inner, NodeList) and not isinstance(node, IfNode):
            setattr(node, name, _folded(inner))
    return (node,)


def _keep_named(node: Node) -> None:
    """The template that the node takes in or stands in, when its name is written there and not its own."""
    place = {IncludeNode: "template", ExtendsNode: "parent_name"}.get(type(node), "")
    named = getattr(node, place, None)
    own_name = getattr(node.origin, "template_name", None)
    if isinstance(named, FilterExpression) and _is_literal(named) and named.var != own_name:
        setattr(node, place, _Kept(str(named.var)))


def _look_up_quickly(asked: Any) -> None:
    """The values in the tree of an ``{% if … %}``."""
    for side in (getattr(asked, "first", None), getattr(asked, "second", None)):
        if side is not None:
            _look_up_quickly(side)
    if isinstance(getattr(asked, "value", None), FilterExpression):
        asked.value = _Value(asked.value)


def _is_constant(node: Any) -> bool:
    match node:
        case TranslateNode():
            words = node.filter_expression
            is_text = isinstance(getattr(words.var, "literal", None), str)
            return is_text and not words.filters and not node.message_context
        case URLNode():
            return not node.args and not node.kwargs and _is_literal(node.view_name)
        case StaticNode():
            return _is_literal(node.path)
        case SimpleNode():
            return node.func is icon and node.target_var is None and all(map(_is_literal, node.args))
    return True


def _is_literal(expression: FilterExpression) -> bool:
    return not expression.filters and isinstance(expression.var, str)


def _drawn_now(node: Any) -> Iterable[Node]:
    """The text that the node draws, or the name that it gives to it."""
    context = Context()
    name = _name_of(node)
    try:
        text = node.render(context)
    except NoReverseMatch:  # a page that does not exist is a fault only where its link is drawn
        return (node,)
    if name:
        return (_Known(name, context[name]),)
    plain = node.render(Context(autoescape=False))
    return (TextNode(text),) if text == plain else (node,)  # a text file of a mail escapes nothing


def _name_of(node: Any) -> str | None:
    """The name that the node gives its value to, if it draws nothing."""
    if isinstance(node, GetCurrentLanguageNode):
        return str(node.variable)
    return getattr(node, "varname", None) or getattr(node, "asvar", None)


def _address(node: URLNode) -> Iterable[Node]:
    try:
        return (_Address(node),)
    except NoReverseMatch:  # what it takes is no text: Django's own way
        return (node,)


def _sentence(node: BlockTranslateNode) -> Iterable[Node]:
    """``{% blocktranslate with time=… %}takes about {{ time }}{% endblocktranslate %}`` as its parts."""
    if node.plural or node.message_context or node.asvar:
        return (node,)
    source, names = node.render_token_list(node.singular)
    words = translation.gettext(source)
    pieces = _PLACE.split(words)  # text, name, text, name, … text
    texts, places = pieces[::2], pieces[1::2]
    if not set(places) <= set(names) or any("%" in text.replace("%%", "") for text in texts):
        return (node,)  # Django's own way knows what to do with a faulty translation
    made: list[Node] = []
    for text, place in zip(texts, [*places, None], strict=True):
        made.append(TextNode(text.replace("%%", "%")))
        if place:
            value = node.extra_context.get(place) or Parser("").compile_filter(place)
            made.append(_Variable(value))
    return made


def _placed(made: Any, source: Any) -> Node:
    """``made`` with what Django's reports of faults ask of a node."""
    if made is not source:
        made.token, made.origin = source.token, getattr(source, "origin", None)
    node: Node = made
    return node
