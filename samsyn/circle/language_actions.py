"""What a child and its guardians speak, and whether they need an interpreter: noted by who follows the child."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from samsyn.circle import rules
from samsyn.common import clock
from samsyn.common.decision import require
from samsyn.common.viewer import Viewer
from samsyn.people.models import Person
from samsyn.sharing.actions import guardians_today
from samsyn.sharing.predicate import follows
from samsyn.trail.actions import act
from samsyn.trail.rules import Subject


def family_seen(viewer: Viewer, child: Person) -> list[Person]:
    """The child, and those who have custody of it today as far as they exist for the viewer."""
    guardians = [row.guardian_id for row in guardians_today(child)]
    seen = Person.objects.visible_to(viewer).filter(pk__in=guardians).order_by("pk")
    return [child, *seen]


def spoken(person: Person) -> str:
    """What is noted of somebody's languages, in one word: what a page carries to tell whether it was changed since."""
    return f"{','.join(person.languages)}|{person.interpreter}"


@transaction.atomic
def note_languages(
    viewer: Viewer, child: Person, person: Person, *, languages: Sequence[str], interpreter: str, shown: str
) -> Person:
    """Note what the child, or one of its guardians, speaks. ``interpreter``: in which language, "" for none.

    ``shown``: what stood on the page (``spoken``). Raises Refused for who does not follow the child, for somebody who
    is not in the family or does not exist for the viewer, and when another one has changed it since.
    """
    held: Person = Person.objects.select_for_update().get(pk=person.pk)
    require(
        rules.may_note_languages(
            follows_child=follows(viewer, child, clock.now()),
            in_family=held in family_seen(viewer, child),
            as_shown=spoken(held) == shown,
        )
    )
    held.languages, held.interpreter = list(dict.fromkeys(languages)), interpreter
    held.save(update_fields=["languages", "interpreter"])
    act(viewer, "people.languages_noted", [Subject("person", held.ref, child.ref)])
    return held
