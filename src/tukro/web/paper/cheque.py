"""Cheques on A4, one a page: the letter that goes with it, the cheque, a counterfoil for the house.

The address stands where a window envelope shows it. The counterfoil at the foot is cut off; what is left is
folded once, above the cheque. Whoever pays by their bank's own cheque forms sets
``TUKRO_CHEQUE_PAPER`` to ``form``: then nothing is printed there that the bank has printed already.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from fpdf import FPDF
from fpdf.enums import XPos, YPos

from tukro.money.models import Cheque, Payout
from tukro.web import formats
from tukro.web.paper import FAMILY, sheet
from tukro.web.paper.amount_words import amount_in_words
from tukro.web.paper.window import address_window

_LEFT, _WIDTH = 20.0, 170.0  # mm
_SIDE = 115.0  # left edge of what stands beside the window
_CHEQUE, _FOIL = 108.0, 205.0  # upper edges
_FOOT = 290.0
_FIGURES = 48.0  # width of the box with the amount


def cheques_pdf(cheques: Iterable[Cheque]) -> bytes:
    """A page for each cheque, its letter in its payee's language; the counterfoil in the reader's own."""
    pdf, house = sheet(title=_("Cheques"), language=get_language() or "en"), get_language() or "en"
    pdf.set_auto_page_break(False)
    for place, cheque in enumerate(cheques):
        if place:
            pdf.add_page()
        with override(cheque.payout.worker.user.mail_language or house):
            _letter(pdf, cheque)
        _cheque(pdf, cheque)
        _counterfoil(pdf, cheque)
    return bytes(pdf.output())


# --- the letter ---------------------------------------------------------------------------------------


def _letter(pdf: FPDF, cheque: Cheque) -> None:
    payout = cheque.payout
    lines = [payout.details["payee"], *payout.details["address"].splitlines()]
    address_window(pdf, lines, code=cheque.number)
    pdf.set_draw_color(150)
    pdf.line(4, _CHEQUE - 3, 9, _CHEQUE - 3)
    pdf.set_draw_color(0)
    pdf.set_xy(_SIDE, 45)
    pdf.set_font(FAMILY, "B", 11)
    pdf.cell(0, 6, _("Cheque %(number)s") % {"number": cheque.number}, new_x=XPos.LEFT, new_y=YPos.NEXT)
    for label, value in _facts(payout, cheque):
        pdf.set_font(FAMILY, "", 9)
        pdf.cell(38, 5, label)
        pdf.cell(0, 5, value, align="R", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        pdf.set_x(_SIDE)
    pdf.set_xy(_LEFT, 91)
    pdf.set_font(FAMILY, "", 9.5)
    text = _(
        "This is your withdrawal from %(site)s. Pay the cheque into an account in your name within "
        "six months. Is something wrong with it? Do not cash it, and write to our staff."
    )
    pdf.multi_cell(_WIDTH, 4.6, text % {"site": settings.SITE_HOST}, align="L")


def _facts(payout: Payout, cheque: Cheque) -> list[tuple[str, str]]:
    rows = [
        (_("Date"), formats.day(cheque.printed_at)),
        (_("Withdrawal"), payout.public_id[:10]),
        (_("From your balance"), formats.money(payout.amount)),
    ]
    if payout.fee:
        rows.append((_("Fee"), formats.money(payout.fee)))
    return [*rows, (_("Arrives"), formats.money(payout.receives))]


# --- the cheque ---------------------------------------------------------------------------------------


def _cheque(pdf: FPDF, cheque: Cheque) -> None:
    """What a bank reads: figures in Latin digits, the amount in words in both languages."""
    payout, top = cheque.payout, _CHEQUE
    if settings.CHEQUE_PAPER == "blank":
        _form(pdf, cheque)
    _put(pdf, _dated(cheque), x=150, y=top + 12, size=11, bold=True, width=40, align="R")
    _put(pdf, payout.details["payee"], x=_LEFT + 22, y=top + 29, size=12, bold=True, width=_WIDTH - 24)
    pdf.set_y(top + 39)
    for words in (amount_in_words(payout.receives, "en"), amount_in_words(payout.receives, "bn")):
        pdf.set_x(_LEFT + 22)
        pdf.set_font(FAMILY, "", 10)
        pdf.multi_cell(_WIDTH - _FIGURES - 26, 5.2, f"** {words} **", align="L")
    figures = f"{payout.currency} ** {payout.receives.amount:,.2f} **"
    _put(pdf, figures, x=190 - _FIGURES, y=top + 41, size=11, bold=True, width=_FIGURES, align="C")


def _form(pdf: FPDF, cheque: Cheque) -> None:
    """Everything that stands on a bank's own form already."""
    top = _CHEQUE
    pdf.rect(_LEFT - 4, top, _WIDTH + 8, 88)
    for shift in (0.0, 5.0):  # crossed: it is paid into the payee's account only
        pdf.line(_LEFT - 4, top + 14 + shift, _LEFT + 10 + shift, top)
    _put(pdf, "A/C PAYEE ONLY", x=_LEFT - 2, y=top + 20, size=7, bold=True, width=30)
    bank = [line.strip() for line in settings.CHEQUE_BANK.split("|") if line.strip()]
    pdf.set_xy(_LEFT + 22, top + 4)
    pdf.set_font(FAMILY, "B", 11)
    pdf.multi_cell(90, 5, "\n".join(bank[:1]) or settings.SITE_HOST, align="L")
    pdf.set_x(_LEFT + 22)
    pdf.set_font(FAMILY, "", 8)
    pdf.multi_cell(90, 4, "\n".join(bank[1:4]), align="L")
    _put(pdf, f"No. {cheque.number}", x=150, y=top + 4, size=11, bold=True, width=40, align="R")
    _put(pdf, "DD-MM-YYYY", x=150, y=top + 17, size=6, width=40, align="R")
    for label, y in (("Pay to", 27), ("প্রাপক", 31), ("The sum of", 39), ("টাকার পরিমাণ", 43)):
        _put(pdf, label, x=_LEFT, y=top + y, size=7.5, width=22)
    pdf.line(_LEFT + 22, top + 35.5, 190, top + 35.5)
    pdf.rect(190 - _FIGURES, top + 39, _FIGURES, 10)
    drawer = settings.LETTER_SENDER or settings.SITE_HOST
    _put(pdf, drawer, x=_LEFT, y=top + 66, size=8, width=95)
    if settings.BANK_ACCOUNT:
        _put(pdf, f"A/C {settings.BANK_ACCOUNT}", x=_LEFT, y=top + 71, size=10, bold=True, width=95)
    _put(pdf, "Valid for six months  ·  ছয় মাস পর্যন্ত বৈধ", x=_LEFT, y=top + 80, size=7, width=95)
    pdf.line(130, top + 76, 190, top + 76)
    _put(pdf, "Authorised signature  ·  স্বাক্ষর", x=130, y=top + 77, size=7.5, width=60, align="C")


