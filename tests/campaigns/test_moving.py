"""Files of Mechanical Turk's web site become projects, qualification types and a list of former workers."""

from __future__ import annotations

import argparse
import io
from pathlib import Path

import pytest

from tests import cast
from tests.make import NOW
from tukro.campaigns.actions.moving import Luggage, move_in
from tukro.campaigns.actions.projects import BadPlan
from tukro.campaigns.models import Project
from tukro.campaigns.rules.faults import Unreadable
from tukro.campaigns.rules.former_files import Known, read_results, read_workers, together
from tukro.cli.commands import moving
from tukro.kernel.money import Money
from tukro.qualifications.models import FormerWorker, QualificationType
from tukro.runtime.faults import CannotRun

RESULTS = (
    '"HITId","HITTypeId","Title","Description","Keywords","Reward","CreationTime","MaxAssignments",'
    '"RequesterAnnotation","AssignmentDurationInSeconds","AutoApprovalDelayInSeconds","Expiration",'
    '"NumberOfSimilarHITs","LifetimeInSeconds","AssignmentId","WorkerId","AssignmentStatus","Input.image",'
    '"Answer.label","Approve","Reject"\n'
    '"3AAA","3TTT","Name the animal","Look and say, ""quickly""","animals, pictures","$0.07",'
    '"Tue Mar 03 09:00:00 PST 2026","3","BatchId:1;","600","259200","Tue Mar 10 09:00:00 PST 2026","","",'
    '"3BBB","A1AAAAAAAAAAAA","Approved","a.png","বিড়াল","x",""\n'
    '"3AAA","3TTT","Name the animal","Look and say, ""quickly""","animals, pictures","$0.07",'
    '"Tue Mar 03 09:00:00 PST 2026","3","BatchId:1;","600","259200","Tue Mar 10 09:00:00 PST 2026","","",'
    '"3CCC","A2BBBBBBBBBBBB","Rejected","a.png","dog","","no"\n'
)
WORKERS = (
    '"Worker ID","Number of HITs approved or rejected - Lifetime","Number of HITs approved - Lifetime",'
    '"CURRENT-Reads Bengali","UPDATE-Reads Bengali","CURRENT BlockStatus",'
    '"UPDATE BlockStatus","BlockReason"\n'
    '"A1AAAAAAAAAAAA","40","38","90","","Never Blocked","",""\n'
    '"A2BBBBBBBBBBBB","5","0","55","Revoke","Blocked","","Copied"\n'
    '"A3CCCCCCCCCCCC","9","9","70","100","","Unblock",""\n'
)
PAGE = '<form><p>${image}</p><input name="label"><button>Submit</button></form>'


def file(text: str) -> io.BytesIO:
    return io.BytesIO(text.encode())


def test_the_workers_file_is_read_with_what_it_wants_changed() -> None:
    assert read_workers(file(WORKERS)) == [
        Known("A1AAAAAAAAAAAA", {"Reads Bengali": 90}, "", 38, 2),
        Known("A2BBBBBBBBBBBB", {}, "Copied", 0, 5),
        Known("A3CCCCCCCCCCCC", {"Reads Bengali": 100}, "", 9, 0),
    ]


def test_block_columns_may_be_joined_by_a_hyphen() -> None:
    text = WORKERS.replace("CURRENT BlockStatus", "CURRENT-BlockStatus").replace(
        "UPDATE BlockStatus", "UPDATE-BlockStatus"
    )
    assert read_workers(file(text)) == read_workers(file(WORKERS))


