"""The address behind the window of a long envelope (DIN 5008, form B), with a code for what comes back."""

from __future__ import annotations

import io
from collections.abc import Sequence

import segno
from django.conf import settings
from fpdf import FPDF
from fpdf.enums import XPos, YPos

from tukro.web.paper import FAMILY

_LEFT, _TOP, _WIDTH = 20.0, 45.0, 85.0  # mm
_SENDER_MM, _CODE_MM, _LINES_MM = 10.0, 14.0, 36.0


def address_window(pdf: FPDF, lines: Sequence[str], *, code: str) -> None:
    """The sender in small, ``code`` as a square code beside it, and the address below."""
    pdf.set_xy(_LEFT, _TOP)
    pdf.set_font(FAMILY, "", 7)
    pdf.cell(_WIDTH - _CODE_MM, 4, settings.LETTER_SENDER or settings.SITE_HOST, border="B")
    drawn = io.BytesIO()
    segno.make(code, error="m", micro=False).save(drawn, kind="png", scale=6, border=0)
    drawn.seek(0)
    pdf.image(drawn, x=_LEFT + _WIDTH - _CODE_MM, y=_TOP, w=_CODE_MM, alt_text=code)
    pdf.set_xy(_LEFT, _TOP + _SENDER_MM)
    height = min(5.2, _LINES_MM / len(lines))
    pdf.set_font(FAMILY, "", 11 * height / 5.2)
    pdf.set_left_margin(_LEFT)
    for line in lines:
        pdf.multi_cell(_WIDTH - _CODE_MM - 2, height, line, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    pdf.set_left_margin(20)
