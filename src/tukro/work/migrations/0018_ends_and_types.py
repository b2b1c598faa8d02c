"""Full tasks do not expire; a task cannot be given a type that died; one look says whether a type may be used."""

from pathlib import Path

from django.db import migrations

HERE = Path(__file__).parent


class Migration(migrations.Migration):
    dependencies = [("work", "0017_appeals")]

    operations = [
        migrations.RunSQL(  # its answer has a fact more, which replacing alone may not do
            "drop function if exists work_retype(bigint, text, bigint, text, bigint, text, text, timestamptz)",
            migrations.RunSQL.noop,
        ),
        *(
            migrations.RunSQL((HERE / name).read_text(), migrations.RunSQL.noop)
            for name in ("closing.sql", "tasks.sql")
        ),
    ]
