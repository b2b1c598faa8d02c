"""Layouts: a requester's page projects, as the wire names and fills them (mturk-api 9).

A layout is not a thing of its own: its id is the project's, its parameters are the page's ``${variables}``.
"""

from __future__ import annotations

from collections.abc import Iterable

from tukro.campaigns.models import Project, ProjectKind
from tukro.kernel.errors import NotFound
from tukro.kernel.ids import looks_like_id
from tukro.people.models import Requester
from tukro.questions.layout import Merged, merge


def layout_of(requester: Requester, layout_id: str) -> Project:
    """The requester's own page project that this id names. Raises NotFound; put away counts as absent."""
    found = looks_like_id(layout_id) and (
        Project.objects.filter(
            requester=requester,
            public_id=layout_id,
            kind=ProjectKind.TEMPLATE,
            archived_at__isnull=True,
        ).first()
    )
    if not found:
        raise NotFound(layout_id=layout_id)
    return found


def filled_layout(*, requester: Requester, layout_id: str, parameters: Iterable[tuple[str, str]]) -> Merged:
    """The question that the layout makes of these values, and its XML.

    Raises NotFound, and what ``questions.layout.merge`` raises. Later changes of the project do not reach
    what was made of it.
    """
    layout = layout_of(requester, layout_id)
    return merge(layout.template, parameters, frame_height=layout.frame_height)
