"""Whoever something was shared with reads what was shown when it was decided, and nothing that was said of it since."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from samsyn.common import clock
from samsyn.early_signals.actions import decline_request
from samsyn.organisations.models import Unit
from samsyn.people.models import Person
from samsyn.plans.models import PlanPaper
from samsyn.sharing.actions import Sharing, ask_consent, disclose
from samsyn.sharing.models import Disclosure
from tests.doors.desk.browsing import words
from tests.doors.scenes import filled, printed, said_yes
from tests.village import Village

NO = "Pappan är känd hos oss sedan 2019."


def shared_with_siv(village: Village, child: Person, thing: Any, kind: str) -> Disclosure:
    """Bo has opened a thing to Siv's unit on the guardians' yes."""
    bo, unit = village.acting("bo"), Unit.objects.get(ref=village.acting("siv").unit_ref)
    consent = ask_consent(
        bo,
        child,
        purpose="Lugna kvällar",
        kinds=[kind],
        receivers=[unit],
        until=clock.today() + timedelta(days=90),
        form="oral",
        language="sv",
        child_reason="De har pratat om det.",
    )
    said_yes(village, consent)
    ground = Sharing(gate="consent", purpose="Lugna kvällar", told="Ni vet.", consent=consent)
    return disclose(bo, child, thing.authority, unit, [(kind, thing.ref)], ground)


def page(village: Village, who: str, address: str) -> str:
    """The words of a page, in English."""
    client = village.client(who)
    client.cookies["django_language"] = "en"
    found = client.get(address)
    assert found.status_code == 200
    return words(found)


def test_siv_reads_what_bo_asked_ines_and_not_what_ines_answered(lived: Village) -> None:
    asked = lived.request("sent")
    row = shared_with_siv(lived, asked.child, asked, "request")
    decline_request(lived.acting("ines"), asked, reason=NO, alternative="Familjecentralen, som de känner.")
    siv = page(lived, "siv", f"/requests/{asked.ref}/")
    assert asked.wanted.split("\n")[0] in siv
    for said in (NO, "Familjecentralen, som de känner.", "Declined"):
        assert said not in siv
        assert said in page(lived, "bo", f"/requests/{asked.ref}/")
    helper = f"{asked.from_post.unit.name} asks {asked.to_unit.name}"
    assert helper in siv
    assert helper in page(lived, "siv", f"/disclosures/{row.ref}/")


def test_a_press_that_is_not_sivs_tells_her_nothing_of_the_answer(lived: Village) -> None:
    asked = lived.request("sent")
    shared_with_siv(lived, asked.child, asked, "request")
    decline_request(lived.acting("ines"), asked, reason=NO, alternative="Familjecentralen, som de känner.")
    sent = lived.client("siv").post(f"/requests/{asked.ref}/revoke/", filled({"words": "Vi tar tillbaka den."}))
    assert sent.status_code == 422
    assert "Familjecentralen, som de känner." not in sent.content.decode()
    assert NO not in sent.content.decode()


@pytest.mark.parametrize("who", ["bo", "ines"])
def test_the_paper_is_for_those_who_work_with_the_plan_and_not_for_whom_it_was_shared_with(
    lived: Village, who: str
) -> None:
    paper = PlanPaper.objects.select_related("plan__child").get(ref=printed(lived).place["ref"])
    plan = paper.plan
    row = shared_with_siv(lived, plan.child, plan, "plan")
    address, order = f"/papers/{paper.ref}/", f"/plans/{plan.ref}/paper/"
    assert "On paper" in page(lived, who, f"/plans/{plan.ref}/")
    assert lived.client(who).get(address).status_code == 200
    siv = page(lived, "siv", f"/plans/{plan.ref}/")
    assert "On paper" not in siv
    assert lived.client("siv").get(address).status_code == 404
    before = PlanPaper.objects.count()
    assert lived.client("siv").post(order, filled({"language": "sv"})).status_code == 404
    assert PlanPaper.objects.count() == before
    assert plan.heading in siv
    assert plan.heading in page(lived, "siv", f"/disclosures/{row.ref}/")
