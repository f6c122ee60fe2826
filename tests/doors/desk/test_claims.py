"""What somebody says is wrong stands beside each kind of text, on the text's own page, and neither goes away."""

from __future__ import annotations

import pytest
from django.urls import reverse

from samsyn.early_signals.models import FiveQuestions, Request, Talk
from samsyn.plans.models import Plan
from samsyn.sharing.actions import claim_error, guardians_today
from tests.doors.scenes import filled
from tests.village import Village

SAID = "Så var det inte."


def place(village: Village, kind: str) -> tuple[Plan | Request | Talk | FiveQuestions, str]:
    """A text about a child whom Bo follows, and the address of its own page."""
    authority = village.post("rektor").unit.authority_id
    if kind == "plan":
        plan = village.plan("active")
        return plan, reverse("desk:plan", args=[plan.ref])
    if kind == "request":
        asked = Request.objects.filter(authority=authority, from_post=village.post("rektor")).latest("pk")
        return asked, reverse("desk:request", args=[asked.ref])
    model = Talk if kind == "talk" else FiveQuestions
    text = model.objects.filter(authority=authority, child=village.child("Signe")).select_related("sign").latest("pk")
    return text, reverse("desk:sign", args=[text.sign.ref])


@pytest.mark.parametrize("kind", ["plan", "request", "talk", "five_questions"])
def test_what_amal_says_is_wrong_is_written_down_from_the_text_and_stands_beside_it(lived: Village, kind: str) -> None:
    text, page = place(lived, kind)
    bo, there = lived.client("bo"), f"{reverse('desk:wrong', args=[text.child.ref])}?item={text.ref}"
    assert there in bo.get(page).content.decode()
    who = guardians_today(text.child)[0].guardian
    written = bo.post(there, filled({"by": str(who.ref), "words": SAID}))
    assert (written.status_code, written.headers["Location"]) == (302, page)
    assert SAID in bo.get(page).content.decode()


def test_on_the_plan_a_partner_reads_beside_the_text_what_is_said_to_be_wrong_in_it(lived: Village) -> None:
    plan, page = place(lived, "plan")
    claim_error(
        lived.acting("bo"),
        plan.child,
        plan.authority_id,
        ("plan", plan.ref),
        SAID,
        by=guardians_today(plan.child)[0].guardian,
    )
    shown = lived.client("ines").get(page).content.decode()
    assert SAID in shown
    assert "/wrong/" not in shown
