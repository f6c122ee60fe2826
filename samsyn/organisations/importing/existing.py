"""What is there already of principals, authorities, units and posts, as an import compares with it."""

from __future__ import annotations

from dataclasses import dataclass, field

from samsyn.organisations.importing.structure import AuthorityKey, PostFacts, PrincipalKey, UnitFacts
from samsyn.organisations.models import Authority, Post, Principal, Unit


@dataclass
class Existing:
    """Rows of the store by the ids that the files use. The ``…_pk`` maps grow as the import writes."""

    principals: dict[PrincipalKey, str] = field(default_factory=dict)
    principal_pk: dict[PrincipalKey, int] = field(default_factory=dict)
    authorities: dict[AuthorityKey, str] = field(default_factory=dict)
    authority_pk: dict[AuthorityKey, int] = field(default_factory=dict)
    units: dict[str, UnitFacts] = field(default_factory=dict)
    unit_pk: dict[str, int] = field(default_factory=dict)
    posts: dict[str, PostFacts] = field(default_factory=dict)
    post_pk: dict[str, int] = field(default_factory=dict)
    ended_posts: set[str] = field(default_factory=set)
    ended_units: set[str] = field(default_factory=set)


def load_existing() -> Existing:
    """Everything there is, in four questions. Units and posts are found by id whichever principal they belong to."""
    there = Existing()
    for pk, kind, code, name in Principal.objects.values_list("pk", "kind", "code", "name"):
        there.principals[kind, code] = name
        there.principal_pk[kind, code] = pk
    for pk, kind, code, name, sphere in Authority.objects.values_list(
        "pk", "principal__kind", "principal__code", "name", "sphere"
    ):
        there.authorities[kind, code, name] = sphere
        there.authority_pk[kind, code, name] = pk
    authority_keys = {pk: key for key, pk in there.authority_pk.items()}
    units = Unit.objects.values_list(
        "pk",
        "source_id",
        "authority_id",
        "name",
        "kind",
        "parent__source_id",
        "telephone",
        "telephone_hours",
        "ended_on",
    )
    for pk, source_id, authority, name, kind, parent, telephone, hours, ended_on in units.iterator():
        there.units[source_id] = UnitFacts(authority_keys[authority], name, kind, parent or "", telephone, hours)
        there.unit_pk[source_id] = pk
        if ended_on is not None:
            there.ended_units.add(source_id)
    posts = Post.objects.values_list(
        "pk", "source_id", "unit__source_id", "title", "role", "parent__source_id", "ended_on"
    )
    for pk, source_id, unit, title, role, parent, ended_on in posts.iterator():
        there.posts[source_id] = PostFacts(unit, title, role, parent or "")
        there.post_pk[source_id] = pk
        if ended_on is not None:
            there.ended_posts.add(source_id)
    return there
