"""A work record on paper: what it says, in the reader's language, with a code that leads to its check.

The signed file travels inside the PDF as an attachment, so that ``tukro record verify`` checks the PDF too.
"""

from __future__ import annotations

import io
import json
from datetime import date
from decimal import Decimal

import segno
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from fpdf import FPDF
from fpdf.enums import WrapMode, XPos, YPos

from tukro.records.rules.credentials import Checked
from tukro.web import formats
from tukro.web.paper import FAMILY, sheet
from tukro.web.words.categories import category_name

ATTACHMENT = "work-record.json"
_QR_MM = 38


def work_record_pdf(record: Checked) -> bytes:
    """The PDF of a record whose proof holds."""
    language = get_language() or "en"
    pdf = sheet(title=_("Work record"), language=language)
    _head(pdf, record)
    _figures(pdf, record)
    _qualifications(pdf, record)
    _how_to_check(pdf, record)
    file = json.dumps(record.document, ensure_ascii=False, indent=1).encode()
    pdf.embed_file(
        bytes=file, basename=ATTACHMENT, desc="Verifiable Credential", mime_type="application/json"
    )
    return bytes(pdf.output())


def _head(pdf: FPDF, record: Checked) -> None:
    top = pdf.get_y()
    code = io.BytesIO()
    segno.make(str(record.document["id"]), error="m").save(code, kind="png", scale=8, border=0)
    code.seek(0)
    alt = _("Code that leads to the check of this record")
    pdf.image(code, x=pdf.w - pdf.r_margin - _QR_MM, y=top, w=_QR_MM, alt_text=alt)
    _line(pdf, _("Work record"), size=24, bold=True)
    _line(pdf, str(record.document["issuer"]["url"]), size=10)
    pdf.ln(6)
    subject = record.subject
    if name := subject.get("name"):
        _line(pdf, str(name), size=16, bold=True)
    if worker_id := subject.get("workerId"):
        _line(pdf, _("Worker ID: %(id)s") % {"id": worker_id}, size=11)
    first, last = (_day(record.work[which]) for which in ("firstDay", "lastDay"))
    _line(pdf, _("Work from %(first)s to %(last)s") % {"first": first, "last": last}, size=11)
    pdf.set_y(max(pdf.get_y(), top + _QR_MM) + 6)


def _figures(pdf: FPDF, record: Checked) -> None:
    work = record.work
    rows = [
        (_("Approved tasks"), formats.number(int(work["approvedTasks"]))),
        (_("Rejected tasks"), formats.number(int(work["rejectedTasks"]))),
        (_("Share approved"), formats.percent(Decimal(work["approvalShare"]), decimals=1)),
        (_("Requesters"), formats.number(int(work["requesters"]))),
    ]
    _table(pdf, _("In numbers"), rows)
    if by_category := work.get("approvedByCategory"):
        kinds = [
            (str(category_name(code)), formats.number(int(count))) for code, count in by_category.items()
        ]
        _table(pdf, _("Approved by kind of work"), kinds)


def _qualifications(pdf: FPDF, record: Checked) -> None:
    held = record.work.get("qualifications") or []
    rows = [
        (
            _("%(name)s, given by %(giver)s") % {"name": one["name"], "giver": one["givenBy"]},
            formats.number(int(one["value"])) if "value" in one else _day(one["since"]),
        )
        for one in held
    ]
    if rows:
        _table(pdf, _("Qualifications"), rows)


def _how_to_check(pdf: FPDF, record: Checked) -> None:
    _line(pdf, _("How to check this record"), size=13, bold=True)
    issued = _day(str(record.document["validFrom"])[:10])
    _paragraph(
        pdf,
        _(
            "Issued on %(day)s. The code above leads to a page that says whether the record still holds. "
            "Without that page: the signed file is attached to this PDF, and any program for Verifiable "
            "Credentials (eddsa-jcs-2022), or the command “tukro record verify”, checks it with this key:"
        )
        % {"day": issued},
    )
    _paragraph(pdf, record.key)
    _paragraph(pdf, str(record.document["id"]))


def _table(pdf: FPDF, heading: str, rows: list[tuple[str, str]]) -> None:
    _line(pdf, heading, size=13, bold=True)
    pdf.set_font(FAMILY, "", 11)
    pdf.set_draw_color(190)
    with pdf.table(
        col_widths=(75, 25),
        text_align=("LEFT", "RIGHT"),
        first_row_as_headings=False,
        borders_layout="HORIZONTAL_LINES",
    ) as table:
        for words, figure in rows:
            row = table.row()
            row.cell(words)
            row.cell(figure)
    pdf.ln(5)


def _line(pdf: FPDF, text: str, *, size: int, bold: bool = False) -> None:
    pdf.set_font(FAMILY, "B" if bold else "", size)
    pdf.multi_cell(pdf.epw - _QR_MM - 6, size * 0.55, text, new_x=XPos.LMARGIN, new_y=YPos.NEXT, align="L")


def _paragraph(pdf: FPDF, text: str) -> None:
    pdf.set_font(FAMILY, "", 10)
    wrap = WrapMode.WORD if " " in text else WrapMode.CHAR  # keys and addresses break anywhere
    pdf.multi_cell(0, 5.5, text, new_x=XPos.LMARGIN, new_y=YPos.NEXT, align="L", wrapmode=wrap)
    pdf.ln(2)


def _day(text: str) -> str:
    return formats.day(date.fromisoformat(text))
