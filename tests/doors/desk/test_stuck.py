"""The duty desk is called in to a request that it may not read: it can do what it is called for, and reads nothing."""

from __future__ import annotations

from uuid import uuid4

from django.urls import reverse

from samsyn.duties.models import Duty, DutyState
from samsyn.early_signals.models import Request
from tests.village import Village


def test_karin_helps_a_request_of_another_authority_on_without_reading_it(lived: Village) -> None:
    duty = Duty.objects.get(what="unstick", post=lived.post("desk"), state=DutyState.OPEN)
    asked = Request.objects.select_related("child").get(ref=duty.object_ref)
    karin = lived.client("karin")
    address = reverse("desk:request", args=(asked.ref,))
    answer = karin.get(address)
    assert answer.status_code == 200
    page = answer.content.decode()
    assert duty.waiting in page
    for words in (asked.wanted, asked.background, asked.child.name, asked.child.full_name):
        assert words not in page
    list_ = karin.get("/").content.decode()
    assert "Ett barn som andra följer" in list_
    letters = asked.child.given_name[0] + "." + asked.child.family_name[0] + "."
    assert letters not in list_
    assert karin.post(reverse("desk:request_act", args=(asked.ref, "accept")), {"key": uuid4()}).status_code == 404
    helped = karin.post(reverse("desk:request_act", args=(asked.ref, "settle")), {"key": uuid4()})
    assert (helped.status_code, helped.headers["Location"]) == (302, "/")
    duty.refresh_from_db()
    assert duty.state == DutyState.DONE
    assert karin.get(address).status_code == 404


def test_nobody_else_is_let_in_by_that_duty(lived: Village) -> None:
    duty = Duty.objects.get(what="unstick", post=lived.post("desk"), state=DutyState.OPEN)
    for who in ("kurt", "siv", "moa", "hedda"):
        client = lived.client(who)
        assert client.get(reverse("desk:request", args=(duty.object_ref,))).status_code == 404
        settle = reverse("desk:request_act", args=(duty.object_ref, "settle"))
        assert client.post(settle, {"key": uuid4()}).status_code == 404
