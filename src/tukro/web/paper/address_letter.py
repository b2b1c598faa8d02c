"""Letters with a PIN, one on each A4 page, each in its reader's language.

The address stands where a window envelope shows it. Fold at the two short lines.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from fpdf import FPDF
from fpdf.enums import XPos, YPos

from tukro.people.models import AddressLetter, Place
from tukro.people.rules.letters import GOOD_FOR, TRIES
from tukro.web import formats
from tukro.web.paper import FAMILY, sheet
from tukro.web.paper.window import address_window
from tukro.web.words.places import country_name

_FOLDS = (105.0, 210.0)


def letters_pdf(letters: Iterable[AddressLetter]) -> bytes:
    """The PDF of all letters whose address and PIN are still there; the others have no page."""
    pdf: FPDF | None = None
    for letter in letters:
        content = letter.content()
        if content is None:
            continue
        with override(letter.language):
            if pdf is None:
                pdf = sheet(title=_("Letters"), language=letter.language)
                pdf.set_auto_page_break(False)
            else:
                pdf.add_page()
            _page(pdf, letter, *content)
    return bytes(pdf.output()) if pdf else b""


def service_pdf(letter: AddressLetter) -> bytes:
    """One letter for a service that folds it and prints the address itself: US paper, its upper third empty.

    Empty when address and PIN are gone.
    """
    content = letter.content()
    if content is None:
        return b""
    with override(letter.language):
        pdf = sheet(title=_("Letters"), language=letter.language, paper="letter")
        pdf.set_auto_page_break(False)
        _words(pdf, letter, *content)
        return bytes(pdf.output())


def _page(pdf: FPDF, letter: AddressLetter, place: Place, pin: str) -> None:
    _fold_marks(pdf)
    _address(pdf, letter, place)
    _words(pdf, letter, place, pin)


def _words(pdf: FPDF, letter: AddressLetter, place: Place, pin: str) -> None:
    """What the letter says, below the address."""
    pdf.set_xy(pdf.l_margin, 108)
    _text(pdf, _("Your PIN, to withdraw money for the first time"), size=15, bold=True)
    pdf.ln(4)
    _text(pdf, _("Dear %(name)s,") % {"name": place.full_name}, size=11)
    pdf.ln(2)
    asked = formats.day(letter.asked_at.date())
    _text(
        pdf,
        _(
            "On %(day)s you asked for this letter at %(site)s. It proves that this is your address. "
            "Enter this PIN on the page below:"
        )
        % {"day": asked, "site": settings.SITE_URL},
        size=11,
    )
    pdf.ln(4)
    pdf.set_font(FAMILY, "B", 26)
    pdf.cell(0, 14, f"{pin[:4]} {pin[4:]}", border=1, align="C", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    pdf.ln(4)
    _text(pdf, settings.SITE_URL + reverse("worker:address"), size=11, bold=True)
    pdf.ln(2)
    limits = {"days": formats.number(GOOD_FOR.days), "tries": formats.number(TRIES)}
    _text(
        pdf,
        _("The PIN is good for %(days)s days after this letter was posted, and for %(tries)s tries.")
        % limits,
        size=11,
    )
    pdf.ln(2)
    _text(
        pdf,
        _("Show it to nobody. Our staff never ask for it, and we never ask you to pay for anything."),
        size=11,
    )
    pdf.ln(2)
    _text(
        pdf,
        _("You did not ask for this letter? Then throw it away; nothing happens without the PIN."),
        size=10,
    )


def _address(pdf: FPDF, letter: AddressLetter, place: Place) -> None:
    lines = [place.full_name, *place.address.splitlines(), f"{place.city} {place.postal_code}".strip()]
    address_window(pdf, [*lines, str(country_name(place.country)).upper()], code=letter.public_id)


def _fold_marks(pdf: FPDF) -> None:
    pdf.set_draw_color(150)
    for at in _FOLDS:
        pdf.line(4, at, 9, at)
    pdf.set_draw_color(0)


def _text(pdf: FPDF, text: str, *, size: int, bold: bool = False) -> None:
    pdf.set_font(FAMILY, "B" if bold else "", size)
    pdf.multi_cell(0, size * 0.55, text, new_x=XPos.LMARGIN, new_y=YPos.NEXT, align="L")
