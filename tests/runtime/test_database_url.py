"""The address of a database as Django's settings."""

from __future__ import annotations

from tukro.runtime.database_url import database_from_url


def test_the_parts_of_an_address_are_told_apart() -> None:
    told = database_from_url("postgresql://karim:a%40b@db.example.org:5433/market?sslmode=require")
    assert (told["USER"], told["PASSWORD"], told["HOST"], told["PORT"], told["NAME"]) == (
        "karim",
        "a@b",
        "db.example.org",
        "5433",
        "market",
    )
    assert told["OPTIONS"] == {"sslmode": "require", "server_side_binding": True, "prepare_threshold": 2}


def test_a_socket_folder_is_a_host() -> None:
    assert database_from_url("postgresql://tukro@/tukro?host=/run/pg")["HOST"] == "/run/pg"


def test_statements_need_not_be_prepared() -> None:
    told = database_from_url("postgresql://tukro@127.0.0.1/tukro?prepare=no")
    assert told["OPTIONS"]["prepare_threshold"] is None
