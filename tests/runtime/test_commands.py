"""The command line: what it answers, and how it refuses."""

from __future__ import annotations

import json
import os
from pathlib import Path

import psycopg
import pytest
from django.db import OperationalError
from pytest_django import Settings

from tests.house import copy_house
from tests.runtime.market import Market
from tukro.cli import ground
from tukro.cli.commands import doctor
from tukro.cli.main import COMMANDS, main
from tukro.runtime.faults import CannotRun
from tukro.runtime.postgres import Cluster


@pytest.fixture(scope="module")
def market(tmp_path_factory: pytest.TempPathFactory) -> Market:
    return Market(copy_house(tmp_path_factory.mktemp("commands") / "var"))


def test_a_requester_is_created_with_keys_and_money(market: Market) -> None:
    made = market.run("requester", "create", "--email", "Karim@Example.org", "--deposit", "1000.00", "--json")
    answer = json.loads(made.stdout)
    assert sorted(answer) == ["access_key_id", "email", "password", "requester_id", "secret_access_key"]
    assert (answer["email"], answer["requester_id"][0], answer["access_key_id"][:4]) == (
        "karim@example.org",
        "A",
        "AKIA",
    )


def test_a_refused_deposit_leaves_no_requester(market: Market) -> None:
    words = ["requester", "create", "--email", "half@example.org", "--json"]
    refused = market.run(*words, "--deposit", "-5")
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "The amount must be more than nothing. (AmountNotPositive" in refused.stderr
    assert market.run(*words).returncode == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["worker", "create", "--email", "nobody", "--country", "BD"], "not an e-mail address"),
        (
            ["worker", "create", "--email", f"{'a' * 250}@example.org", "--country", "BD"],
            "is longer than 254",
        ),
        (["worker", "create", "--email", "a@example.org", "--country", "ZZ"], "not a country's code"),
        (["jobs", "--threads", "0"], "not a whole number from 1"),
        (["web", "--port", "99999"], "not a whole number from 1 to 65535"),
        (["news", "--every", "0"], "not a number of seconds"),
        (["requester", "create", "--email", "a@example.org", "--deposit", "lots"], "write it in numbers"),
        (["requester", "create", "--email", "a@example.org", "--name", "n" * 121], "is longer than 120"),
        (["nonsense"], "invalid choice"),
    ],
)
def test_wrong_words_are_named(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    words: list[str],
    said: str,
) -> None:
    monkeypatch.setenv("TUKRO_DATA", str(tmp_path / "var"))
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == 2
    assert said in capsys.readouterr().err


