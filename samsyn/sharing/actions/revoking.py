"""What of an answer must hold after a restore: that a yes was taken back, and what a yes to a part leaves out."""

from __future__ import annotations

from collections.abc import Sequence

from samsyn.common.viewer import Viewer
from samsyn.sharing.models import ConsentAnswer
from samsyn.trail.revoking import revoke
from samsyn.trail.rules import Subject


def taken_back(viewer: Viewer, row: ConsentAnswer, subjects: Sequence[Subject]) -> None:
    """A yes that is taken back stays so after a restore: all of the answer but what proves the signature."""
    revoke(
        viewer,
        f"consent.{row.step}",
        subjects,
        ("answer", row.ref),
        consent=row.consent.ref,
        giver=row.giver.ref,
        step=row.step,
        form=row.form,
        language=row.language,
        read_in=row.text.language,
        post=viewer.post_ref if viewer.is_staff else None,
        person=viewer.person_ref,
    )


def narrowed(viewer: Viewer, row: ConsentAnswer, subjects: Sequence[Subject]) -> None:
    """What a yes to a part leaves out stays left out after a restore, also where the yes itself is not there."""
    rows = row.limits.select_related("unit", "authority")
    left_out = [
        (str(one.unit.ref) if one.unit else "", str(one.authority.ref) if one.authority else "", one.kind)
        for one in rows
    ]
    revoke(
        viewer,
        f"consent.{row.step}",
        subjects,
        ("left_out", row.consent.ref),
        limits=" ".join("/".join(one) for one in left_out),
    )