def _dated(cheque: Cheque) -> str:
    return f"{_day_of(cheque):%d-%m-%Y}"


def _day_of(cheque: Cheque) -> date:
    return timezone.localtime(cheque.printed_at, formats.current_reader().time_zone).date()


# --- the counterfoil ----------------------------------------------------------------------------------


def _counterfoil(pdf: FPDF, cheque: Cheque) -> None:
    """What the house keeps: who got which number over how much, and lines to fill in."""
    payout = cheque.payout
    pdf.set_draw_color(150)
    pdf.set_dash_pattern(dash=2, gap=2)
    pdf.line(4, _FOIL - 4, 206, _FOIL - 4)
    pdf.set_dash_pattern()
    pdf.set_draw_color(0)
    _put(pdf, _("Counterfoil, for our files"), x=_LEFT, y=_FOIL, size=10, bold=True, width=100)
    _put(pdf, cheque.number, x=140, y=_FOIL, size=13, bold=True, width=50, align="R")
    rows = [
        (_("Payee"), payout.details["payee"]),
        (_("Worker"), payout.worker.public_id),
        (_("Withdrawal"), payout.public_id),
        (_("Date"), formats.day(cheque.printed_at)),
        (_("Amount"), f"{formats.money(payout.receives)} ({payout.currency})"),
    ]
    pdf.set_xy(_LEFT, _FOIL + 8)
    for label, value in rows:
        pdf.set_font(FAMILY, "", 9)
        pdf.cell(34, 6, label)
        pdf.set_font(FAMILY, "B", 9)
        pdf.cell(0, 6, value, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    pdf.set_font(FAMILY, "", 9)
    pdf.ln(2)
    words = amount_in_words(payout.receives, "bn" if (get_language() or "").startswith("bn") else "en")
    pdf.multi_cell(_WIDTH, 5, words, align="L")
    for label, x in ((_("Signed by"), _LEFT), (_("Posted on"), 110.0)):
        pdf.line(x, _FOOT - 16, x + 70, _FOOT - 16)
        _put(pdf, label, x=x, y=_FOOT - 15, size=8, width=70)


def _put(
    pdf: FPDF,
    text: str,
    *,
    x: float,
    y: float,
    size: float,
    width: float,
    bold: bool = False,
    align: str = "L",
) -> None:
    """One line at its place, made smaller where it is too long for ``width``."""
    pdf.set_font(FAMILY, "B" if bold else "", size)
    if (wide := pdf.get_string_width(text)) > width - 2:
        pdf.set_font(FAMILY, "B" if bold else "", size * (width - 2) / wide)
    pdf.set_xy(x, y)
    pdf.cell(width, size * 0.5, text, align=align)
