"""Building up the organisation: principals, authorities, units and posts."""

from __future__ import annotations

from django.conf import settings
from django.db import connection, transaction

from samsyn.common.decision import Decision, require
from samsyn.common.text import clean_line
from samsyn.common.viewer import Viewer
from samsyn.organisations import places, rules
from samsyn.organisations.actions import may_manage
from samsyn.organisations.models import Authority, Post, PostRole, Principal, PrincipalKind, Sphere, Unit, UnitKind
from samsyn.trail.actions import act
from samsyn.trail.rules import Subject


def found_principal(viewer: Viewer, kind: PrincipalKind, code: str, name: str = "") -> Principal:
    """Add a municipality or region by its official code, or an authority of the state by a short word of its own.

    The name comes from the code unless one is given. On SQLite a second principal is refused outside demo and tests.
    """
    with transaction.atomic():
        others = len(Principal.objects.select_for_update().values_list("pk"))
        require(may_manage(viewer))
        require(may_found(kind, code, others))
        principal = Principal.objects.create(
            kind=kind, code=code, name=clean_line(name, 120, field="name") or official_name(kind, code) or code
        )
        act(viewer, "organisations.principal_founded", [Subject("principal", principal.ref)])
    return principal


def may_found(kind: str, code: str, others: int) -> Decision:
    """May one more principal stand beside ``others``, on the database that is in use."""
    return rules.may_found_principal(
        kind,
        code,
        official=official_name(kind, code) is not None,
        mode=settings.SAMSYN_MODE,
        others=others,
        on_sqlite=database_kind() == "sqlite",
    )


def database_kind() -> str:
    """What the house's database is: "sqlite" or "postgresql"."""
    return connection.vendor


def official_name(kind: str, code: str) -> str | None:
    """The name that belongs to an official code; None when there is no such code of that kind."""
    demo = settings.SAMSYN_MODE in rules.DEMO_MODES
    place = {
        PrincipalKind.MUNICIPALITY.value: places.municipality,
        PrincipalKind.REGION.value: places.region,
    }.get(kind)
    found = place(code, demo=demo) if place is not None else None
    return None if found is None else found.name


def found_authority(
    viewer: Viewer, principal: Principal, name: str, sphere: Sphere, *, board: str = "", source_id: str = ""
) -> Authority:
    """Add a board, or an independent part of ``board``: one area of secrecy, even inside one municipality."""
    with transaction.atomic():
        require(may_manage(viewer))
        authority = Authority.objects.create(
            principal=principal,
            name=clean_line(name, 160, field="name"),
            sphere=sphere,
            board=clean_line(board, 160, field="board"),
            source_id=source_id,
        )
        act(viewer, "organisations.authority_founded", [Subject("authority", authority.ref)])
    return authority


def found_unit(
    viewer: Viewer,
    authority: Authority,
    name: str,
    source_id: str,
    *,
    kind: UnitKind = UnitKind.OTHER,
    parent: Unit | None = None,
    telephone: str = "",
    telephone_hours: str = "",
) -> Unit:
    """Add a workplace under the authority, or under another unit of it."""
    with transaction.atomic():
        require(may_manage(viewer))
        require(
            rules.may_place_unit(
                same_authority=parent is None or parent.authority_id == authority.pk,
                parent_ended=parent is not None and parent.ended_on is not None,
            )
        )
        unit = Unit.objects.create(
            authority=authority,
            parent=parent,
            name=clean_line(name, 160, field="name"),
            kind=kind,
            telephone=clean_line(telephone, 40, field="telephone"),
            telephone_hours=clean_line(telephone_hours, 120, field="telephone_hours"),
            source_id=source_id,
        )
        unit.path = path_of(unit)
        unit.save(update_fields=["path"])
        act(viewer, "organisations.unit_founded", [Subject("unit", unit.ref)])
    return unit


def path_of(unit: Unit) -> str:
    """The ids from the top down to the unit itself, as its parent's path says."""
    above = unit.parent.path if unit.parent is not None else "/"
    return f"{above}{unit.pk}/"


def found_post(
    viewer: Viewer,
    unit: Unit,
    title: str,
    source_id: str,
    *,
    role: PostRole = PostRole.STAFF,
    parent: Post | None = None,
) -> Post:
    """Add a post at a unit. Without a parent its questions go straight to the duty desk when nobody is there."""
    with transaction.atomic():
        require(may_manage(viewer))
        require(rules.may_stand_in(unit_ended=unit.ended_on is not None))
        if parent is not None:
            require(
                rules.may_place_post(
                    same_authority=parent.unit.authority_id == unit.authority_id,
                    parent_is_desk=parent.role == PostRole.DUTY_DESK,
                    parent_ended=parent.ended_on is not None,
                )
            )
        post = Post.objects.create(
            unit=unit, title=clean_line(title, 120, field="title"), role=role, parent=parent, source_id=source_id
        )
        act(viewer, "organisations.post_founded", [Subject("post", post.ref, state="vacant")])
    return post
