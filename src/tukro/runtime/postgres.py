"""The embedded PostgreSQL: makes its data directory, starts it as a child, watches it, stops it.

The server listens on 127.0.0.1 and on a socket in a closed folder, asks for a scram password, belongs to an
unprivileged user, and ends when this process ends, however that happens. What lies where, below the folder
given to ``Cluster``:

    lock       held by the process that owns the server
    attached   held (shared) by processes that borrow the server from its owner
    port       the port that the server was last started on
    log        what PostgreSQL says
    cluster/   belongs to the user that the server runs as: cluster/data is PostgreSQL's data directory,
               cluster/socket where its socket is
"""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
from psycopg import sql

from tukro.runtime import binaries
from tukro.runtime.faults import CannotRun
from tukro.runtime.leftovers import clear_leftovers
from tukro.runtime.place import kept_secret, make_secret
from tukro.runtime.postgres_faults import did_not_start, mend_of, said_since
from tukro.runtime.postgres_settings import server_settings
from tukro.runtime.processes import (
    FileLock,
    ending_with_us,
    let_others_finish,
    port_is_free,
    wait_until,
)

MAJOR = "18"
ROLE = DATABASE = "tukro"
_OVERLORD = "postgres"
_PORTS = range(10_240, 20_000)  # below the range from which systems pick ports for outgoing connections
_LOG_LIMIT = 20 * 1024 * 1024
_LONGEST_SOCKET = 107  # bytes of a path; sockaddr_un(7)


class AlreadyOwned(Exception):
    """Another process owns the server of this folder."""


