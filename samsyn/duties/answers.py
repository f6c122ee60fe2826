"""What this room answers when a lower room asks: what hangs on a post."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from samsyn.common.ports import Hanging
from samsyn.duties.models import Duty, DutyState


def hangs_on_post(post_id: int) -> Iterator[Hanging]:
    """Everything that the post has to do, each told by the thing that it is about."""
    duties = Duty.objects.filter(post_id=post_id, state=DutyState.OPEN)
    for room, ref in duties.values_list("room", "object_ref"):
        yield Hanging("duties", room, ref, _("The post has something to do."))
