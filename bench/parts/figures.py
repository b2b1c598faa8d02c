"""What a run measured, and how it is shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Run:
    count: int
    per_second: float
    database_us: float  # CPU per act
    application_us: float = 0.0
    milliseconds: list[float] = field(default_factory=list)  # of each act, sorted

    def percentile(self, percent: float) -> float:
        last = len(self.milliseconds) - 1
        return self.milliseconds[min(last, int(len(self.milliseconds) * percent / 100))]


def together(runs: Sequence[Run]) -> Run:
    """Parts of one run as one."""
    count = sum(run.count for run in runs)
    return Run(
        count,
        count / sum(run.count / run.per_second for run in runs),
        database_us=sum(run.count * run.database_us for run in runs) / count,
        application_us=sum(run.count * run.application_us for run in runs) / count,
        milliseconds=sorted(each for run in runs for each in run.milliseconds),
    )


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Markdown, readable as it stands; the first column to the left, the others to the right."""
    widths = [max(len(row[no]) for row in [head, *rows]) for no in range(len(head))]

    def line(row: Sequence[str]) -> str:
        cells = [
            row[0].ljust(widths[0]),
            *(cell.rjust(w) for cell, w in zip(row[1:], widths[1:], strict=True)),
        ]
        return "| " + " | ".join(cells) + " |"

    rule = "|".join(["", "-" * (widths[0] + 2), *("-" * (w + 1) + ":" for w in widths[1:]), ""])
    return "\n".join([line(head), rule, *map(line, rows)])
