"""Seals over the transfers, days over the seals, and up to where everything has come to rest."""

from pathlib import Path

from django.db import migrations, models

TABLES = """
create table ledger_settled (
    only_one boolean primary key default true check (only_one),
    settled_to bigint not null default 0,
    seen_id bigint not null default 0,
    waits_for text[] not null default '{}'
);
insert into ledger_settled default values;

create table ledger_seal (
    id bigint primary key,
    to_transfer bigint not null unique,
    entries bigint not null check (entries > 0),
    leaves bytea not null check (length(leaves) = entries * 32),
    root bytea not null check (length(root) = 32),
    previous bytea not null unique check (length(previous) = 32),
    hash bytea not null unique check (length(hash) = 32),
    sealed_at timestamptz not null
);
alter table ledger_seal alter leaves set storage external;  -- hashes cannot be compressed

create table ledger_day (
    day date primary key,
    first_seal bigint not null unique references ledger_seal,
    last_seal bigint not null unique references ledger_seal,
    root bytea not null check (length(root) = 32),
    previous bytea not null unique check (length(previous) = 32),
    hash bytea not null unique check (length(hash) = 32),
    key text not null,
    signature bytea not null,
    signed_at timestamptz not null,
    check (first_seal <= last_seal)
);

create trigger seal_kept before update or delete on ledger_seal
    for each statement execute function ledger_refuse();
create trigger seal_kept_whole before truncate on ledger_seal
    for each statement execute function ledger_refuse();
create trigger day_kept before update or delete on ledger_day
    for each statement execute function ledger_refuse();
create trigger day_kept_whole before truncate on ledger_day
    for each statement execute function ledger_refuse();
"""
UNDO = "drop table ledger_day, ledger_seal, ledger_settled;"
STATE = [
    migrations.CreateModel(
        name="Seal",
        fields=[
            ("id", models.BigIntegerField(primary_key=True, serialize=False)),
            ("to_transfer", models.BigIntegerField(unique=True)),
            ("entries", models.BigIntegerField()),
            ("leaves", models.BinaryField()),
            ("root", models.BinaryField()),
            ("previous", models.BinaryField(unique=True)),
            ("hash", models.BinaryField(unique=True)),
            ("sealed_at", models.DateTimeField()),
        ],
    ),
    migrations.CreateModel(
        name="Day",
        fields=[
            ("day", models.DateField(primary_key=True, serialize=False)),
            ("first_seal", models.BigIntegerField(unique=True)),
            ("last_seal", models.BigIntegerField(unique=True)),
            ("root", models.BinaryField()),
            ("previous", models.BinaryField(unique=True)),
            ("hash", models.BinaryField(unique=True)),
            ("key", models.TextField()),
            ("signature", models.BinaryField()),
            ("signed_at", models.DateTimeField()),
        ],
    ),
]


class Migration(migrations.Migration):
    dependencies = [("ledger", "0003_functions")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(TABLES, UNDO)], state_operations=STATE
        ),
        migrations.RunSQL(
            (Path(__file__).parent / "seals.sql").read_text(),
            "drop function ledger_settle, ledger_writing, ledger_leaf;",
        ),
    ]
