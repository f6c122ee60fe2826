"""What the child and each guardian are known to say of something that is to be shared: nobody writes it twice."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _

from samsyn.desk.doors import StaffRequest
from samsyn.early_signals.models import Talk
from samsyn.look.dates import day_and_year
from samsyn.people.models import Person
from samsyn.sharing.models import Consent
from samsyn.sharing.rules import View


def views_known(
    request: StaffRequest,
    child: Person,
    people: Mapping[str, Person],
    *,
    consent: Consent | None,
    spoken: Iterable[str] = (),
) -> list[View]:
    """What each of ``people`` says, or why that one was not asked; both empty where nothing is known.

    ``people``: as ``View.whose`` names them. ``consent``: the yes that it rests on, which says what those who decide
    say. ``spoken``: the child's own words elsewhere, the newest first, where the newest talk has none.
    """
    talk = Talk.objects.visible_to(request.viewer).filter(child=child).order_by("-at", "-pk").first()
    views = {whose: _said_in(talk, whose) if talk else View(whose) for whose in people}
    if "child" in views and not views["child"].said:
        words = next((words for words in spoken if words), "")
        views["child"] = View("child", words, views["child"].not_asked_because)
    if consent is not None:
        words = _("Said yes when asked on %(when)s.") % {"when": day_and_year(consent.asked_at)}
        views.update({whose: View(whose, words) for whose in people if whose != "child" or len(people) == 1})
    return list(views.values())


def _said_in(talk: Talk, whose: str) -> View:
    """What somebody said in the newest talk, or why that one took no part."""
    took_part = talk.with_child if whose == "child" else whose in talk.with_guardians
    if took_part:
        return View(whose, talk.child_words if whose == "child" else talk.family_words)
    why_not = talk.not_with_child_because if whose == "child" else talk.not_with_guardians_because
    return View(whose, not_asked_because=why_not)
