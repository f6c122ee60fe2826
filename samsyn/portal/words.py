"""Words of the portal: kinds of things, grounds and purposes, said to a family."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from samsyn import law
from samsyn.common import clock
from samsyn.law.words import sentence
from samsyn.look.words import in_a_row
from samsyn.sharing.models import ConsentLimit

KINDS = {
    "person": _lazy("name and age"),
    "circle": _lazy("who is around you"),
    "plan": _lazy("the plan"),
    "request": _lazy("a request for help"),
    "sign": _lazy("something that somebody noticed"),
    "talk": _lazy("what was said in a talk"),
    "five_questions": _lazy("the five questions"),
    "consent": _lazy("a question to you"),
    "disclosure": _lazy("what is shared"),
    "challenge": _lazy("what you find wrong"),
    "claim": _lazy("what you find wrong"),
}
PURPOSES = {
    "named_person": _lazy("As the one who answers first."),
    "lead": _lazy("To hold the team together."),
    "team": _lazy("To work in the team."),
    "attends": _lazy("To meet you in everyday life."),
    "noticed": _lazy("To follow up what was noticed."),
    "answers_request": _lazy("To help."),
    "asked": _lazy("To ask you."),
    "worklist": _lazy("To see what is to be done."),
    "register": _lazy("To get names right."),
    "own_authority": _lazy("They work in the same place, and look only at what their work needs."),
}

PLAN_STATES = {
    "offered": _lazy("It is ready to talk through with you."),
    "active": _lazy("This is what you have agreed on."),
    "in_review": _lazy("You look together at how it works."),
    "declined": _lazy("It was not agreed on. Nothing is done on it."),
    "closed": _lazy("It is finished."),
}


def in_words(kinds: Iterable[str]) -> str:
    """Kinds of things in a row, each once. A kind without words here is not told of."""
    given = set(kinds)
    return in_a_row(dict.fromkeys(str(words) for kind, words in KINDS.items() if kind in given))


def limit_words(limit: ConsentLimit) -> str:
    """What a yes left out: in the giver's own words, or what to whom."""
    if limit.words:
        return limit.words
    whom = limit.unit.name if limit.unit else limit.authority.name if limit.authority else ""
    kind = in_words([limit.kind])
    if whom and kind:
        return _("Left out: %(kind)s, to %(whom)s.") % {"kind": kind, "whom": whom}
    if whom:
        return _("Left out: everything to %(whom)s.") % {"whom": whom}
    return _("Left out: %(kind)s.") % {"kind": kind}


def purpose(key: str) -> str:
    """What somebody looked for, in words: a known purpose, or what the row of law says; "" for neither."""
    if key in PURPOSES:
        return str(PURPOSES[key])
    try:
        return sentence(law.on(clock.today()).row(key)) if key else ""
    except law.NoSuchRule:
        return ""
