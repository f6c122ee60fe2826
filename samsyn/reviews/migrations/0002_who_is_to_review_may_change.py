"""A review can go to somebody else, when its post has come to the one who looked; nothing else of it changes."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations

from samsyn.common.triggers import append_only_but


class Migration(migrations.Migration):
    """The triggers of one table anew, after those that came with weeding."""

    dependencies: ClassVar = [("reviews", "0001_initial"), ("retention", "0002_what_is_weeded")]
    operations: ClassVar = [append_only_but("reviewer_id", "reviews_logreview")]