def test_bytes_that_are_no_text_are_refused_before_anything_is_made(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TUKRO_DATA", str(tmp_path / "var"))
    words = ["worker", "create", "--email", "a@example.org", "--country", "BD"]
    assert main([*words, "--password", os.fsdecode(b"p\xff")]) == 1
    assert "'p\\udcff' is not written in UTF-8.\n  Mend: " in capsys.readouterr().err
    assert not (tmp_path / "var").exists()


def test_staff_are_created(market: Market) -> None:
    made = market.run("staff", "create", "--email", "shirin@example.org", "--json")
    assert json.loads(made.stdout)["email"] == "shirin@example.org"


def test_doctor_finds_no_fault_in_a_good_house(market: Market) -> None:
    checked = market.run("doctor")
    assert (checked.returncode, "FAULT" in checked.stdout) == (0, False), checked.stdout


def test_doctor_names_a_fault_and_its_mend(market: Market) -> None:
    (market.data / "secrets" / "secret_key").chmod(0o644)
    checked = market.run("doctor")
    (market.data / "secrets" / "secret_key").chmod(0o600)
    assert checked.returncode == 1
    assert "FAULT other users can read secrets: secret_key\n      mend: chmod" in checked.stdout


def test_doctor_names_a_folder_in_which_no_data_can_be_made(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    settings.DATA = tmp_path / "not" / "there"
    monkeypatch.setattr(os, "access", lambda *_: False)  # root may write everywhere
    [finding] = doctor._data_directory()
    assert (finding.what, finding.mend) == (
        f"{settings.DATA} cannot be made: {tmp_path} cannot be written",
        "set TUKRO_DATA to another folder",
    )


@pytest.mark.parametrize(
    ("task_url", "mend"),
    [
        (
            "http://{label}.localhost:8080",  # what it is when nobody set it
            "set TUKRO_TASK_URL to an address that begins with https://: docs/operate/running.md",
        ),
        ("https://{label}.tasks.example.net", ""),
    ],
)
def test_doctor_names_task_pages_that_a_site_in_public_cannot_show(
    settings: Settings, task_url: str, mend: str
) -> None:
    settings.SITE_URL, settings.SITE_IS_HTTPS, settings.TASK_URL = "https://work.example.org", True, task_url
    assert next(doctor._names()).mend == mend


def test_tables_that_are_missing_are_made_where_they_are_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ground, "waiting_tables", lambda: 3)
    with pytest.raises(CannotRun) as refused:
        ground.refuse_waiting_tables()
    assert "tukro --sandbox migrate" in refused.value.mend  # the live market's own would not mend it


def test_a_wrong_setting_is_a_sentence(tmp_path: Path) -> None:
    market = Market(tmp_path / "var")
    market.port = 0
    refused = market.run("doctor")
    assert refused.returncode == 1
    assert "TUKRO_PORT must be a whole number from 1 to 65535, not '0'." in refused.stderr


def test_a_server_of_ones_own_is_read_as_written_or_refused_in_a_sentence(market: Market) -> None:
    cluster = Cluster(market.data / "pg", secrets=market.data / "secrets")
    cluster.start()
    try:
        tables_here = cluster.url.partition("?")[0].replace("@:", "@127.0.0.1:")
        proved = market.run("ledger", "prove", database=f"{tables_here}?prepare=no")
        no_tables = market.run(
            "ledger", "prove", database=cluster.overlord_url.replace("/tukro", "/postgres")
        )
        unknown = market.run("ledger", "prove", database=f"{tables_here}?nonsense=1")
    finally:
        cluster.stop()
    no_address = market.run("doctor", database="mysql://karim:secret@db/market")
    assert (proved.returncode, proved.stdout) == (0, "Every proof holds.\n"), proved.stderr
    assert "The tables of this database are missing or old" in no_tables.stderr
    assert "Mend: tukro migrate" in no_tables.stderr
    assert "does not let us in: invalid URI query parameter" in unknown.stderr
    assert "TUKRO_DATABASE_URL must be an address like postgresql://" in no_address.stderr
    assert not any("Traceback" in run.stderr for run in (no_tables, unknown, no_address))
    assert "secret" not in no_address.stderr


@pytest.mark.parametrize(("flags", "there"), [((), "var"), (("--sandbox",), "var/sandbox")])
def test_where_no_market_was_started_a_command_says_so_and_makes_no_database(
    tmp_path: Path, flags: tuple[str, ...], there: str
) -> None:
    nowhere = Market(tmp_path / "var")
    refused = nowhere.run(*flags, "staff", "create", "--email", "shirin@example.org")
    assert (refused.returncode, refused.stdout) == (1, "")
    assert f"There is no database in {tmp_path / there} yet.\n  Mend: Start the market" in refused.stderr
    assert not (tmp_path / there / "pg").exists()


def test_help_and_files_need_no_market(tmp_path: Path) -> None:
    nowhere = Market(tmp_path / "var")
    assert nowhere.run("worker", "create", "--help").returncode == 0
    assert not nowhere.data.exists()
    file = tmp_path / "proof.json"
    file.write_text("{}")
    assert "DOES NOT HOLD" in nowhere.run("ledger", "verify", str(file)).stdout
    assert not (nowhere.data / "pg").exists()


def test_a_file_that_cannot_be_written_is_named(market: Market) -> None:
    refused = market.run("demo", "--export-digits", "/dev/null")
    assert (refused.returncode, refused.stderr.startswith("tukro: /dev/null: File exists.\n")) == (1, True)


def test_a_database_that_goes_away_is_a_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def goes_away(_: object) -> int:
        raise OperationalError("No space left on device")

    monkeypatch.setattr("tukro.cli.commands.record.run", goes_away)
    assert main(["record", "verify", "any"]) == 1
    said = capsys.readouterr().err
    assert said.startswith("tukro: The database does not do what is asked: No space left on device\n  Mend: ")


@pytest.mark.parametrize("command", [command.name for command in COMMANDS])
def test_every_command_explains_itself(capsys: pytest.CaptureFixture[str], command: str) -> None:
    with pytest.raises(SystemExit) as ended:
        main([command, "--help"])
    assert not ended.value.code
    assert capsys.readouterr().out.startswith(f"usage: tukro {command}")


def test_the_books_are_read_as_of_a_moment_and_written_out(market: Market) -> None:
    made = market.run("requester", "create", "--email", "reads@example.org", "--deposit", "12.50", "--json")
    account = f"requester_available:{json.loads(made.stdout)['requester_id']}"
    shown = market.run("ledger", "statement", account)
    assert shown.returncode == 0, shown.stderr
    assert "12.500000" in shown.stdout
    assert f"{account} as of" in shown.stdout
    before = market.run("ledger", "statement", account, "--as-of", "2020-01-01", "--csv")
    assert before.stdout.split() == ["at,transfer,kind,subject,amount,balance"]
    for form in ("hledger", "beancount"):
        assert "12.500000 USD" in market.run("ledger", "export", "--format", form).stdout
    unknown = market.run("ledger", "statement", "requester_available:NOBODY")
    assert unknown.returncode == 1
    assert "NOBODY" in unknown.stderr
    unread = market.run("ledger", "statement", account, "--as-of", "yesterday")
    assert (unread.returncode, "not a moment: yesterday" in unread.stderr) == (2, True)


def test_staff_make_good_with_a_reason_and_take_it_back(market: Market) -> None:
    made = market.run("requester", "create", "--email", "good@example.org", "--json")
    person = json.loads(made.stdout)["requester_id"]
    market.run("staff", "create", "--email", "nila@example.org", "--json")
    why = ["--reason", "lost task", "--by", "nila@example.org"]
    done = market.run("ledger", "correct", f"requester:{person}", "5.00", *why)
    assert done.returncode == 0, done.stderr
    correction = done.stdout.split()[1].rstrip(":")
    assert market.run("ledger", "reverse", correction, *why).returncode == 0
    shown = market.run("ledger", "statement", f"requester_available:{person}").stdout
    assert [line.split()[-1] for line in shown.splitlines()[:2]] == ["5.000000", "0.000000"]
    for wrong in (["worker:nobody", "5.00"], [f"requester:{person}", "lots"], [f"requester:{person}", "0"]):
        assert market.run("ledger", "correct", *wrong, *why).returncode == 1


def test_a_proof_of_an_account_is_written_and_checked(market: Market, tmp_path: Path) -> None:
    made = market.run("requester", "create", "--email", "proves@example.org", "--deposit", "3", "--json")
    account = f"requester_available:{json.loads(made.stdout)['requester_id']}"
    file = tmp_path / "proof.json"
    assert "0 entries proved; 1 wait" in market.run("ledger", "proof", account, "--out", str(file)).stdout
    checked = market.run("ledger", "verify", str(file))
    assert checked.returncode == 0, checked.stderr
    assert "HOLDS: 0 entries" in checked.stdout
    file.write_text("{}")
    refused = market.run("ledger", "verify", str(file))
    assert (refused.returncode, refused.stdout) == (1, "DOES NOT HOLD: this is no proof of the ledger.\n")


def test_the_ledger_is_proved_and_a_broken_one_is_shown(market: Market) -> None:
    market.run("requester", "create", "--email", "books@example.org", "--deposit", "10", "--json")
    proved = market.run("ledger", "prove", "--json")
    assert (proved.returncode, json.loads(proved.stdout)) == (0, {"holds": True, "faults": []})

    cluster = Cluster(market.data / "pg", secrets=market.data / "secrets")
    cluster.start()
    with psycopg.connect(cluster.overlord_url) as db:
        db.execute("set session_replication_role = replica")  # past the guards, as only a superuser can
        db.execute("update ledger_entry set amount = amount + 1 where amount > 0")
    cluster.stop()

    broken = market.run("ledger", "prove", "--json")
    faults = json.loads(broken.stdout)["faults"]
    assert broken.returncode == 1
    assert "I1 every transfer sums to zero in every currency" in [fault["proof"] for fault in faults]
    assert all(fault["rows"] for fault in faults)


def test_who_reads_enough_and_closes_the_pipe_sees_no_traceback(market: Market) -> None:
    reads, writes = os.pipe()
    os.close(reads)
    cut = market.run("ledger", "export", "--format", "hledger", out=writes)
    os.close(writes)
    assert (cut.returncode, cut.stderr) == (1, "")
