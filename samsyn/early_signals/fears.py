"""That harm is feared, in a word beside what is to be done about a sign."""

from __future__ import annotations

from django.db.models import Exists, OuterRef

from samsyn.early_signals.models import Sign


def harm_feared(ref: str) -> Exists:
    """Does the sign whose reference stands in the column ``ref`` say that harm is feared: yes or no, and no more.

    Only for a row whose reader answers for that sign, and so may read it: it is not asked once more, for a list's sake.
    """
    return Exists(Sign.objects.filter(ref=OuterRef(ref), harm_feared=True))
