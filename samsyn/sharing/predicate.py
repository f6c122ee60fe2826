"""The one predicate: which rows of a model this viewer may see now, and why. List and object use the same."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from samsyn.common import clock
from samsyn.common.models import Public, SeenAsPerson, SeenByAccount, SeenByChild, SeenByPost
from samsyn.common.ports import Children
from samsyn.common.prepared import asked, prepared
from samsyn.common.viewer import Viewer
from samsyn.organisations.intervals import within
from samsyn.organisations.partnerships import language, named_person_column, named_person_word
from samsyn.people.models import Guardianship, Person
from samsyn.protection.predicate import exists_for
from samsyn.sharing.family import NOTHING, sees_in_family, sees_persons
from samsyn.sharing.models import ConsentLimit, Disclosure, DisclosureItem, Involvement, Reason, Scope, Way


def may_see(model: type[Model], viewer: Viewer, at: datetime) -> Q:
    """The condition under which this viewer sees rows of ``model``. Nothing is seen by default.

    Whatever a fact opens: a protected person exists only for whoever has a reason of its own to know.
    """
    return _by_facts(model, viewer, at) & exists_for(getattr(model, "seen", None), viewer, at)


def _by_facts(model: type[Model], viewer: Viewer, at: datetime) -> Q:
    seen = getattr(model, "seen", None)
    if isinstance(seen, Public):
        return Q() if viewer.account or seen.to_everyone else NOTHING
    if isinstance(seen, SeenByAccount):
        path = "pk" if seen.account == "self" else f"{seen.account}_id"
        return Q(**{path: viewer.account})
    if isinstance(seen, SeenByPost):
        return _by_post(model, seen, viewer)
    if viewer.post is None:
        return _in_family(model, seen, viewer, at)
    if isinstance(seen, SeenByChild):
        condition = _by_child(seen, viewer, at)
        # Who reads through a disclosure must know on which ground it reads, and whether the family has been told.
        return condition | Q(pk__in=prepared(_opened_rows, viewer, at)) if model is Disclosure else condition
    if isinstance(seen, SeenAsPerson):
        return _as_person(viewer, at)
    return NOTHING


def _in_family(model: type[Model], seen: object, viewer: Viewer, at: datetime) -> Q:
    if isinstance(seen, SeenByChild):
        return sees_in_family(model, seen, viewer, at)
    return sees_persons(viewer, at) if isinstance(seen, SeenAsPerson) and viewer.is_family else NOTHING


def _by_post(model: type[Model], seen: SeenByPost, viewer: Viewer) -> Q:
    condition = NOTHING
    if viewer.post is not None:
        condition |= _at_post(model, seen.post, viewer.post)
        if seen.copies:
            condition |= _at_post(model, seen.copies, viewer.post)
    if seen.account:
        condition |= Q(**{f"{seen.account}_id": viewer.account})
    return condition


def _at_post(model: type[Model], path: str, post: int) -> Q:
    """The row is at the post: by a column of its own, or by a row that it names or that names it.

    A row that it names is asked for by itself: joined, it would have to be seen by everybody who sees this one.
    """
    first, _, rest = path.partition("__")
    field: Any = model._meta.get_field(first)
    if rest and field.concrete:
        return Q(**{f"{first}__in": field.related_model.objects.filter(**{f"{rest}_id": post}).values("pk")})
    return Q(**{f"{path}_id": post})


def _by_child(seen: SeenByChild, viewer: Viewer, at: datetime) -> Q:
    own = Q(**{f"{seen.authority}_id": viewer.authority})
    seen_at_all = (
        (own & Q(**{f"{seen.child}_id__in": prepared(_whole, viewer, at)}))
        | Q(**{f"{seen.item}__in": prepared(_single, viewer, at)})
        | Q(**{f"{seen.item}__in": prepared(_opened, viewer, at, seen.kind)})
    )
    if not seen.draft_of:
        return seen_at_all
    return seen_at_all & (~Q(state="draft") | Q(**{f"{seen.draft_of}_id": viewer.post}))


def _whole(viewer: Viewer, at: datetime) -> QuerySet[Any, Any]:
    return reasons_of(viewer, at).filter(scope=Scope.WHOLE).values("child_id")


def _single(viewer: Viewer, at: datetime) -> QuerySet[Any, Any]:
    return reasons_of(viewer, at).filter(scope=Scope.ITEM).values("item_ref")


def _opened(viewer: Viewer, at: datetime, kind: str) -> QuerySet[Any, Any]:
    return items_open_to(viewer.unit, viewer.authority, at, kind)


def items_open_to(unit_id: int | None, authority_id: int | None, at: datetime, kind: str) -> QuerySet[Any, Any]:
    """References of the things of a kind that another authority has open to a unit now.

    What a yes left out stays closed also where a row of the ledger was missed: all of it, or this kind of thing.
    """
    here = Q(unit_id=unit_id) | Q(authority_id=authority_id)
    left_out = ConsentLimit.objects.filter(
        (here & Q(kind__in=("", kind))) | Q(unit=None, authority=None, kind=kind),
        consent=OuterRef("disclosure__consent"),
    )
    opened = _sent_and_open(unit_id, at)
    return DisclosureItem.objects.filter(~Exists(left_out), kind=kind, disclosure__in=opened).values("ref")


def units_reading(kind: str, ref: UUID) -> set[int]:
    """Row ids of the units that a thing of another authority is open to today."""
    items = DisclosureItem.objects.filter(kind=kind, ref=ref, disclosure__way=Way.OPEN, disclosure__ended_at=None)
    today = items.filter(disclosure__expires_on__gte=clock.today())
    return set(today.values_list("disclosure__receiver_id", flat=True))


def _opened_rows(viewer: Viewer, at: datetime) -> QuerySet[Any, Any]:
    return open_to(viewer, at).values("pk")


def _as_person(viewer: Viewer, at: datetime) -> Q:
    return Q(pk__in=prepared(_persons, viewer, at))


def _persons(viewer: Viewer, at: datetime) -> QuerySet[Any, Any]:
    """Row ids of the children around the viewer, and of those who have custody of them."""
    # What is about a child who does not exist for the viewer opens nobody of its family either.
    around = reasons_of(viewer, at).filter(exists_for(Involvement.seen, viewer, at)).values("child_id")
    opened = open_to(viewer, at).filter(exists_for(Disclosure.seen, viewer, at)).values("child_id")
    day = at.astimezone(clock.STOCKHOLM).date()
    with_custody = Guardianship.objects.filter(within(day))
    guardians = with_custody.filter(Q(child_id__in=around) | Q(child_id__in=opened)).values("guardian_id")
    return around.union(opened, guardians)


def reasons_of(viewer: Viewer, at: datetime) -> QuerySet[Involvement]:
    """The involvements that hold for this viewer now.

    A reason given to a post is that post's alone. A reason given to a unit reaches those who work there; one that only
    lets the child be found reaches the units below as well (fritids below the school). An emergency is a reason to
    read, and to do nothing.
    """
    if viewer.post is None:
        return Involvement.objects.none()
    now = (Q(until=None) | Q(until__gt=at)) & Q(since__lte=at)
    mine = (
        Q(post_id=viewer.post)
        | Q(post=None, unit_id=viewer.unit)
        | Q(post=None, unit_id__in=viewer.units, scope=Scope.FIND)
    )
    found = Involvement.objects.filter(now, mine)
    return found.exclude(reason=Reason.EMERGENCY) if viewer.acts else found


def children_seen(viewer: Viewer, at: datetime, which: Children) -> Q:
    """The condition that a person is a child around the viewer now, by a reason or by a disclosure, and exists for it.

    Each of them is seen by ``may_see`` as well, which also lets those be seen who have custody of them.
    """
    if viewer.post is None:
        return NOTHING
    return Q(pk__in=prepared(_children, viewer, at, which)) & exists_for(SeenAsPerson(), viewer, at)


def _children(viewer: Viewer, at: datetime, which: str) -> QuerySet[Any, Any]:
    reasons = reasons_of(viewer, at)
    if which == Children.BEYOND_FINDING:
        reasons = reasons.exclude(scope=Scope.FIND)
    around = reasons.values("child_id")
    return around if which == Children.BY_REASON else around.union(open_to(viewer, at).values("child_id"))


def follows(viewer: Viewer, child: Person, at: datetime) -> bool:
    """Is what the own authority holds about the child open to the viewer as a whole: not one thing, nor to find it."""
    return reasons_of(viewer, at).filter(child=child, scope=Scope.WHOLE).exists()


def reads_in_emergency(viewer: Viewer, at: datetime) -> bool:
    """Has the viewer's post opened a child in an emergency that still holds."""
    return reasons_of(replace(viewer, acts=False), at).filter(reason=Reason.EMERGENCY).exists()


