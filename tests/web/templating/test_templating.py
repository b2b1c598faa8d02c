"""The quick templates and controls draw exactly what Django's own would, in both languages."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from threading import Barrier, get_ident
from time import sleep
from typing import Any

import pytest
from django import forms
from django.conf import settings
from django.forms.renderers import DjangoTemplates
from django.template import Context, engines
from django.template.base import Node
from django.test import Client, override_settings
from django.utils import translation

from tests import cast
from tests.web.market import address, proof_batch, signed_in, taken
from tukro.web.templating import folding
from tukro.web.templating.widgets import Renderer

# What differs from one drawing to the next: tokens against forged posts, seconds that pass, and the padding.
_PASSING = re.compile(r'value="\w{64}"|data-news="[^"]*"|<time.*?</time>|data-now="[^"]*"')
_BETWEEN = re.compile(r">\s+<")  # the options of Django's selects stand on lines of their own


def _djangos_own() -> list[dict[str, Any]]:
    own = deepcopy(settings.TEMPLATES)
    [[_, loaders]] = own[0]["OPTIONS"]["loaders"]
    own[0]["OPTIONS"]["loaders"] = [("django.template.loaders.cached.Loader", loaders)]
    return own


def _drawn(client: Client, path: str) -> str:
    return _BETWEEN.sub("><", _PASSING.sub("", client.get(path).content.decode()))


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["bn", "en"])
def test_pages_are_the_same_letter_by_letter(language: str) -> None:
    rahima, batch = cast.rahima(), proof_batch()
    client = signed_in(rahima)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = language
    paths = [
        "/",
        "/rules",
        "/how-it-works",
        "/projects?search=x&min_reward=zero",
        "/projects",
        f"/projects/{batch.task_type.group_id}/tasks",
        address(taken(rahima, batch)),
        "/tasks",
        "/dashboard",
        "/earnings",
        "/account/contact",
    ]
    quick = {path: _drawn(client, path) for path in paths}
    with override_settings(TEMPLATES=_djangos_own(), FORM_RENDERER="django.forms.renderers.DjangoTemplates"):
        plain = {path: _drawn(client, path) for path in paths}
    assert quick == plain


LOAD = "{% load i18n tukro %}"
PIECES = [
    '{% translate "Find work" as here %}{{ here }} {% get_current_language as l %}{{ l }}',
    '{% blocktranslate with time=late|default:"<b>" %}takes about {{ time }}{% endblocktranslate %}',
    "{% blocktranslate with kinds=absent %}proof: {{ kinds }}{% endblocktranslate %}",
    "{% blocktranslate %}100 % sure of {{ name }}{% endblocktranslate %}",
    '{% language "bn" %}{% translate "Find work" %}{% endlanguage %}{% translate "Find work" %}',
    "{{ name }}{{ name|upper }}{{ none }}{{ number }}{{ absent.x }}{{ row.name }}{{ row.items }}{{ call }}",
    '{{ safe }}{{ name|safe }}{% autoescape off %}{{ name }}{% translate "Find work" %}{% endautoescape %}',
    '{% url "worker:preview" id %}{% url "worker:preview" name %}{% url "worker:projects" as all %}{{ all }}',
    '{% url "nowhere" as gone %}[{{ gone }}]{% if absent %}{% url "nowhere" %}{% endif %}',
    "{% if row.name == name and not absent %}yes{% else %}no{% endif %}",
    '{% icon "clock" %}{% icon absent %}{% comment %}x{% endcomment %}{% icon "clock" as i %}{{ i }}',
]


@pytest.mark.parametrize("language", ["bn", "en"])
@pytest.mark.parametrize("source", PIECES)
def test_every_kind_of_piece_is_the_same(source: str, language: str) -> None:
    values = {
        "name": "<Rahima & co>",
        "none": None,
        "number": 1234,
        "safe": translation.gettext("Find work"),
        "row": {"name": "<Rahima & co>", "items": "a key before a method"},
        "call": lambda: "called",
        "id": "3ABC",
        "late": "",
    }
    with translation.override(language):
        drawn = []
        for loader in ("tukro.web.templating.folding.Loader", "django.template.loaders.cached.Loader"):
            given = [(loader, [("django.template.loaders.locmem.Loader", {"one": LOAD + source})])]
            own = deepcopy(settings.TEMPLATES)
            own[0]["OPTIONS"]["loaders"] = given
            with override_settings(TEMPLATES=own):
                template = engines["django"].engine.get_template("one")  # type: ignore[attr-defined]  # Django's engine, under its wrapper
                drawn.append(template.render(Context(values)))
    assert drawn[0] == drawn[1]


class Everything(forms.Form):
    name = forms.CharField(max_length=5, widget=forms.TextInput(attrs={"type": "search", "autofocus": True}))
    mail = forms.EmailField(initial='"><b>')
    word = forms.CharField(widget=forms.PasswordInput)
    hidden = forms.CharField(widget=forms.HiddenInput, initial="x")
    ticked = forms.BooleanField(initial=True, widget=forms.CheckboxInput(attrs={"hidden": False}))
    text = forms.CharField(widget=forms.Textarea, initial="<p>\nline")
    kind = forms.ChoiceField(choices=[("", "None"), ("More", [("a", "A & B"), (2, "<two>")])], initial=2)
    many = forms.MultipleChoiceField(choices=[("a", "A"), ("b", "B")], initial=["a", "b"])


@pytest.mark.parametrize("data", [None, {}, {"name": '"x', "kind": "a", "text": "", "age": "no"}])
def test_controls_are_the_same_but_for_white_space(data: dict[str, str] | None) -> None:
    def written(renderer: DjangoTemplates) -> list[str]:
        form = Everything(data, renderer=renderer)
        return [_BETWEEN.sub("><", str(field)) for field in form]

    assert written(Renderer()) == written(DjangoTemplates())


class Old(forms.Form):
    age = forms.IntegerField(min_value=3, initial=1234)


def test_whole_numbers_are_shown_and_taken_in_the_digits_of_the_reader() -> None:
    with translation.override("bn"):
        control = str(Old(renderer=Renderer())["age"])
        typed = Old({"age": "১২"})
        assert 'type="text"' in control
        assert 'value="১২৩৪" inputmode="numeric"' in control
        assert "min=" not in control
        assert typed.is_valid()
        assert typed.cleaned_data["age"] == 12
        assert not Old({"age": "২"}).is_valid()
    assert 'value="1234"' in str(Old(renderer=Renderer())["age"])


def test_a_page_is_folded_once_when_its_first_visitors_come_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    fold, folded = folding._fold, list[int]()
    django: Any = engines["django"]
    loader = django.engine.template_loaders[0]

    def folded_slowly(node: Node) -> Any:
        folded.append(get_ident())
        sleep(0.0001)  # the others go on meanwhile
        return fold(node)

    def visit(start: Barrier) -> None:
        start.wait(10)
        with translation.override("bn"):
            loader.get_template("worker/doing/work.html")

    def folded_by(visitors: int) -> int:
        folded.clear()
        loader.reset()
        with ThreadPoolExecutor(visitors) as pool:
            list(pool.map(visit, [Barrier(visitors)] * visitors))
        return len(folded)

    monkeypatch.setattr(folding, "_fold", folded_slowly)
    try:
        alone = folded_by(1)
        assert alone > 20
        assert folded_by(4) == alone
    finally:
        loader.reset()
