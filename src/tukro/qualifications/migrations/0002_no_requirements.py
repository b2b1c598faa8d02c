"""Set 1 asks nothing: task types without requirements share it, and everybody satisfies it."""

from django.db import migrations

from tukro.qualifications.rules import digest


def seed(apps, _schema_editor):
    apps.get_model("qualifications", "RequirementSet").objects.create(digest=digest([]), requirements=[])


class Migration(migrations.Migration):
    dependencies = [("qualifications", "0001_tables")]

    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