def open_to(viewer: Viewer, at: datetime) -> QuerySet[Disclosure]:
    """The disclosures that the viewer's unit may read now: begun, not ended, not run out."""
    left_out = ConsentLimit.objects.filter(
        Q(unit_id=viewer.unit, kind="") | Q(authority_id=viewer.authority, kind=""), consent=OuterRef("consent")
    )
    return _sent_and_open(viewer.unit, at).filter(~Exists(left_out))


def _sent_and_open(unit_id: int | None, at: datetime) -> QuerySet[Disclosure]:
    """The same without what a yes leaves out: whoever asks this asks for that as well."""
    day = at.astimezone(clock.STOCKHOLM).date()
    return Disclosure.objects.filter(
        Q(ended_at=None) | Q(ended_at__gt=at),
        receiver_id=unit_id,
        since__lte=at,
        expires_on__gte=day,
        way="open",
    )


@dataclass(frozen=True)
class Explanation:
    """Why something may be seen: a sentence, until when (None: until further notice), and the row of law behind it.

    ``ground`` is the same without words, for the trail: a ``Reason`` or a row of law. The sentence is in the reader's
    language, and others read the trail in theirs. ``follows``: what the own authority holds is the viewer's to work
    with, and not only one thing, the child to find, or all of it to read in an emergency.
    """

    sentence: str
    until: date | None
    rule: str
    ground: str
    follows: bool = False


