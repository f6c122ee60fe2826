"""Which columns of what the family may see stand in an extract, in the order of the paper, each with its words.

What names who noticed, who decided or another in the family is left out: it is theirs, and not the child's.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Model
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from samsyn.circle.models import Membership, NamedPerson, Team
from samsyn.common.crypto import CannotUnseal
from samsyn.common.viewer import Viewer
from samsyn.early_signals.models import FiveQuestions, Request, Sign, Talk
from samsyn.look.dates import day_and_year
from samsyn.plans.models import Action, Goal, Need, Plan, View
from samsyn.sharing.models import (
    Challenge,
    ChallengeAnswer,
    ClaimOfError,
    Consent,
    ConsentAnswer,
    ConsentText,
    Disclosure,
)

Words = Promise
IN_SWEDISH = "sv"


@dataclass(frozen=True)
class Held:
    """One kind of row: what it is called, and its columns with their words; the first is what it is about.

    ``childs``: the columns that only the child itself reads. ``lists``: what else stands in it, a row at a time, by a
    word, its words, and how it is found: kinds of things by the word of a disclosure, others by their name.
    ``texts``: the same for what was said or read by this reader, word for word.
    """

    model: type[Model]
    title: Words
    columns: tuple[tuple[str, Words], ...]
    childs: frozenset[str] = frozenset()
    lists: tuple[tuple[str, Words, Callable[[Any], list[str]]], ...] = ()
    texts: tuple[tuple[str, Words, Callable[[Any, Viewer], list[str]]], ...] = ()


def _shared_kinds(row: Disclosure) -> list[str]:
    return sorted({item.kind for item in row.items.all()} - {"claim"})  # what is said of a text goes with the text


def _asked_kinds(row: Consent) -> list[str]:
    return sorted({*row.kinds, *(item.kind for item in row.items.all())})


def _asked_for(row: Consent) -> list[str]:
    return [f"{unit.name}, {unit.authority.name}" for unit in row.receivers.select_related("authority").order_by("pk")]


def _read(row: Consent, viewer: Viewer) -> list[str]:
    """The text of a question: as this reader has read it, or else as it would be read now."""
    answers = ConsentAnswer.objects.visible_to(viewer).filter(consent=row, giver=viewer.person)
    texts = row.texts.filter(pk__in=answers.values("text")) or row.texts.filter(language=get_language())
    return [_opened(text) for text in (texts or row.texts.filter(language=IN_SWEDISH)).order_by("pk")]


def _opened(text: ConsentText) -> str:
    try:
        return text.words
    except CannotUnseal:
        return _("It cannot be opened any more.")


def _said(row: Disclosure, viewer: Viewer) -> list[str]:
    """What this reader has said of what is shared: the own words, or the day of the own yes. Nobody else's."""
    whose = "child" if row.child_id == viewer.person else str(viewer.person_ref)
    own = [one for one in row.views if one["whose"] == whose]
    yes = [date.fromisoformat(one["yes_on"]) for one in own if one.get("yes_on")]
    said = [one["said"] for one in own if one.get("said")]
    return said + [_("Said yes when asked on %(when)s.") % {"when": day_and_year(day)} for day in yes]


SINCE, UNTIL, WHEN = _lazy("Since"), _lazy("Until"), _lazy("When")
STATE, WORDS_OF, WHY = _lazy("How it stands"), _lazy("In words"), _lazy("Why")
CHILD_SAID = _lazy("The child's own words")

