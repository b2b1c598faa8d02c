"""Whether new work may ask for a set is asked where work is made, in the statement that looks at its type."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("qualifications", "0007_former_workers")]

    operations = [
        migrations.RunSQL("drop function if exists qualifications_set_fault(bigint)", migrations.RunSQL.noop)
    ]
