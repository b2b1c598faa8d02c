"""The address behind the window of a long envelope (DIN 5008, form B), with a code for what comes back."""

from __future__ import annotations

import io
from collections.abc import Sequence

import segno
from django.conf import settings
from fpdf import FPDF
from fpdf.enums import MethodReturnValue, XPos, YPos

from tukro.web.paper import FAMILY

_LEFT, _TOP, _WIDTH = 20.0, 45.0, 85.0  # mm
_SENDER_MM, _CODE_MM, _LINES_MM = 10.0, 14.0, 36.0
_LINE_MM = _WIDTH - _CODE_MM - 2


def address_window(pdf: FPDF, lines: Sequence[str], *, code: str) -> None:
    """The sender in small, ``code`` as a square code beside it, and the address below."""
    sender = settings.LETTER_SENDER or settings.SITE_HOST
    pdf.set_xy(_LEFT, _TOP)
    pdf.set_font(FAMILY, "", 7)
    wide, room = pdf.get_string_width(sender), _WIDTH - _CODE_MM - 2 * pdf.c_margin
    if wide > room:  # it would run into the code
        pdf.set_font(FAMILY, "", 7 * room / wide)
    pdf.cell(_WIDTH - _CODE_MM, 4, sender, border="B")
    drawn = io.BytesIO()
    segno.make(code, error="m", micro=False).save(drawn, kind="png", scale=6, border=0)
    drawn.seek(0)
    pdf.image(drawn, x=_LEFT + _WIDTH - _CODE_MM, y=_TOP, w=_CODE_MM, alt_text=code)
    pdf.set_xy(_LEFT, _TOP + _SENDER_MM)
    height = _fitting_height(pdf, lines)
    pdf.set_left_margin(_LEFT)
    for line in lines:
        pdf.multi_cell(_LINE_MM, height, line, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    pdf.set_left_margin(20)


def _fitting_height(pdf: FPDF, lines: Sequence[str]) -> float:
    """The height of a line in which all of them, the folded ones too, stay in the window; its font is set."""
    for tenths in range(52, 15, -1):
        height = tenths / 10
        pdf.set_font(FAMILY, "", 11 * height / 5.2)
        if sum(_rows(pdf, line) for line in lines) * height <= _LINES_MM:
            break
    return height


def _rows(pdf: FPDF, line: str) -> int:
    folded = pdf.multi_cell(_LINE_MM, 1, line, dry_run=True, output=MethodReturnValue.LINES)
    assert isinstance(folded, list), "lines were asked for"
    return len(folded)
