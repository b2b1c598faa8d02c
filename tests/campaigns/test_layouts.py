"""Layouts: which projects are one, for whom, and what becomes of them."""

from __future__ import annotations

import pytest

from tests import cast, make
from tests.make import NOW
from tukro.campaigns.actions.projects import archive_project, change_project, restore_project
from tukro.campaigns.queries.layouts import filled_layout, layout_of
from tukro.campaigns.queries.posting import plan_of
from tukro.kernel.errors import NotFound
from tukro.questions.layout import MissingParameters, UnknownParameters

pytestmark = pytest.mark.django_db


def test_a_page_project_is_a_layout_of_its_requester() -> None:
    karim = cast.karim()
    project = make.project(of=karim, frame_height=320)
    assert layout_of(karim, project.public_id) == project
    filled = filled_layout(requester=karim, layout_id=project.public_id, parameters=[("image", "7.png")])
    assert filled.question.content == '<p>7.png</p><input name="digit">'
    assert filled.question.frame_height == 320
    assert "<![CDATA[<p>7.png</p>" in filled.source


def test_what_is_another_s_put_away_a_proof_form_or_no_project_is_no_layout() -> None:
    karim = cast.karim()
    proof = make.project(of=karim, kind="proof", instructions="x", proof=[{"kind": "text", "label": "Name"}])
    away = make.project(of=karim, name="Away")
    archive_project(requester=karim, project_id=away.public_id, now=NOW)
    others = make.project(of=make.requester(email="other@example.org"))
    for layout_id in (proof.public_id, away.public_id, others.public_id, "3NOSUCHLAYOUT", "no id"):
        with pytest.raises(NotFound) as refusal:
            layout_of(karim, layout_id)
        assert refusal.value.facts == {"layout_id": layout_id}
    restore_project(requester=karim, project_id=away.public_id, now=NOW)
    assert layout_of(karim, away.public_id).name == "Away"


def test_a_layout_follows_its_project() -> None:
    karim = cast.karim()
    project = make.project(of=karim)
    plan = make.plan(template='<p>${text}</p><input name="word">')
    assert plan_of(project) != plan
    change_project(requester=karim, project_id=project.public_id, plan=plan, now=NOW)
    with pytest.raises(UnknownParameters):
        filled_layout(requester=karim, layout_id=project.public_id, parameters=[("image", "x")])
    with pytest.raises(MissingParameters):
        filled_layout(requester=karim, layout_id=project.public_id, parameters=[])
    filled = filled_layout(requester=karim, layout_id=project.public_id, parameters=[("text", "x")])
    assert filled.question.content == '<p>x</p><input name="word">'
