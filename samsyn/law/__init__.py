"""Rules as dated data, each with its paragraph: clocks, gates, ages, tracks, retention, amounts. No Django.

``law.on(day)`` is the law of a day, ``law.deadline(id, start)`` says when something is due.
"""

from samsyn.law.consenting import child_may_decide, one_yes_is_enough
from samsyn.law.deadlines import Deadline
from samsyn.law.register import Law, deadline, load, local_deadline, on, shorten
from samsyn.law.rows import Age, Amount, Clock, Gate, Label, LawError, NoSuchRule, Retention, Row, Track
from samsyn.law.rules import may_set_locally
from samsyn.law.vocabulary import Kind, Measure, Nearness, Serves, Sphere, Strength, Unit

__all__ = [
    "Age",
    "Amount",
    "Clock",
    "Deadline",
    "Gate",
    "Kind",
    "Label",
    "Law",
    "LawError",
    "Measure",
    "Nearness",
    "NoSuchRule",
    "Retention",
    "Row",
    "Serves",
    "Sphere",
    "Strength",
    "Track",
    "Unit",
    "child_may_decide",
    "deadline",
    "load",
    "local_deadline",
    "may_set_locally",
    "on",
    "one_yes_is_enough",
    "shorten",
]
