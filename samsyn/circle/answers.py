"""What the circle answers to lower rooms that ask upwards (``common/ports.py``)."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from samsyn.circle.models import Handover, HandoverState, Membership, NamedPerson
from samsyn.common.ports import Hanging


def hangs_on_post(post_id: int) -> Iterator[Hanging]:
    """The children that the post is the named person of, the teams that it leads, the offers it has to answer."""
    for ref in NamedPerson.objects.filter(post_id=post_id, until=None).values_list("ref", flat=True):
        yield Hanging("circle", "named_person", ref, _("The post is the named person of a child."))
    for ref in Membership.objects.filter(post_id=post_id, is_lead=True, until=None).values_list("team__ref", flat=True):
        yield Hanging("circle", "team", ref, _("The post leads a team around a child."))
    offered = Handover.objects.filter(to_post_id=post_id, state=HandoverState.PROPOSED)
    for ref in offered.values_list("ref", flat=True):
        yield Hanging("circle", "handover", ref, _("An offer to take over waits for an answer from the post."))
