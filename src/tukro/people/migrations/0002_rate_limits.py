"""The table behind django.core.cache: counts for rate limits that all processes share.

Unlogged: losing the counts in a crash costs nothing, writing them to the log on every sign-in would.
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("people", "0001_tables")]

    operations = [
        migrations.RunSQL(
            """
            create unlogged table people_cache (
                cache_key varchar(255) primary key,
                value text not null,
                expires timestamptz not null
            );
            create index people_cache_expires on people_cache (expires);
            """,
            "drop table people_cache",
        )
    ]
