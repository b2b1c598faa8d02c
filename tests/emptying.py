"""How the tables are emptied after a test that committed: past the guards that forbid it in earnest, and back
to the rows that migrations made.

To truncate 160 tables costs a third of a second, most of it for tables that nobody wrote to. So rows are
deleted, from the tables that have pages alone. Deleted rows leave their room behind: once a table has grown,
or has statistics of rows that are gone, all are truncated as new.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.apps import apps
from django.db import connection, transaction

_WITHOUT_MODEL = ("people_cache", "people_wire_seen", "people_wire_use", "money_held")
_GROWN_BYTES = 512 * 1024

_seeds: dict[str, str] = {}


def keep_seeds() -> None:
    """Keep the rows that migrations made in a schema of their own."""
    _seeds.clear()
    with connection.cursor() as cursor:
        cursor.execute("drop schema if exists test_seed cascade; create schema test_seed")
        for model in apps.get_models():
            table = model._meta.db_table
            if model._meta.managed and model._default_manager.exists():
                cursor.execute(f'create table test_seed."{table}" as table "{table}"')
                # What the database makes by itself is not given to it.
                columns = [f.column for f in model._meta.concrete_fields if not f.generated]
                _seeds[table] = ", ".join(f'"{column}"' for column in columns)


def empty_tables() -> None:
    """Back to what migrations made."""
    tables = [*connection.introspection.django_table_names(), *_WITHOUT_MODEL]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("select usesuper from pg_user where usename = current_user")
        (may_pass_guards,) = cursor.fetchone() or (False,)
        written, is_grown = _written(tables)
        if is_grown or not may_pass_guards:
            _truncate(tables)
        else:
            cursor.execute("set local session_replication_role = replica")  # neither guards nor foreign keys
            cursor.execute("; ".join(f'delete from "{table}"' for table in written) or "select")
        for table, columns in _seeds.items():
            cursor.execute(f'insert into "{table}" ({columns}) select {columns} from test_seed."{table}"')


def _written(tables: Sequence[str]) -> tuple[list[str], bool]:
    """The tables that have pages; whether one has many, or what it has was counted."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select relname, pg_relation_size(oid), reltuples from pg_class"
            " where relnamespace = 'public'::regnamespace and relname = any(%s)"
            " and pg_relation_size(oid) > 0",
            [list(tables)],
        )
        found = cursor.fetchall()
    return [name for name, _, _ in found], any(size > _GROWN_BYTES or rows > 0 for _, size, rows in found)


def _truncate(tables: Sequence[str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "select distinct tgrelid::regclass::text from pg_trigger"
            " where not tgisinternal and tgtype & 32 <> 0 and tgrelid::regclass::text = any(%s)",
            [list(tables)],
        )
        guarded = [name for (name,) in cursor.fetchall()]
        for table in guarded:
            cursor.execute(f"alter table {table} disable trigger user")
        cursor.execute(f"truncate {', '.join(connection.ops.quote_name(table) for table in tables)}")
        for table in guarded:
            cursor.execute(f"alter table {table} enable trigger user")
