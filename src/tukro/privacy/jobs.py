"""What time does in privacy: make the files that people asked for, delete them after a week."""

from __future__ import annotations

from datetime import datetime

from tukro.kernel.apart import apart
from tukro.privacy.actions.exporting import delete_export, delete_strays, make_export
from tukro.privacy.models import DataExport
from tukro.privacy.queries import waiting_exports


def make_exports(now: datetime) -> int:
    """Make what was asked for; answers how many. One that fails stops no other."""
    return sum(apart(make_export, export_id=pk, now=now) for pk in waiting_exports(now, limit=20))


def delete_exports(now: datetime) -> int:
    """Delete files that are older than a week, and what nobody can have any more; answers how many."""
    old = list(DataExport.objects.filter(expires_at__lte=now).exclude(path="")[:500])
    for export in old:
        delete_export(export)
    return len(old) + delete_strays(now=now)
