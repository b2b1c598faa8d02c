"""A page project as a layout of the wire: what a program must say to publish it (mturk-api 9)."""

from __future__ import annotations

from tukro.campaigns.models import Project, ProjectKind

_SNIPPET = """\
import boto3

mturk = boto3.client("mturk")
hit = mturk.create_hit(
    Title={title!r},
    Description={description!r},
    Keywords={keywords!r},
    Reward={reward!r},
    MaxAssignments={places},
    AssignmentDurationInSeconds={duration},
    LifetimeInSeconds={lifetime},
    AutoApprovalDelayInSeconds={approval},
    HITLayoutId={layout!r},{parameters}
)["HIT"]
print(hit["HITId"])"""


def python_lines(project: Project, names: tuple[str, ...]) -> str:
    """A program that publishes one task of the project; '' for a project that is no layout.

    ``names`` are the parameters of the page.
    """
    if project.kind != ProjectKind.TEMPLATE or project.archived_at is not None:
        return ""
    given = "".join(f'        {{"Name": {name!r}, "Value": "…"}},\n' for name in names)
    return _SNIPPET.format(
        title=project.title,
        description=project.description,
        keywords=project.keywords,
        reward=str(project.reward),
        places=project.places,
        duration=project.duration_seconds,
        lifetime=project.lifetime_seconds,
        approval=project.auto_approve_seconds,
        layout=project.public_id,
        parameters=f"\n    HITLayoutParameters=[\n{given}    ]," if given else "",
    )