def explain(viewer: Viewer, child: Person) -> Explanation | None:
    """Why the viewer sees what it sees of this child now; None when there is no reason."""
    rank: dict[Any, int] = {Scope.WHOLE: 0, Scope.ITEM: 1, Scope.FIND: 2}
    reasons = sorted(
        asked(_reasons_around, viewer, child.pk, language()),
        key=lambda row: (rank[row.scope], row.reason == Reason.EMERGENCY, row.pk),
    )
    if reasons and reasons[0].scope != Scope.FIND:
        return _from_reason(reasons[0])
    for disclosure in asked(_opened_longest, viewer, child.pk):
        sentence = _("%(authority)s has opened parts of this to your unit") % {"authority": disclosure.authority.name}
        return Explanation(sentence, disclosure.expires_on, disclosure.gate, disclosure.gate)
    return _from_reason(reasons[0]) if reasons else None


def _reasons_around(viewer: Viewer, child_id: int, read_in: str) -> QuerySet[Involvement]:
    rows = reasons_of(viewer, clock.now()).filter(child_id=child_id)
    return rows.annotate(named_word=named_person_column("authority_id", read_in))


def _opened_longest(viewer: Viewer, child_id: int) -> QuerySet[Disclosure]:
    opened = open_to(viewer, clock.now()).filter(child_id=child_id)
    return opened.select_related("authority").order_by("-expires_on", "-pk")[:1]


def reason_words(reason: str, named_word: str) -> str:
    """A reason, said to whoever has it. ``named_word``: what a child's named person is called there."""
    if reason == Reason.NAMED_PERSON:
        return _("you are the child's %(named_person)s") % {"named_person": named_word}
    return str(Reason(reason).label)


def _from_reason(row: Any) -> Explanation:
    until = row.until.astimezone(clock.STOCKHOLM).date() if row.until else None
    follows = row.scope == Scope.WHOLE and row.reason != Reason.EMERGENCY
    words = reason_words(row.reason, row.named_word or named_person_word(None))
    return Explanation(words, until, "own_authority", row.reason, follows)
