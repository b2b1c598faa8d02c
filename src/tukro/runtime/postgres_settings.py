"""What the embedded PostgreSQL is told at its start, by what its data is worth and the machine has."""

from __future__ import annotations

import os

_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "password_encryption": "scram-sha-256",
    "max_connections": "100",
    "work_mem": "8MB",
    "maintenance_work_mem": "128MB",
    "min_wal_size": "256MB",
    "max_wal_size": "2GB",
    "wal_compression": "off",  # this build has pglz alone, which costs a commit more than the bytes it saves
    "checkpoint_timeout": "15min",
    "random_page_cost": "1.1",
    "jit": "off",  # our statements are short: compiling them costs more than running them
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
    "log_line_prefix": "%m [%p] ",
    "log_parameter_max_length": "0",  # parameters are people's data
    "log_parameter_max_length_on_error": "0",
}
_DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
_THROW_AWAY = {
    "fsync": "off",
    "full_page_writes": "off",
    "autovacuum_naptime": "10min",
    "shared_buffers": "128MB",
}


def server_settings(*, durable: bool) -> dict[str, str]:
    """By PostgreSQL's own names. ``durable=False`` is for data that may be lost."""
    return {**_SETTINGS, **_memory(), **(_DURABLE if durable else _THROW_AWAY)}


def _memory() -> dict[str, str]:
    """An eighth of the machine's memory for pages, up to a gigabyte; the system's cache has about half."""
    megabytes = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
    return {
        "shared_buffers": f"{min(max(megabytes // 8, 128), 1024)}MB",
        "effective_cache_size": f"{max(megabytes // 2, 512)}MB",
    }
