"""Two write in a plan: what who writes late is told of what the others changed meanwhile."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from samsyn.common.viewer import SYSTEM
from samsyn.people.actions import set_protection
from samsyn.plans.models import Action, Plan, PlanChange
from tests.doors.desk.browsing import words
from tests.doors.scenes import filled
from tests.village import Village


def written_late(village: Village, who: str, plan: Plan) -> str:
    """What somebody reads who writes on a page that is older than all that stands in the plan."""
    client = village.client(who)
    client.cookies["django_language"] = "en"
    address = reverse("desk:plan_change", args=[plan.ref, "add_need", plan.ref])
    page: Any = client.post(address, filled({"version": 1, "words": "Sent påkommet."}))
    assert page.status_code == 409
    return words(page)


@pytest.mark.parametrize("who", ["bo", "ines"])
def test_who_writes_late_reads_what_was_changed_with_those_who_do_it_by_name(lived: Village, who: str) -> None:
    plan = lived.plan("in_review")
    mine = Action.objects.filter(plan=plan, by_person__isnull=False).select_related("by_person")[0]
    posts = Action.objects.filter(plan=plan, by_post__isnull=False).select_related("by_post")[0]
    told = written_late(lived, who, plan)
    assert mine.by_person is not None
    assert posts.by_post is not None
    assert f"{mine.words} {mine.by_person.name}" in told
    assert f"{posts.words} {posts.by_post.title}" in told


def test_a_guardian_who_is_protected_since_is_named_to_nobody_who_writes_late(lived: Village) -> None:
    plan = lived.plan("in_review")
    guardian = Action.objects.filter(plan=plan, by_person__isnull=False)[0].by_person
    assert guardian is not None
    name = guardian.name
    set_protection(SYSTEM, guardian, "protected")
    assert name not in lived.client("ines").get(reverse("desk:plan", args=[plan.ref])).content.decode()
    told = written_late(lived, "ines", plan)
    assert name not in told
    assert "(protected)" in told
    kept = PlanChange.objects.filter(plan=plan).values_list("was", "became")
    assert not [one for one in kept if name in " ".join(one)]
