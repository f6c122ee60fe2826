"""What not even the owner of the tables may do. SQLite has no owner, and cannot empty a table at once."""

from __future__ import annotations

import psycopg
import pytest

from tests.shape.test_models import NEVER_REWRITTEN
from tests.two_locks.owner import Owner


def test_not_even_the_owner_empties_what_is_never_rewritten(owner: Owner) -> None:
    for table in NEVER_REWRITTEN:  # in one copy of the database
        with pytest.raises(psycopg.DatabaseError, match="is append-only"):
            owner.run(f'TRUNCATE "{table}" CASCADE')
