"""What is held of whoever reads an extract: the own numbers and languages, and of whom the reader has or had custody.

No page shows a number: it is opened while the extract is made, on the worker's side, and for its own person alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from samsyn.common.crypto import CannotUnseal
from samsyn.common.viewer import Viewer
from samsyn.look import dates
from samsyn.look.words import in_a_row, language_name
from samsyn.people.identities import open_number
from samsyn.people.models import Guardianship, Identity, Person, Protection
from samsyn.people.numbers import IdentitySystem, written
from samsyn.sharing.family import as_known_to

NUMBERS = {
    IdentitySystem.PERSONNUMMER: _lazy("Personal identity number"),
    IdentitySystem.SAMORDNINGSNUMMER: _lazy("Coordination number"),
    IdentitySystem.LMA: _lazy("Number on an LMA card"),
    IdentitySystem.RESERVE: _lazy("Reserve number, from care, a school or a municipality"),
}


@dataclass(frozen=True)
class Own:
    """The reader, the own numbers (system, number as written, "" where it does not open), and the own custody."""

    reader: Person
    numbers: tuple[tuple[str, str], ...]
    custody: tuple[Guardianship, ...]


def own_of(viewer: Viewer, child: Person) -> Own:
    """What is held of the reader. What somebody else has a better right to, a number noted beside, is not told."""
    reader: Person = Person.objects.visible_to(viewer).get(pk=viewer.person)
    held = Identity.objects.filter(person=reader, beside=False).select_related("person").order_by("system", "pk")
    return Own(reader, tuple((one.system, _number(one)) for one in held), tuple(custody_of(viewer, child)))


def custody_of(viewer: Viewer, child: Person) -> list[Guardianship]:
    """The reader's own custody of the child, over or not; where the reader is the one it is about, of every child that
    the reader sees. Of a protected one nothing."""
    children = Person.objects.visible_to(viewer).filter(protection=Protection.NONE)
    if child.pk != viewer.person:
        children = children.filter(pk=child.pk)
    held = Guardianship.objects.filter(guardian=viewer.person, child__in=children)
    rows = list(held.select_related("child").order_by("child", "since", "pk"))
    as_known_to(viewer, *(one.child for one in rows))
    return rows


def _number(identity: Identity) -> str:
    try:
        return written(identity.system, open_number(identity))
    except CannotUnseal:
        return ""


def as_data(own: Own) -> dict[str, Any]:
    """As plain data, to be read by a machine."""
    return {
        "ref": str(own.reader.ref),
        "numbers": [{"system": system, "number": number or None} for system, number in own.numbers],
        "languages": list(own.reader.languages),
        "interpreter": own.reader.interpreter,
        "custody": [
            {
                "of": one.child.full_name,
                "ref": str(one.child.ref),
                "custody": one.custody,
                "since": one.since.isoformat(),
                "until": one.until and one.until.isoformat(),
            }
            for one in own.custody
        ],
    }


def on_paper(own: Own) -> Iterator[list[tuple[str, str]]]:
    """A row at a time, each line with its words and what is said."""
    lines = [
        (str(NUMBERS.get(IdentitySystem(system), _("Number"))), number or _("It cannot be opened any more."))
        for system, number in own.numbers
    ]
    if own.reader.languages:
        lines.append((_("Speaks"), in_a_row(language_name(code) for code in own.reader.languages)))
    if own.reader.interpreter:
        lines.append((_("Interpreter, in which language?"), language_name(own.reader.interpreter)))
    if lines:
        yield lines
    for one in own.custody:
        about = [(_("Guardian of"), one.child.full_name), (_("How"), str(one.get_custody_display()))]
        about.append((_("Since"), dates.day_and_year(one.since)))
        yield [*about, *([(_("Until"), dates.day_and_year(one.until))] if one.until else [])]
