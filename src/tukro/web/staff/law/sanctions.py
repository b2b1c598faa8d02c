"""Lists of sanctioned people: read one in, compare each hit with the person, clear or confirm it."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from tukro.kernel.errors import NotFound, Refused
from tukro.money.actions.proposals.sanctions_lists import bring_list
from tukro.money.actions.proposals.vetting_acts import ChangeLikeness, DecideHit
from tukro.money.queries.proposals import waiting_about, waiting_for
from tukro.vetting.models import HitState, SanctionsHit
from tukro.vetting.queries.sanctions import current_lists, decided_hits, open_hits, sanctions_policy
from tukro.vetting.rules.lists import BadList
from tukro.web import formats
from tukro.web.alike.acts import propose, say
from tukro.web.alike.paging import one_page, page_ended_at
from tukro.web.entry.access import StaffRequest, staff_required
from tukro.web.entry.senders import takes_files
from tukro.web.refusals import refusal_message
from tukro.web.staff.who import names_of
from tukro.web.words.places import country_name

SHOWN = 50
_MOST_BYTES = 40_000_000
STATES: dict[str, Promise] = {"open": _("To decide"), "decided": _("Decided")}
VERDICTS: dict[str, Promise] = {
    HitState.CLEARED: _("somebody else"),
    HitState.CONFIRMED: _("the listed person"),
}
_FAULTS: dict[str, Promise] = {
    "no_columns": _("The first line must name the columns; one is called “name”."),
    "not_ofac": _("Line %(line)s is not one of OFAC's SDN.CSV."),
    "bad_xml": _("The file is broken in line %(line)s: it is no whole XML document."),
    "unknown_xml": _("This XML is not a list of the UN, the EU or the UK. Nothing was changed."),
    "nobody": _("There is no person in this file."),
}


class ListForm(forms.Form):
    source = forms.CharField(
        label=_("What the list is called"),
        help_text=_("A newer file of the same name replaces it, for example “OFAC SDN”."),
        max_length=40,
    )
    people = forms.FileField(
        label=_("The list"),
        help_text=_(
            "The XML of the UN, the EU or the UK; SDN.CSV of OFAC; or a CSV file with the columns name, "
            "aliases, birth_date, country, id."
        ),
    )
    aliases = forms.FileField(label=_("ALT.CSV of OFAC: other names"), required=False)
    addresses = forms.FileField(label=_("ADD.CSV of OFAC: addresses"), required=False)


class LikenessForm(forms.Form):
    likeness = forms.IntegerField(
        label=_("How like names must be, in percent"),
        help_text=_(
            "80 finds names of which one word in five is missing. Lower finds more, and more by chance."
        ),
        min_value=50,
        max_value=100,
    )


@require_GET
@staff_required
def hits(request: StaffRequest) -> HttpResponse:
    """Names that are like one on a list, the oldest first; and the lists."""
    return _page(request, ListForm())


@takes_files
@require_POST
@staff_required
def take(request: StaffRequest) -> HttpResponse:
    """Read a file in."""
    form = ListForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, form, status=422)
    said = form.cleaned_data
    try:
        read, waits = bring_list(
            by=request.user.actor,
            source=said["source"],
            people=_bytes(said["people"]),
            aliases=_bytes(said["aliases"]),
            addresses=_bytes(said["addresses"]),
            now=timezone.now(),
        )
    except BadList as fault:
        form.add_error("people", _FAULTS[fault.code] % {"line": formats.number(fault.line)})
        return _page(request, form, status=422)
    except Refused as refusal:
        form.add_error(None, refusal_message(refusal))
        return _page(request, form, status=422)
    count = {"count": formats.number(read.people)}
    done = _("%(count)s people are on the list. Everybody is compared with it now.") % count
    say(request, waits, done=done)
    return redirect("staff:sanctions")


@require_POST
@staff_required
def decide(request: StaffRequest, hit_id: str) -> HttpResponse:
    """To clear somebody takes a second person."""
    verdict, note = request.POST.get("verdict", ""), request.POST.get("note", "")
    if verdict not in VERDICTS:
        raise NotFound(verdict=verdict)
    cleared = verdict == HitState.CLEARED
    goes_on = _("Written down. Payments go on when nothing else stands against the person.")
    return propose(
        request,
        DecideHit.of(hit_id, "cleared" if cleared else "confirmed", note),
        done=goes_on if cleared else _("Written down. Payments of this person stay held."),
        back=reverse("staff:sanctions"),
    )


@require_POST
@staff_required
def likeness(request: StaffRequest) -> HttpResponse:
    form = LikenessForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("A percentage from 50 to 100."))
        return redirect("staff:sanctions")
    return propose(
        request,
        ChangeLikeness.to(form.cleaned_data["likeness"]),
        done=_("Saved. Everybody is compared anew."),
        back=reverse("staff:sanctions"),
    )


def _page(request: StaffRequest, form: ListForm, *, status: int = 200) -> HttpResponse:
    state = request.GET.get("state", "")
    state = state if state in STATES else "open"
    found = open_hits() if state == "open" else decided_hits()
    if after := page_ended_at(request):
        found = found.filter(pk__gt=after) if state == "open" else found.filter(pk__lt=after)
    rows, next_cursor = one_page(found, SHOWN, lambda one: one.pk)
    waiting = waiting_about([hit.public_id for hit in rows], timezone.now())
    names = names_of(hit.decided_by for hit in rows)
    context = {
        "state": state,
        "states": STATES.items(),
        "count": open_hits().count(),
        "hits": [
            {
                "row": hit,
                "contact": getattr(hit.person.user, "contact", None),
                "country": _country(hit),
                "years": ", ".join(formats.digits(str(year)) for year in hit.birth_years),
                "countries": ", ".join(hit.countries),
                "verdict": VERDICTS.get(hit.state, ""),
                "by": names.get(hit.decided_by, ""),
                "proposal": waiting.get(hit.public_id),
            }
            for hit in rows
        ],
        "next_cursor": next_cursor,
        "lists": current_lists(),
        "form": form,
        "likeness_waits": waiting_for("sanctions_policy", timezone.now()),
        "likeness_form": LikenessForm(initial={"likeness": sanctions_policy().likeness}),
    }
    return render(request, "staff/law/sanctions.html", context, status=status)


def _country(hit: SanctionsHit) -> str:
    """Where the person says they live; a requester perhaps nowhere."""
    contact = getattr(hit.person.user, "contact", None)
    code = hit.worker.country if hit.worker else contact.country if contact else ""
    return country_name(code) if code else ""


def _bytes(file: UploadedFile[bytes] | None) -> bytes:
    return file.read(_MOST_BYTES) if file else b""


urlpatterns = [
    path("sanctions", hits, name="sanctions"),
    path("sanctions/import", take, name="sanctions_import"),
    path("sanctions/likeness", likeness, name="sanctions_likeness"),
    path("sanctions/<str:hit_id>/decide", decide, name="sanctions_decide"),
]
