"""The embedded PostgreSQL: it comes up, goes down, and comes back after every kind of death."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tukro.runtime.faults import CannotRun
from tukro.runtime.postgres import AlreadyOwned, Cluster
from tukro.runtime.processes import is_running, wait_until


@pytest.fixture
def home(tmp_path: Path) -> Path:
    # As closed as root's own home: the server's user cannot walk through it.
    tmp_path.chmod(0o700)
    return tmp_path


@pytest.fixture
def cluster(home: Path) -> Iterator[Cluster]:
    cluster = _cluster(home)
    yield cluster
    cluster.stop()


def _cluster(home: Path) -> Cluster:
    return Cluster(home / "pg", secrets=home / "secrets", durable=False)


def _ask(cluster: Cluster, question: str) -> object:
    with psycopg.connect(cluster.url) as db:
        [answer] = db.execute(question.encode()).fetchone() or [None]
    return answer


def test_it_starts_and_the_application_owns_its_database_and_no_more(cluster: Cluster) -> None:
    cluster.start()
    assert _ask(cluster, "select current_user || ' in ' || current_database()") == "tukro in tukro"
    assert _ask(cluster, "select rolsuper from pg_roles where rolname = current_user") is False


def test_its_processes_push_nobody_off_the_processor(cluster: Cluster) -> None:
    cluster.start()
    assert cluster.pid is not None
    with psycopg.connect(cluster.url) as db:
        processes = cluster.pid, db.info.backend_pid
        assert [os.sched_getscheduler(each) for each in processes] == 2 * [os.SCHED_BATCH]


def test_it_asks_for_the_password(cluster: Cluster) -> None:
    cluster.start()
    wrong = cluster.url.replace("postgresql://tukro:", "postgresql://tukro:not")
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(wrong)


def test_the_application_comes_by_the_socket_unless_its_path_is_too_long(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    cluster.start()
    assert _ask(cluster, "select host(inet_server_addr())") is None
    monkeypatch.setattr("tukro.runtime.postgres._LONGEST_SOCKET", 10)
    assert _ask(cluster, "select host(inet_server_addr())") == "127.0.0.1"


def test_data_and_secrets_are_closed_to_others(cluster: Cluster, home: Path) -> None:
    cluster.start()
    modes = {path: stat.S_IMODE(path.stat().st_mode) for path in (home / "secrets").iterdir()}
    assert set(modes.values()) == {0o600}
    assert stat.S_IMODE((home / "pg" / "cluster" / "data").stat().st_mode) == 0o700


def test_a_commit_is_durable_by_default(home: Path) -> None:
    cluster = Cluster(home / "pg", secrets=home / "secrets")
    cluster.start()
    try:
        assert (
            _ask(cluster, "select current_setting('fsync') || current_setting('synchronous_commit')")
            == "onon"
        )
    finally:
        cluster.stop()


def test_stopped_means_stopped_and_the_data_stays(cluster: Cluster) -> None:
    cluster.start()
    _keep_seven(cluster)
    pid = cluster.pid
    assert pid is not None
    cluster.stop()
    assert not is_running(pid)
    cluster.start()
    assert _ask(cluster, "select n from kept") == 7


def test_a_killed_server_is_started_again_on_the_same_port(cluster: Cluster) -> None:
    cluster.start()
    _keep_seven(cluster)
    before = cluster.url
    assert cluster.pid is not None
    os.kill(cluster.pid, signal.SIGKILL)
    assert wait_until(lambda: not cluster.is_up(), seconds=5)
    cluster.restart()
    assert cluster.url == before
    assert _ask(cluster, "select n from kept") == 7


def test_a_server_that_died_uncollected_does_not_count_as_alive(cluster: Cluster, home: Path) -> None:
    cluster.start()
    _keep_seven(cluster)
    assert cluster.pid is not None
    zombie = subprocess.Popen([sys.executable, "-c", "pass"])  # ended, never waited for
    assert wait_until(lambda: not is_running(zombie.pid), seconds=10)
    cluster.stop()
    pid_file = home / "pg" / "cluster" / "data" / "postmaster.pid"
    pid_file.write_text(f"{zombie.pid}\n/nowhere\n0\n0\n\n127.0.0.1\n0 0\nready\n")
    cluster.start()
    zombie.wait()
    assert _ask(cluster, "select n from kept") == 7


def test_the_server_ends_with_its_owner_and_the_next_start_recovers(cluster: Cluster, home: Path) -> None:
    script = (
        "import sys, time; from pathlib import Path; from tukro.runtime.postgres import Cluster\n"
        "home = Path(sys.argv[1]); c = Cluster(home / 'pg', secrets=home / 'secrets', durable=False)\n"
        "c.start(); print(c.pid, flush=True); time.sleep(60)"
    )
    owner = subprocess.Popen([sys.executable, "-c", script, str(home)], stdout=subprocess.PIPE, text=True)
    assert owner.stdout is not None
    server = int(owner.stdout.readline())
    with pytest.raises(AlreadyOwned):
        cluster.start()
    owner.kill()
    owner.communicate()
    cluster.start()  # without waiting: the old one may still be on its way out
    assert not is_running(server)
    assert _ask(cluster, "select 1") == 1


def test_others_borrow_a_running_server_and_its_owner_waits_for_them(cluster: Cluster, home: Path) -> None:
    cluster.start()
    guest = _cluster(home)
    assert guest.borrow()
    assert _ask(guest, "select 1") == 1
    assert not cluster.wait_for_borrowers(seconds=0.2)
    guest.stop()
    assert cluster.wait_for_borrowers(seconds=0.2)


def test_an_interrupted_creation_is_begun_anew(cluster: Cluster, home: Path) -> None:
    half = home / "pg" / "cluster" / "data.new"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")
    cluster.start()
    assert _ask(cluster, "select 1") == 1
    assert not half.exists()


def test_data_of_another_version_is_refused_with_advice(cluster: Cluster, home: Path) -> None:
    data = home / "pg" / "cluster" / "data"
    data.mkdir(parents=True)
    (data / "PG_VERSION").write_text("17\n")
    with pytest.raises(CannotRun, match="of PostgreSQL 17; this Tukro carries PostgreSQL 18") as fault:
        cluster.start()
    assert "upgrade.md" in fault.value.mend


def test_lost_secrets_are_named_at_once(cluster: Cluster, home: Path) -> None:
    cluster.start()
    cluster.stop()
    for secret in (home / "secrets").iterdir():
        secret.write_text("another\n")
    with pytest.raises(CannotRun, match="are not those of the data"):
        cluster.start()
    for secret in (home / "secrets").iterdir():
        secret.unlink()
    with pytest.raises(CannotRun, match="are not those of the data"):
        cluster.start()


def test_a_server_that_cannot_start_says_at_once_what_mends_it(cluster: Cluster, home: Path) -> None:
    cluster.start()
    cluster.stop()
    data = home / "pg" / "cluster" / "data"
    data.chmod(0o755)
    with pytest.raises(CannotRun) as open_to_all:
        cluster.start()
    data.chmod(0o700)
    (data / "global" / "pg_control").unlink()
    with pytest.raises(CannotRun) as damaged:
        cluster.start()
    assert open_to_all.value.mend == f"chmod 700 {data}"
    assert damaged.value.mend.startswith("Files of the database are damaged or missing.")


def _keep_seven(cluster: Cluster) -> None:
    with psycopg.connect(cluster.url) as db:
        db.execute("create table kept (n int)")
        db.execute("insert into kept values (7)")
