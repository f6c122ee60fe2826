"""The roles of the database and who may take them on, as SQL. An administrator runs this once for a server.

Knows nothing of Django, so that the tests' own server can be made by it.
"""

from __future__ import annotations

from collections.abc import Iterable

from samsyn.common.second_lock import ACTS, FACTS, HOUSE, READS

GROUPS = (READS, ACTS, HOUSE, FACTS)


def groups() -> list[str]:
    """Statements that make the four roles that nobody signs in as. Run them only where they are missing."""
    return [f"CREATE ROLE {name} NOLOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE" for name in GROUPS]


def memberships(*, owner: str, web: str, house: str) -> list[tuple[str, str]]:
    """Which login belongs to which role. The three logins may be one and the same where the house is tried out.

    The owner belongs to the facts' role to make its functions. The web's login may take on two roles and, by itself,
    has no right at all (NOINHERIT).
    """
    wanted = [(FACTS, owner), (READS, web), (ACTS, web), (HOUSE, house)]
    return list(dict.fromkeys(wanted))


def as_statements(pairs: Iterable[tuple[str, str]]) -> list[str]:
    """The grants, as SQL."""
    return [f'GRANT {role} TO "{login}"' for role, login in pairs]
