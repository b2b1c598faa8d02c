"""The kinds of work and the house's first policy for each; staff change the policy later."""

from django.db import migrations

POLICIES = {
    "open": (
        "survey",
        "data_entry",
        "web_research",
        "transcription",
        "writing",
        "voice",
        "find_information",
        "verify_information",
        "image",
        "translation",
        "sentiment",
        "content_rating",
        "usability_test",
        "other",
    ),
    "moderated": ("sign_up", "visit", "social", "app_install"),
    # Paid likes, follows, votes, reviews and accounts for others; passwords, one-time codes, identity papers.
    "refused": ("fake_engagement", "credentials"),
}


def seed(apps, _schema_editor):
    category = apps.get_model("work", "Category")
    rows = [(code, policy) for policy, codes in POLICIES.items() for code in codes]
    category.objects.bulk_create(
        category(code=code, policy=policy, position=no) for no, (code, policy) in enumerate(rows, 1)
    )


class Migration(migrations.Migration):
    dependencies = [("work", "0001_tables")]

    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
