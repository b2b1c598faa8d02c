"""The house's own types, with MTurk's ids (mturk-api 7.1), so that clients find what they know."""

from django.db import migrations
from django.utils import timezone

# Id, kind, name, description.
TYPES = (
    (
        "00000000000000000040",
        "computed",
        "Worker_NumberHITsApproved",
        "Tasks of all requesters that were handed in and approved.",
    ),
    (
        "000000000000000000L0",
        "computed",
        "Worker_PercentAssignmentsApproved",
        "Share of reviewed work that was approved; 100 until 100 were handed in.",
    ),
    (
        "00000000000000000071",
        "computed",
        "Worker_Locale",
        "Where the worker lives: a country, in the United States also a state.",
    ),
    (
        "00000000000000000000",
        "computed",
        "Worker_PercentAssignmentsSubmitted",
        "Share of taken work that was handed in.",
    ),
    (
        "00000000000000000070",
        "computed",
        "Worker_PercentAssignmentsAbandoned",
        "Share of taken work whose time ran out.",
    ),
    (
        "000000000000000000E0",
        "computed",
        "Worker_PercentAssignmentsReturned",
        "Share of taken work that was given back.",
    ),
    (
        "000000000000000000S0",
        "computed",
        "Worker_PercentAssignmentsRejected",
        "Share of work handed in that was rejected.",
    ),
    (
        "00000000000000000060",
        "declared",
        "Worker_Adult",
        "The worker is of age and takes work with adult content: 1 yes, 0 no.",
    ),
    (
        "2F1QJWKUDD8XADTFD2Q0G6UTO95ALH",
        "granted",
        "Masters",
        "Workers whom the house trusts to do excellent work.",
    ),
    (
        "2ARFPLSP75KLA8M8DH1HTEQVJT3SY6",
        "granted",
        "Masters (sandbox)",
        "The same in the sandbox, whose id differs.",
    ),
)


def seed(apps, _schema_editor):
    types = apps.get_model("qualifications", "QualificationType")
    types.objects.bulk_create(
        types(
            public_id=public_id,
            kind=kind,
            name=name,
            description=description,
            is_requestable=False,
            created_at=timezone.now(),
        )
        for public_id, kind, name, description in TYPES
    )


class Migration(migrations.Migration):
    dependencies = [("qualifications", "0005_judging")]

    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
