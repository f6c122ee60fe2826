"""Sentences of this room: its duties, and why looks were chosen."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

DUTY_WORDS = {
    "review_looks": gettext_lazy("See whether there was a reason to look"),
}
WHY_WORDS = {
    "no_reason": gettext_lazy("No reason around the child was in force when it was read."),
    "own_child": gettext_lazy("The reader has custody of the child."),
    "same_name": gettext_lazy("The reader has the same family name as the child or a guardian."),
    "colleagues_child": gettext_lazy("A guardian of the child works at the same unit as the reader."),
    "night": gettext_lazy("It was read at night."),
    "many_children": gettext_lazy("The reader opened unusually many children that day."),
    "sample": gettext_lazy("Chosen by chance: everybody is looked at now and then."),
    "emergency": gettext_lazy("It was opened as an emergency."),
}
