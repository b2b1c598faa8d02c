"""What is printed: PDFs with Bengali set right. The only package that knows fpdf2.

Letters are shaped by HarfBuzz (uharfbuzz, part of the wheel), so nothing has to be installed on the machine.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fpdf import FPDF

_HERE = Path(__file__).parent
FAMILY, _LATIN = "bengali", "latin"


class _Sheet(FPDF):
    """fpdf2 takes its own word for which font the page is in, and forgets that a line in the fallback font
    changed it: Bengali after Latin letters came out in another size. So each line says its font."""

    def _render_styled_text_line(self, *args: Any, **kwargs: Any) -> bool:
        self.current_font_is_set_on_page = False
        return super()._render_styled_text_line(*args, **kwargs)


def sheet(*, title: str, language: str, paper: str = "A4") -> FPDF:
    """An empty document, A4 or ``letter``, whose text may mix Bengali and Latin letters in one line."""
    pdf = _Sheet(format=paper)
    pdf.set_title(title)
    pdf.set_lang(language)
    pdf.set_creator("Tukro")
    for style, weight in (("", 400), ("B", 700)):
        pdf.add_font(FAMILY, style, _HERE / f"bengali-{weight}.ttf")
        pdf.add_font(_LATIN, style, _HERE / f"latin-{weight}.ttf")
    pdf.set_fallback_fonts([_LATIN], exact_match=False)
    pdf.set_text_shaping(use_shaping_engine=True)
    pdf.set_margins(20, 20)
    pdf.set_auto_page_break(True, 20)
    pdf.add_page()
    return pdf
