"""What the organisation's file would change, and everything in it that cannot be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from samsyn.common.decision import Decision, no
from samsyn.organisations import rules
from samsyn.organisations.actions_founding import may_found, official_name
from samsyn.organisations.importing.existing import Existing
from samsyn.organisations.importing.reading import Faults
from samsyn.organisations.importing.structure import AuthorityKey, PostFacts, PrincipalKey, Structure, UnitFacts
from samsyn.organisations.models import PostRole


@dataclass
class Changes:
    """What is new and what is different, by the ids of the file."""

    principals: list[PrincipalKey] = field(default_factory=list)
    authorities: list[AuthorityKey] = field(default_factory=list)
    new_units: dict[str, UnitFacts] = field(default_factory=dict)
    changed_units: dict[str, UnitFacts] = field(default_factory=dict)
    new_posts: dict[str, PostFacts] = field(default_factory=dict)
    changed_posts: dict[str, PostFacts] = field(default_factory=dict)

    def rows(self, told: Structure) -> set[int]:
        """The rows that tell of anything new or different."""
        principals, authorities = set(self.principals), set(self.authorities)
        return {
            row
            for row, (principal, authority, unit, post) in told.rows.items()
            if principal in principals
            or authority in authorities
            or unit in self.new_units
            or unit in self.changed_units
            or post in self.new_posts
            or post in self.changed_posts
        }


def compare(told: Structure, there: Existing, faults: Faults) -> Changes:
    """What the file changes. What cannot be is reported with its row and column."""
    changes = Changes(
        principals=[key for key in told.principals if key not in there.principals],
        authorities=[key for key in told.authorities if key not in there.authorities],
        new_units={key: unit for key, unit in told.units.items() if key not in there.units},
        changed_units={key: unit for key, unit in told.units.items() if there.units.get(key, unit) != unit},
        new_posts={key: post for key, post in told.posts.items() if key not in there.posts},
        changed_posts={key: post for key, post in told.posts.items() if there.posts.get(key, post) != post},
    )
    _check_principals(told, there, changes, faults)
    _check_authorities(told, there, faults)
    _check_units(told, there, faults)
    _check_posts(told, there, faults)
    return changes


def _check_principals(told: Structure, there: Existing, changes: Changes, faults: Faults) -> None:
    whole = [key for key in changes.principals if all(key)]
    for count, key in enumerate(whole):
        decision = may_found(*key, len(there.principals) + count)
        if not decision:
            faults(told.row_of("principal", key), "principal_code", decision)


def _check_authorities(told: Structure, there: Existing, faults: Faults) -> None:
    for key, sphere in told.authorities.items():
        if there.authorities.get(key, sphere) != sphere:
            faults(
                told.row_of("authority", key),
                "sphere",
                no(
                    "The authority is here already, with another sphere. What it holds stands under that one's secrecy."
                ),
            )


def _check_units(told: Structure, there: Existing, faults: Faults) -> None:
    every = {**there.units, **told.units}
    circles = _in_circles({key: unit.parent for key, unit in every.items()})
    for key, unit in told.units.items():
        row = told.row_of("unit", key)
        before = there.units.get(key)
        if before is not None and before.authority != unit.authority:
            faults(
                row, "authority", no("This unit is here already, in another authority. It cannot move between them.")
            )
        if not unit.parent:
            continue
        if unit.parent not in every:
            faults(row, "unit_parent", no("There is no unit with this id."))
        elif key in circles:
            faults(row, "unit_parent", no("The units above go round in a circle."))
        else:
            _say(
                faults,
                row,
                "unit_parent",
                rules.may_place_unit(
                    same_authority=every[unit.parent].authority == unit.authority,
                    parent_ended=unit.parent in there.ended_units and (before is None or before.parent != unit.parent),
                ),
            )


def _check_posts(told: Structure, there: Existing, faults: Faults) -> None:
    units = {**there.units, **told.units}
    every = {**there.posts, **told.posts}
    circles = _in_circles({key: post.parent for key, post in every.items()})
    named: dict[str, str] = {
        post.unit: key
        for key, post in every.items()
        if post.role == PostRole.NAMED_PERSON and key not in there.ended_posts and key not in told.posts
    }
    for key, post in told.posts.items():
        row = told.row_of("post", key)
        authority = units[post.unit].authority
        before = there.posts.get(key)
        if key in there.ended_posts:
            faults(row, "post_id", no("This post has ended. Give the new one an id of its own."))
        if before is not None and units[before.unit].authority != authority:
            faults(row, "unit_id", no("This post is here already, in another authority. It cannot move between them."))
        if post.role == PostRole.NAMED_PERSON and named.setdefault(post.unit, key) != key:
            faults(row, "post_role", no("The unit has another post for the named person. It has one."))
        if post.unit in there.ended_units and (before is None or before.unit != post.unit):
            faults(row, "unit_id", rules.may_stand_in(unit_ended=True))
        if not post.parent:
            continue
        if post.parent not in every:
            faults(row, "post_parent", no("There is no post with this id."))
        elif key in circles:
            faults(row, "post_parent", no("The posts above go round in a circle."))
        else:
            parent = every[post.parent]
            _say(
                faults,
                row,
                "post_parent",
                rules.may_place_post(
                    same_authority=units[parent.unit].authority == authority,
                    parent_is_desk=parent.role == PostRole.DUTY_DESK,
                    parent_ended=post.parent in there.ended_posts,
                ),
            )


def _say(faults: Faults, row: int, column: str, decision: Decision) -> None:
    if not decision:
        faults(row, column, decision)


def _in_circles(parents: Mapping[str, str]) -> set[str]:
    """Those from whom the way upwards never ends."""
    ends: dict[str, bool] = {}
    for start in parents:
        way: dict[str, None] = {}
        here = start
        while here and here in parents and here not in ends and here not in way:
            way[here] = None
            here = parents[here]
        it_ends = here not in way and ends.get(here, True)
        ends.update(dict.fromkeys(way, it_ends))
    return {one for one, it_ends in ends.items() if not it_ends}


def name_of(told: Structure, key: PrincipalKey) -> str:
    """The name that a new principal gets: the file's, else the one that belongs to the code."""
    return told.principals[key] or official_name(*key) or key[1]
