"""New work that a saved search found, and work that was won by lot."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse

from tukro.journal.models import Event
from tukro.kernel.money import Money
from tukro.notices.actions.told import Facts, Teller, Told, told_to_worker


def _search_matched(event: Event) -> Told | None:
    groups = [{**group, "reward": Money(group["reward"])} for group in event.facts["groups"]]
    facts: Facts = {
        "search": event.facts["name"],
        "groups": groups,
        "first": groups[0],
        "more": event.facts["count"] - len(groups),
    }
    if event.facts["count"] == 1:
        link = reverse("worker:preview", args=[groups[0]["group"]])
    else:
        link = reverse("worker:search_results", args=[event.subject])
    return told_to_worker(event.facts["worker"], "search_matched", facts, kind="alert", link=link)


def _lot_won(event: Event) -> Told | None:
    facts = event.facts
    link = reverse("worker:work", args=[facts["group"], facts["task"]]) + f"?assignment_id={event.subject}"
    said: Facts = {
        "title": facts["title"],
        "reward": Money(facts["reward"]),
        "deadline": datetime.fromisoformat(facts["deadline"]),
        "link": link,
    }
    return told_to_worker(facts["worker"], "lot_won", said, kind="alert", link=link)


TELLERS: dict[str, Teller] = {"SearchMatched": _search_matched, "LotWon": _lot_won}
