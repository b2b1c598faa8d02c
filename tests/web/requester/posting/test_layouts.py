"""What a project's page says to programs: its layout ID, its parameters, a program that runs."""

from __future__ import annotations

import pytest

from tests import cast, make
from tests.make import NOW
from tests.web.joining import signed_in
from tukro.campaigns.actions.projects import archive_project
from tukro.campaigns.models import Project

pytestmark = pytest.mark.django_db

HEADING = "Use from a program"


def page_of(project: Project) -> str:
    answer = signed_in(project.requester.user).get(f"/requester/projects/{project.public_id}")
    return " ".join(answer.content.decode().split())


def test_a_page_project_shows_its_layout_id_and_its_parameters() -> None:
    page = page_of(make.project(of=cast.karim(), template='<p>${ছবি} ${text}</p><input name="a">'))
    layout = Project.objects.get().public_id
    section = page[page.index(HEADING) :]
    assert f'<dt>Layout ID</dt><dd><code translate="no">{layout}</code>' in section
    assert '<code translate="no">ছবি</code><code translate="no">text</code>' in section
    assert f"HITLayoutId=&#x27;{layout}&#x27;" in section
    assert "&quot;Name&quot;: &#x27;ছবি&#x27;" in section


def test_a_project_without_variables_has_no_parameters() -> None:
    page = page_of(make.project(of=cast.karim(), template='<p>Hi</p><input name="a">'))
    section = page[page.index(HEADING) :]
    assert '<dt>Parameters</dt><dd class="cluster"><span class="muted">none</span></dd>' in section
    assert "HITLayoutParameters" not in section


def test_a_title_of_quotes_and_braces_stays_a_title() -> None:
    title = 'Say "{hi}"\\ it\'s'
    answer = signed_in((project := make.project(of=cast.karim(), title=title)).requester.user).get(
        f"/requester/projects/{project.public_id}"
    )
    assert f"    Title={title!r},\n" in answer.context["python"]


def test_proof_forms_and_what_was_put_away_are_no_layouts() -> None:
    karim = cast.karim()
    proof = make.project(of=karim, kind="proof", instructions="x", proof=[{"kind": "text", "label": "Name"}])
    assert HEADING not in page_of(proof)
    away = make.project(of=karim)
    archive_project(requester=karim, project_id=away.public_id, now=NOW)
    away.refresh_from_db()
    assert HEADING not in page_of(away)
