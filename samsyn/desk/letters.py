"""What a text needs in order to be shown: the same to its writer, to who decides, and to who receives it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from samsyn.common import clock
from samsyn.early_signals.models import Sign
from samsyn.people.models import Guardianship


def letter(sign: Sign, family: Sequence[Guardianship], areas: Mapping[str, str]) -> dict[str, Any]:
    """What the letter template needs to show the sign as its receiver sees it.

    ``family``: who has custody. ``areas``: what the areas are called there, from ``areas_of``.
    """
    names = {"child": sign.child.name, **{str(row.guardian.ref): row.guardian.name for row in family}}
    return {
        "sign": sign,
        "child": sign.child,
        "age": sign.child.age_on(clock.today()),
        "areas": [areas.get(one, one) for one in sign.areas],
        "talked_with": [names[one] for one in sign.talked_with if one in names],
    }