class Cluster:
    """One data directory and, between ``start`` and ``stop``, the server that runs on it."""

    def __init__(self, folder: Path, *, secrets: Path, durable: bool = True) -> None:
        """``durable=False`` is for data that may be lost: tests."""
        self.folder, self._secrets, self._durable = folder, secrets, durable
        self._lock = FileLock(folder / "lock")
        self._borrowed = FileLock(folder / "attached")
        self._server: subprocess.Popen[bytes] | None = None
        self._cluster_handle: int | None = None

    @property
    def pid(self) -> int | None:
        """The postmaster's process id while we own one."""
        return self._server.pid if self._server else None

    @property
    def exists(self) -> bool:
        """Whether there is data to start on."""
        return (self._data / "PG_VERSION").exists()

    @property
    def url(self) -> str:
        """Where the application connects: a role that owns its database and nothing else.

        By the socket, which costs either side less than a port, unless its path is too long for one.
        """
        url = self._url(ROLE, DATABASE)
        socket = self._socket / f".s.PGSQL.{self._port}"
        if len(os.fsencode(socket)) > _LONGEST_SOCKET:
            return url
        return f"{url.replace('@127.0.0.1:', '@:')}?host={quote(str(self._socket), safe='/')}"

    @property
    def overlord_url(self) -> str:
        """Where a superuser connects. The application never does."""
        return self._url(_OVERLORD, DATABASE)

    def start(self) -> None:
        """Own the server of this folder and wait until it answers.

        Raises AlreadyOwned when another process does, CannotRun when the data directory is of another major
        version or the server does not come up. Call it from the main thread.
        """
        assert self._server is None, "started twice"
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not self._lock.take():
            raise AlreadyOwned
        try:
            self._user = binaries.run_as()
            self._programs = binaries.programs(self._user)
            self._open_cluster_folder()
            if not self.exists:
                self._create()
            self.check_version()
            self._run()
            self._ensure_role_and_database()
        except BaseException:
            self.stop()
            raise

    def check_version(self) -> None:
        """Raises CannotRun when the data is of another major version; while there is none all is well."""
        if not self.exists:
            return
        found = (self._data / "PG_VERSION").read_text().strip()
        if found != MAJOR:
            raise CannotRun(
                f"The data in {self._data} is of PostgreSQL {found}; this Tukro carries PostgreSQL {MAJOR}.",
                mend="Keep a copy, then move the data with pg_upgrade, or dump it with the Tukro that made it"
                " and load it into a new one: docs/operate/upgrade.md.",
            )

    def restart(self) -> None:
        """Start the server again after it ended by itself; the lock stays ours."""
        assert self._server is not None
        self._server.wait()
        self._run()

    def is_up(self) -> bool:
        """Whether the server that we own still runs."""
        return self._server is not None and self._server.poll() is None

    def stop(self, *, seconds: float = 6.0) -> None:
        """Stop the server: kindly, firmly, then with -9; give the folder back, and what was borrowed."""
        self._borrowed.release()
        if self._server is not None:
            for farewell in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
                with contextlib.suppress(ProcessLookupError):
                    self._server.send_signal(farewell)
                with contextlib.suppress(subprocess.TimeoutExpired):
                    self._server.wait(seconds / 2)
                    break
            self._server = None
        if self._cluster_handle is not None:
            os.close(self._cluster_handle)
            self._cluster_handle = None
        self._lock.release()

    def borrow(self) -> bool:
        """Use the server of the process that owns it, until ``stop``; False when it does not answer now."""
        if not self._borrowed.take(shared=True):
            return False  # its owner is about to stop it
        if self._answers():
            return True
        self._borrowed.release()
        return False

    def wait_for_borrowers(self, *, seconds: float) -> bool:
        """Wait until nobody borrows our server any more; False when some still do after ``seconds``."""
        if self._server is None:
            return True
        probe = FileLock(self.folder / "attached")
        alone = wait_until(probe.take, seconds=seconds, pause=0.1)
        probe.release()
        return alone

    # What the public verbs stand on, in the order in which they use it.

    def _url(self, role: str, database: str) -> str:
        password = kept_secret(_password_name(role), self._secrets) or ""
        return f"postgresql://{role}:{quote(password, safe='')}@127.0.0.1:{self._port}/{database}"

    @property
    def _port(self) -> int:
        try:
            return int((self.folder / "port").read_text())
        except (FileNotFoundError, ValueError):
            return 0

    @property
    def _data(self) -> Path:
        return self.folder / "cluster" / "data"

    @property
    def _socket(self) -> Path:
        return self.folder / "cluster" / "socket"

    def _open_cluster_folder(self) -> None:
        """Make the folder of the server's user and hold it open: the server finds it by our handle."""
        folder = self.folder / "cluster"
        folder.mkdir(mode=0o700, exist_ok=True)
        if self._user.is_other:
            os.chown(folder, self._user.uid, self._user.gid)
        self._cluster_handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)

    def _seen_by_server(self, path: Path) -> str:
        """How the server's user names a path below cluster/.

        When root hands the server to ``nobody``, the folders above may be closed to that user (/root is).
        Through an inherited handle it needs no right on them, and none has to be given.
        """
        inside = path.relative_to(self.folder / "cluster")
        if self._user.is_other and sys.platform == "linux":
            return f"/proc/self/fd/{self._cluster_handle}/{inside}"
        return str(path)

    def _create(self) -> None:
        """Make the data directory beside its final name: an interruption leaves nothing that looks whole."""
        draft = self._data.with_name("data.new")
        password_file = self._data.with_name("password")
        shutil.rmtree(draft, ignore_errors=True)
        password_file.unlink(missing_ok=True)
        overlord_password = make_secret(_password_name(_OVERLORD), self._secrets)
        handle = os.open(password_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(overlord_password + "\n")
            if self._user.is_other:
                os.chown(file.fileno(), self._user.uid, self._user.gid)
        try:
            self._initdb(draft, password_file)
        finally:
            password_file.unlink(missing_ok=True)
        draft.rename(self._data)

    def _initdb(self, draft: Path, password_file: Path) -> None:
        done = subprocess.run(
            [
                self._programs / "initdb",
                f"--pgdata={self._seen_by_server(draft)}",
                f"--username={_OVERLORD}",
                f"--pwfile={self._seen_by_server(password_file)}",
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--locale-provider=builtin",
                "--locale=C.UTF-8",
                *([] if self._durable else ["--no-sync"]),
            ],
            capture_output=True,
            text=True,
            **self._surroundings(),
        )
        if done.returncode != 0:
            raise CannotRun(
                f"PostgreSQL could not make its data directory: {done.stderr.strip()[-500:]}",
                mend=f"Check the free space and the rights of {self.folder}.",
            )

    def _surroundings(self) -> dict[str, Any]:
        """Everything that a child of ours gets: its user, the handle, a bare environment."""
        assert self._cluster_handle is not None
        return {
            **self._user.popen_arguments,
            "env": {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"},
            "cwd": "/",
            "pass_fds": [self._cluster_handle],
            "stdin": subprocess.DEVNULL,
        }

    def _run(self) -> None:
        """Start the server process until it answers; what a killed one left behind is cleared first."""
        limit, log = time.monotonic() + 30, self.folder / "log"
        while True:
            before = log.stat().st_size if log.exists() else 0
            clear_leftovers(self._data)
            self._open_socket_folder()
            self._choose_port()
            self._server = self._spawn()
            if wait_until(lambda: not self.is_up() or self._answers(), seconds=60) and self.is_up():
                return
            if self.is_up():  # recovery after a crash can be long, but not silent for so long
                self.stop()
                raise did_not_start(log, said_since(log, 0), None)
            said = said_since(log, before)
            mend = mend_of(said, data=self._data, user=self._user.name)
            if mend or time.monotonic() > limit:
                raise did_not_start(log, said, mend)
            # Somebody took the port, or processes of a killed server still hold its shared memory.
            time.sleep(0.2)

    def _open_socket_folder(self) -> None:
        """Empty: a killed server's lock on its socket would hold up the next when its number lives again."""
        shutil.rmtree(self._socket, ignore_errors=True)
        self._socket.mkdir(mode=0o700)
        if self._user.is_other:
            os.chown(self._socket, self._user.uid, self._user.gid)

    def _choose_port(self) -> None:
        """Keep the port of the last start while it is free."""
        port = self._port
        while not port or not port_is_free("127.0.0.1", port):
            port = random.choice(_PORTS)
        (self.folder / "port").write_text(f"{port}\n")

    def _spawn(self) -> subprocess.Popen[bytes]:
        settings = {
            **server_settings(durable=self._durable),
            "port": str(self._port),
            "unix_socket_directories": self._seen_by_server(self._socket),
        }
        log = self.folder / "log"
        if log.exists() and log.stat().st_size > _LOG_LIMIT:
            log.replace(log.with_name("log.old"))
        ends_with_us = ending_with_us(signal.SIGINT)

        def become_server() -> None:
            ends_with_us()
            let_others_finish()

        with log.open("ab") as said:
            server: subprocess.Popen[bytes] = subprocess.Popen(
                [
                    self._programs / "postgres",
                    "-D",
                    self._seen_by_server(self._data),
                    *(f"--{name}={value}" for name, value in settings.items()),
                ],
                stdout=said,
                stderr=said,
                start_new_session=True,  # Ctrl-C in a terminal is for us: we stop the server last
                preexec_fn=become_server,
                **self._surroundings(),
            )
        return server

    def _answers(self) -> bool:
        try:
            psycopg.connect(self._url(_OVERLORD, _OVERLORD), connect_timeout=3).close()
        except psycopg.OperationalError as error:
            if any(sign in str(error) for sign in ("password authentication failed", "no password supplied")):
                raise CannotRun(
                    f"The passwords in {self._secrets} are not those of the data in {self._data}.",
                    mend="Put the two folders of the same copy back, or delete both to start from nothing.",
                ) from None
            return False
        return True

    def _ensure_role_and_database(self) -> None:
        """The application's role and database. Idempotent: the next start completes an interrupted one."""
        password = make_secret(_password_name(ROLE), self._secrets)
        with psycopg.connect(self._url(_OVERLORD, _OVERLORD), autocommit=True) as db:
            role, name = sql.Identifier(ROLE), sql.Identifier(DATABASE)
            if not db.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [ROLE]).fetchone():
                db.execute(sql.SQL("CREATE ROLE {}").format(role))
            # The verifier, not the password: a statement may end up in a log.
            verifier = db.pgconn.encrypt_password(password.encode(), ROLE.encode(), b"scram-sha-256").decode()
            db.execute(sql.SQL("ALTER ROLE {} LOGIN PASSWORD {}").format(role, sql.Literal(verifier)))
            db.execute(sql.SQL("GRANT pg_monitor, pg_checkpoint TO {}").format(role))
            if not db.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
                db.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(name, role))


def _password_name(role: str) -> str:
    return f"database_password_{role}"
