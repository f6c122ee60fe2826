"""Those around the child who get no information: a coach, a grandmother. Noted, and taken away again."""

from __future__ import annotations

from django.db import transaction

from samsyn.circle import rules
from samsyn.circle.models import Relation
from samsyn.circle.teams import KIND
from samsyn.common import clock
from samsyn.common.decision import require
from samsyn.common.text import clean_line
from samsyn.common.viewer import Viewer
from samsyn.people.models import Person
from samsyn.sharing.predicate import follows
from samsyn.trail.actions import act
from samsyn.trail.rules import Subject


@transaction.atomic
def add_relation(viewer: Viewer, child: Person, *, name: str, relation: str, place: str = "") -> Relation:
    """Note somebody around the child, in the viewer's own authority. It opens nothing for anybody.

    ``relation``: what that person is to the child; ``place``: where they meet, "" for somebody at home.
    Raises Refused for who does not follow the child, and for a child whose data are protected.
    """
    name = clean_line(name, Relation.LONGEST_NAME, field="name")
    relation = clean_line(relation, Relation.LONGEST_WORD, field="relation")
    place = clean_line(place, Relation.LONGEST_WORD, field="place")
    require(
        rules.may_note_relation(
            follows_child=follows(viewer, child, clock.now()),
            protected=child.is_protected,
            name=name,
            relation=relation,
        )
    )
    assert viewer.authority is not None  # who follows a child acts as a post
    noted = Relation.objects.create(
        child=child, authority_id=viewer.authority, name=name, relation=relation, place=place, since=clock.now()
    )
    act(viewer, "relation.noted", [Subject(KIND, noted.ref, child.ref, "around")])
    return noted


@transaction.atomic
def end_relation(viewer: Viewer, relation: Relation) -> Relation:
    """Say that somebody is no longer around the child. Raises Refused for others, and the second time."""
    relation = Relation.objects.select_for_update(of=("self",)).select_related("child").get(pk=relation.pk)
    own = relation.authority_id == viewer.authority
    require(
        rules.may_end_relation(
            follows_child=own and follows(viewer, relation.child, clock.now()), ended=relation.until is not None
        )
    )
    relation.until = clock.now()
    relation.save(update_fields=["until"])
    act(viewer, "relation.ended", [Subject(KIND, relation.ref, relation.child.ref, "gone")])
    return relation