HELD: tuple[Held, ...] = (
    Held(NamedPerson, _lazy("Who answers"), (("post", _lazy("Who")), ("since", SINCE), ("until", UNTIL))),
    Held(
        Team,
        _lazy("The team"),
        (
            ("purpose", WHY),
            ("state", STATE),
            ("proposed_at", WHEN),
            ("child_view", CHILD_SAID),
            ("lead_wish", _lazy("Whom the family wanted")),
            ("closed_at", UNTIL),
        ),
        childs=frozenset(("child_view",)),
    ),
    Held(Membership, _lazy("In the team"), (("post", _lazy("Who")), ("since", SINCE), ("until", UNTIL))),
    Held(
        Sign,
        _lazy("What somebody noticed"),
        (
            ("saw", _lazy("What was seen")),
            ("kind", _lazy("What it was")),
            ("observed_on", WHEN),
            ("child_words", CHILD_SAID),
            ("did", _lazy("What was done")),
            ("decision", _lazy("What was decided")),
            ("state", STATE),
        ),
    ),
    Held(
        Talk,
        _lazy("A talk"),
        (("held_on", WHEN), ("child_words", CHILD_SAID), ("family_words", _lazy("What the family said"))),
    ),
    Held(
        FiveQuestions,
        _lazy("The five questions"),
        (
            ("in_the_way", _lazy("What is in the way")),
            ("have_all_information", _lazy("What is known")),
            ("can_do_now", _lazy("What can be done now")),
            ("own_agency_can_do", _lazy("What the own work can do")),
            ("needed_from_others", _lazy("What is needed from others")),
            ("decision", _lazy("What was decided")),
            ("at", WHEN),
        ),
    ),
    Held(
        Request,
        _lazy("A request for help"),
        (
            ("wanted", _lazy("What help")),
            ("to_unit", _lazy("Asked of")),
            ("sent_at", WHEN),
            ("background", WHY),
            ("state", STATE),
            ("proposal", _lazy("Another way that was proposed")),
            ("decline_reason", _lazy("Why it was declined")),
            ("alternative", _lazy("What was offered instead")),
            ("outcome", _lazy("How it went")),
            ("outcome_words", WORDS_OF),
        ),
    ),
    Held(
        Plan,
        _lazy("The plan"),
        (
            ("heading", WORDS_OF),
            ("state", STATE),
            ("agreed_at", _lazy("Agreed")),
            ("review_on", _lazy("Looked at again")),
            ("closed_at", UNTIL),
            ("how_to_reach_us", _lazy("How to reach us")),
        ),
    ),
    Held(Need, _lazy("A need in the plan"), (("words", WORDS_OF),)),
    Held(Goal, _lazy("A goal in the plan"), (("words", WORDS_OF), ("evidenced_by", _lazy("How it shows")))),
    Held(
        Action,
        _lazy("Something to do in the plan"),
        (
            ("words", WORDS_OF),
            ("by_post", _lazy("Who")),
            ("due_on", _lazy("At the latest")),
            ("state", STATE),
            ("left_out_because", WHY),
        ),
    ),
    Held(View, _lazy("What you said of the plan"), (("words", WORDS_OF), ("at", WHEN))),
    Held(
        Consent,
        _lazy("A question to the family"),
        (
            ("purpose", WHY),
            ("errand", _lazy("What was asked")),
            ("exceptions", _lazy("What was left out")),
            ("asked_at", WHEN),
            ("since", SINCE),
            ("until", UNTIL),
        ),
        lists=(("kinds", _lazy("What"), _asked_kinds), ("receivers", _lazy("With whom"), _asked_for)),
        texts=(("text", _lazy("The text that is read before an answer"), _read),),
    ),
    Held(ConsentAnswer, _lazy("Your answer"), (("step", WORDS_OF), ("form", _lazy("In which way")), ("at", WHEN))),
    Held(
        Disclosure,
        _lazy("What is shared"),
        (
            ("purpose", _lazy("What for")),
            ("receiver", _lazy("With whom")),
            ("gate", _lazy("The rule")),
            ("needed_because", _lazy("Why it is needed")),
            ("not_less_because", _lazy("Why less is not enough")),
            ("told", _lazy("What you were told")),
            ("told_on", WHEN),
            ("since", SINCE),
            ("expires_on", _lazy("At the longest until")),
            ("ended_at", _lazy("Ended")),
        ),
        lists=(("kinds", _lazy("What"), _shared_kinds),),
        texts=(("said", _lazy("What you said"), _said),),
    ),
    Held(Challenge, _lazy("What you find wrong"), (("words", WORDS_OF), ("at", WHEN))),
    Held(
        ChallengeAnswer,
        _lazy("The answer to what you find wrong"),
        (("words", WORDS_OF), ("outcome", _lazy("What came of it")), ("at", WHEN)),
    ),
    Held(ClaimOfError, _lazy("What you say is wrong in a text"), (("words", WORDS_OF), ("at", WHEN))),
)
