"""All of a batch is approved as far as its requester has seen it: the function that took whatever waited goes."""

from django.db import migrations

OLD = "drop function if exists work_approve_batch(bigint, text, timestamptz, int)"


class Migration(migrations.Migration):
    dependencies = [("work", "0040_overturned_rejections")]

    operations = [migrations.RunSQL(OLD, migrations.RunSQL.noop)]
