"""A statement on paper: the sums of a period, then its movements, in the reader's language."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _
from fpdf import FPDF
from fpdf.enums import XPos, YPos

from tukro.web.paper import FAMILY, sheet


def statement_pdf(
    *,
    language: str,
    head: Sequence[str],
    sums: Sequence[tuple[str, str]],
    rows: Sequence[tuple[str, str, str, str]],
    more: bool,
) -> bytes:
    """``more``: the period has more movements than ``rows``; the paper says so."""
    pdf = sheet(title=_("Statement"), language=language)
    _line(pdf, _("Statement"), size=24, bold=True)
    for text in head:
        _line(pdf, text, size=11)
    pdf.ln(4)
    _table(pdf, (70, 30), ("LEFT", "RIGHT"), sums, heading=False)
    if rows:
        _line(pdf, _("Movements"), size=13, bold=True)
        titles = (_("When"), _("What"), _("Amount"), _("Available then"))
        _table(pdf, (28, 38, 16, 18), ("LEFT", "LEFT", "RIGHT", "RIGHT"), [titles, *rows], heading=True)
    if more:
        _line(pdf, _("There are more movements; the file for spreadsheets has them all."), size=10)
    return bytes(pdf.output())


def _table(
    pdf: FPDF,
    widths: tuple[int, ...],
    aligned: tuple[str, ...],
    rows: Sequence[Sequence[str]],
    *,
    heading: bool,
) -> None:
    pdf.set_font(FAMILY, "", 10)
    pdf.set_draw_color(190)
    with pdf.table(
        col_widths=widths,
        text_align=aligned,
        first_row_as_headings=heading,
        borders_layout="HORIZONTAL_LINES",
    ) as table:
        for one in rows:
            row = table.row()
            for cell in one:
                row.cell(cell)
    pdf.ln(5)


def _line(pdf: FPDF, text: str, *, size: int, bold: bool = False) -> None:
    pdf.set_font(FAMILY, "B" if bold else "", size)
    pdf.multi_cell(0, size * 0.55, text, new_x=XPos.LMARGIN, new_y=YPos.NEXT, align="L")
