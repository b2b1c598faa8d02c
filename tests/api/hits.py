"""What tests of HITs say again and again: the least of a request, and workers who do what is on offer."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests import make
from tests.api.conftest import MTurkClient
from tukro.people.models import Worker
from tukro.work.actions.doing.assigning import accept_task, submit_assignment

HTML = make.HTML_QUESTION.format(
    body='<!DOCTYPE html><html><head><title>?</title></head><body><form action="/" method="post">'
    '<input name="digit"></form></body></html>',
    height=400,
)
EXTERNAL = (
    '<ExternalQuestion xmlns="http://mechanicalturk.amazonaws.com/AWSMechanicalTurkDataSchemas/2006-07-14/'
    'ExternalQuestion.xsd"><ExternalURL>https://example.org/study?a=1&amp;b=2</ExternalURL>'
    "<FrameHeight>600</FrameHeight></ExternalQuestion>"
)
FORM = (
    '<QuestionForm xmlns="http://mechanicalturk.amazonaws.com/AWSMechanicalTurkDataSchemas/2005-10-01/'
    'QuestionForm.xsd"><Question><QuestionIdentifier>digit</QuestionIdentifier><QuestionContent><Text>Which?'
    "</Text></QuestionContent><AnswerSpecification><FreeTextAnswer/></AnswerSpecification></Question>"
    "</QuestionForm>"
)

TYPE: dict[str, Any] = {
    "Title": "Which digit is this?",
    "Description": "Look at a small picture and say which digit it shows.",
    "Reward": "0.05",
    "AssignmentDurationInSeconds": 600,
}
HIT: dict[str, Any] = {**TYPE, "LifetimeInSeconds": 3600, "Question": HTML}


def create(client: MTurkClient, **given: Any) -> dict[str, Any]:
    """A HIT as the answer shows it; ``None`` leaves a usual member out."""
    members = {name: value for name, value in (HIT | given).items() if value is not None}
    made: dict[str, Any] = client.create_hit(**members)["HIT"]
    return made


def get(client: MTurkClient, hit_id: str) -> dict[str, Any]:
    found: dict[str, Any] = client.get_hit(HITId=hit_id)["HIT"]
    return found


def accepted(hit_id: str, by: Worker | None = None) -> tuple[Worker, str]:
    who = by or make.worker()
    return who, accept_task(worker=who, task_id=hit_id, now=datetime.now(UTC)).assignment_id


def submitted(hit_id: str, by: Worker | None = None) -> str:
    who, assignment_id = accepted(hit_id, by)
    fields = [("digit", "7")]
    submit_assignment(worker=who, assignment_id=assignment_id, fields=fields, now=datetime.now(UTC))
    return assignment_id


def refused(act: Any, **given: Any) -> dict[str, Any]:
    """What a client gets when the operation says no; ``code`` is the kind of error."""
    with pytest.raises(ClientError) as caught:
        act(**given)
    response = caught.value.response
    return {
        "kind": response["Error"]["Code"],
        "code": str(response.get("TurkErrorCode", "")).removeprefix("AWS.MechanicalTurk."),
        "message": response["Error"]["Message"],
    }
