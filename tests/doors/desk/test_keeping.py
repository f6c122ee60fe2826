"""How long the file is kept: Ines says that Signe's playmate has lived in another home, and it is never weeded."""

from __future__ import annotations

import re

from django.urls import reverse

from samsyn.people.models import Person
from samsyn.retention.actions import survey
from samsyn.retention.models import LongKept
from samsyn.retention.rules import Fate, State
from samsyn.trail.models import TrailEntry
from tests.doors.scenes import filled
from tests.village import Village


def address(child: Person) -> str:
    """Where it is said of the child's file."""
    return reverse("desk:keeping", args=[child.ref])


def fate_at(child: Person, authority: int) -> Fate:
    """What becomes of an authority's file on the child, and by which row of law."""
    return next(one.fate for one in survey() if one.pair == (child.pk, authority))


def test_ines_says_by_which_decision_the_file_is_never_weeded_and_it_never_is(lived: Village) -> None:
    ines, child = lived.client("ines"), lived.plan("active").child
    authority = lived.unit("early").authority_id
    assert fate_at(child, authority).rule != "placement_file"
    body = filled({"rule": "placement_file", "decision": "SN 7/2026"})
    assert ines.post(address(child), body).headers["Location"] == address(child)
    fate = fate_at(child, authority)
    assert (fate.state, fate.rule) == (State.NEVER, "placement_file")
    said = LongKept.objects.get(child=child)
    assert (said.rule, said.decision, said.said_by) == ("placement_file", "SN 7/2026", lived.post("early"))
    assert TrailEntry.objects.filter(act="file.kept_long", subjects__ref=said.ref).count() == 1
    assert "SN 7/2026" in ines.get(address(child)).content.decode()


def test_without_a_decision_or_said_before_nothing_is_written_and_what_was_typed_stays(lived: Village) -> None:
    ines, child = lived.client("ines"), lived.plan("active").child
    page = ines.post(address(child), filled({"rule": "placement_file", "decision": " "}))
    assert page.status_code == 422
    assert re.search(r'<input(?=[^>]*value="placement_file")(?=[^>]* checked)', page.content.decode())
    assert not LongKept.objects.filter(child=child).exists()
    body = {"rule": "placement_file", "decision": "SN 7/2026"}
    for status in (302, 422):
        assert ines.post(address(child), filled(body)).status_code == status
    assert LongKept.objects.filter(child=child).count() == 1


def test_the_childs_page_leads_there_for_who_works_with_the_file_at_social_services(lived: Village) -> None:
    child = lived.plan("active").child
    links = {
        who: address(child) in lived.client(who).get(reverse("desk:child", args=[child.ref])).content.decode()
        for who in ("ines", "bo")
    }
    assert links == {"ines": True, "bo": False}
