"""Who answers for a child is told to whoever reads it, also where the row is another authority's; else to nobody.

An application that has been taken over asks the database itself, so the functions are asked here without it.
"""

from __future__ import annotations

from samsyn.circle.models import NamedPerson
from samsyn.common import second_lock
from samsyn.people.models import Person
from tests.two_locks.comparing import told
from tests.village import Village


def told_of(village: Village, who: str, child: Person) -> tuple[int | None, bool]:
    """What somebody's request is told: the post that answers, and whether any place is named."""
    viewer = village.acting(who)
    with told(viewer.account, viewer.post):
        return second_lock.named_post_of(child.pk), bool(second_lock.places_of(child.pk))


def test_who_answers_is_told_to_those_who_read_the_child_and_to_nobody_else(lived: Village) -> None:
    child = lived.plan("active").child
    post = NamedPerson.objects.get(child=child, until=None).post_id
    for who in ("bo", "ines"):
        assert told_of(lived, who, child) == (post, True), who
    for who in ("kurt", "siv"):
        assert told_of(lived, who, child) == (None, False), who