def test_results_tell_the_terms_and_who_worked() -> None:
    read = read_results(file(RESULTS))
    assert (read.terms.title, read.terms.reward, read.terms.places) == (
        "Name the animal",
        Money.parse("0.07"),
        3,
    )
    assert (read.terms.duration_seconds, read.terms.lifetime_seconds) == (600, None)
    assert [(one.former_id, one.approved, one.rejected) for one in read.workers] == [
        ("A1AAAAAAAAAAAA", 1, 0),
        ("A2BBBBBBBBBBBB", 0, 1),
    ]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty_file"),
        ("a,b\n1,2\n", "missing_column"),
        (WORKERS.replace('"90"', '"good"'), "not_a_score"),
        (WORKERS.replace("A1AAAAAAAAAAAA", "Karim"), "not_a_worker_id"),
    ],
)
def test_another_file_is_refused_by_its_fault(text: str, code: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read_workers(file(text))
    assert [fault.code for fault in refused.value.faults] == [code]


def test_a_batch_may_have_as_many_answers_as_it_likes() -> None:
    many = [f"Answer.{'very.' * 30}{no}" for no in range(300)] + ["", "Answer.x", "Answer.x"]
    head, row, _ = RESULTS.split("\n", 2)
    text = f"{head},{','.join(many)}\r\n{row},{',' * (len(many) - 1)}\r\n"
    assert [one.former_id for one in read_results(io.BytesIO(text.encode("utf-8-sig"))).workers] == [
        "A1AAAAAAAAAAAA"
    ]


@pytest.mark.django_db
def test_all_of_it_moves_in_together() -> None:
    karim = cast.karim()
    luggage = Luggage([file(RESULTS)], [file(WORKERS)], PAGE, "Animals")
    moved = move_in(requester=karim, luggage=luggage, now=NOW)
    project = Project.objects.get(public_id=moved.project_id)
    assert (project.name, project.title, project.reward, project.places) == (
        "Animals",
        "Name the animal",
        Money.parse("0.07"),
        3,
    )
    [kind] = QualificationType.objects.filter(requester=karim)
    assert moved.type_ids == {"Reads Bengali": kind.public_id}
    kept = FormerWorker.objects.filter(requester=karim).order_by("former_id")
    assert [(row.former_id, row.values, row.block_reason, row.approved, row.rejected) for row in kept] == [
        ("A1AAAAAAAAAAAA", {kind.public_id: 90}, "", 38, 2),
        ("A2BBBBBBBBBBBB", {}, "Copied", 0, 5),
        ("A3CCCCCCCCCCCC", {kind.public_id: 100}, "", 9, 0),
    ]


@pytest.mark.django_db
def test_the_same_again_makes_nothing_twice() -> None:
    karim = cast.karim()
    for _ in range(2):
        move_in(requester=karim, luggage=Luggage([file(RESULTS)], [file(WORKERS)]), now=NOW)
    assert (QualificationType.objects.filter(requester=karim).count(), FormerWorker.objects.count()) == (1, 3)


@pytest.mark.django_db
def test_a_bad_project_leaves_nothing_behind() -> None:
    karim = cast.karim()
    with pytest.raises(BadPlan):
        move_in(requester=karim, luggage=Luggage((), [file(WORKERS)], PAGE, ""), now=NOW)
    assert (QualificationType.objects.filter(requester=karim).count(), FormerWorker.objects.count()) == (0, 0)


def test_batches_add_up_and_what_waited_counts_neither_way() -> None:
    waiting = RESULTS.replace('"Approved"', '"Submitted"')
    lists = [read_results(file(text)).workers for text in (RESULTS, RESULTS, waiting)]
    counted = [(one.former_id, one.approved, one.rejected) for one in together(results=lists, workers=[])]
    assert counted == [("A1AAAAAAAAAAAA", 2, 0), ("A2BBBBBBBBBBBB", 0, 3)]
    [first, *_] = together(results=lists, workers=[read_workers(file(WORKERS))])
    assert (first.approved, first.rejected) == (38, 2)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("given", "text", "said"),
    [
        ("--workers", WORKERS.replace('"90"', '"good"'), "line 2, column Reads Bengali: “good” is no score."),
        ("--results", "WorkerId\n", "line 1: There is no column “AssignmentStatus”."),
        ("--project", PAGE.replace("<button>Submit</button>", ""), "has no submit button."),
        ("--project", PAGE.replace("${image}", "Your password?"), "The text says: password."),
    ],
)
def test_the_command_says_in_words_what_is_wrong(tmp_path: Path, given: str, text: str, said: str) -> None:
    brought = tmp_path / "file"
    brought.write_text(text)
    parser = argparse.ArgumentParser()
    moving.add_arguments(parser)
    options = parser.parse_args(["mturk", "--requester", cast.karim().user.email, given, str(brought)])
    with pytest.raises(CannotRun) as refused:
        moving.run(options)
    assert said in str(refused.value)
    assert given == "--project" or str(brought) in str(refused.value)
    assert (FormerWorker.objects.count(), Project.objects.count()) == (0, 0)
