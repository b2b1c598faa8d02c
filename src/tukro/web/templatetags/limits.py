"""``{% load limits %}``: limits that sentences on pages and in mails name, from the rules that hold them."""

from __future__ import annotations

from datetime import timedelta

from django import template
from django.utils.translation import gettext as _

from tukro.web import formats
from tukro.web.refusals import refusal_message
from tukro.web.uploads import MAX_IMAGE_BYTES, MAX_PDF_BYTES, MAX_RECORDING_BYTES, FileTooLarge
from tukro.work.rules import APPEAL_DAYS

register = template.Library()


@register.simple_tag
def appeal_time() -> str:
    """How long the money of a rejection waits."""
    return formats.duration(timedelta(days=APPEAL_DAYS))


@register.simple_tag
def file_limits(kind: str) -> str:
    """How large a file may be that goes into a field of this kind: image, audio, or any file."""
    sizes = {
        "picture": formats.filesize(MAX_IMAGE_BYTES),
        "document": formats.filesize(MAX_PDF_BYTES),
        "recording": formats.filesize(MAX_RECORDING_BYTES),
    }
    match kind:
        case "image":
            return _("A picture up to %(size)s.") % {"size": sizes["picture"]}
        case "audio":
            return _("Sound up to %(size)s.") % {"size": sizes["recording"]}
        case _:
            words = _(
                "Picture up to %(picture)s, PDF up to %(document)s, sound or video up to %(recording)s."
            )
            return words % sizes


@register.simple_tag
def most_bytes_of_a_file() -> int:
    """How large the largest file of any kind may be, for scripts."""
    return MAX_RECORDING_BYTES


@register.simple_tag
def file_too_large() -> str:
    """What is said of a file that is larger than any may be."""
    return refusal_message(FileTooLarge(limit=MAX_RECORDING_BYTES))
