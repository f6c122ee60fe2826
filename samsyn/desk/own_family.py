"""What nobody decides at work about the own family: the page that says so instead of the one that was asked for."""

from __future__ import annotations

from django.http import HttpResponse

from samsyn.desk.doors import StaffRequest, page
from samsyn.people.models import Person
from samsyn.sharing.actions import at_work_with_others
from samsyn.trail.pressing import KeyedForm, say


def left_to_a_colleague(request: StaffRequest, child: Person) -> HttpResponse | None:
    """The page that leaves it to a colleague, where the child is of the viewer's own family; else None.

    It shows nothing of what has been decided: that may be about the reader, or about another in the family.
    """
    decision = at_work_with_others(request.viewer, child)
    if decision:
        return None
    form = None
    if request.method == "POST":
        form = KeyedForm(request.POST)
        form.is_valid()
        say(form, decision)
        request.refused = decision
    return page(request, "desk/own_family.html", {"child": child}, form)
