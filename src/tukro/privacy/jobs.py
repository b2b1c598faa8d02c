"""What time does in privacy: make the files that people asked for, delete them after a week."""

from __future__ import annotations

from datetime import datetime

from tukro.kernel.apart import apart
from tukro.privacy.actions.exporting import delete_export, make_export
from tukro.privacy.models import DataExport


def make_exports(now: datetime) -> int:
    """Make what was asked for; answers how many. One that fails stops no other."""
    waiting = list(DataExport.objects.filter(made_at=None).order_by("pk").values_list("pk", flat=True)[:20])
    return sum(apart(make_export, export_id=pk, now=now) for pk in waiting)


def delete_exports(now: datetime) -> int:
    """Delete files that are older than a week; answers how many."""
    old = list(DataExport.objects.filter(expires_at__lte=now).exclude(path="")[:500])
    for export in old:
        delete_export(export)
    return len(old)
