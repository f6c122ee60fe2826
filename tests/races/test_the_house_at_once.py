"""What happens by itself, started twice: each overdue thing is copied once, and the seal has no gap and no fork."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from uuid import UUID

from django.db.models import F

from samsyn.circle.arrival import arrive
from samsyn.common import clock
from samsyn.duties.models import Duty, Escalation
from samsyn.early_signals.actions import start_draft
from samsyn.early_signals.models import Sign
from samsyn.people import numbers
from samsyn.people.models import Guardianship, Person
from samsyn.people.registers import RegisterGuardian, RegisterIdentity, RegisterPerson, RegisterPlace
from samsyn.site.tick import tick
from samsyn.trail.merkle import Peaks, leaf_hash
from samsyn.trail.models import Leaf, Root, TrailEntry, Tree
from samsyn.trail.seal_actions import BETWEEN_ROOTS, seal
from tests.races.counting import AT_ONCE, judged, race
from tests.rooms.sharing.world import NOW
from tests.walks import deeds
from tests.walks.invariants import swept, whose_duties
from tests.walks.town import Town
from tests.worlds import CommittedWorld

MUCH_LATER = NOW + timedelta(days=90)
BORN = NOW.date().replace(year=2019)


def _sealed_right() -> None:
    """Every entry has one place in its principal's tree, without gaps, and the roots follow from the first one."""
    peaks: dict[UUID, Peaks] = defaultdict(Peaks)
    roots = {(root.principal_ref, root.size): bytes(root.digest) for root in Root.objects.all()}
    for leaf in Leaf.objects.select_related("entry").order_by("principal_ref", "position"):
        tree = peaks[leaf.principal_ref]
        tree.add(leaf_hash(bytes(leaf.entry.commitment)))
        assert (leaf.position, bytes(leaf.digest)) == (tree.size, leaf_hash(bytes(leaf.entry.commitment)))
        assert roots.pop((leaf.principal_ref, tree.size), tree.root()) == tree.root()
    assert roots == {}
    for stored in Tree.objects.all():
        assert (stored.size, bytes(stored.peaks)) == (
            peaks[stored.principal_ref].size,
            peaks[stored.principal_ref].packed(),
        )


def test_sealing_many_times_at_once_seals_each_entry_once(committed_world: CommittedWorld, town: Town) -> None:
    deeds.live_until(town, town.world.signe, "plan in force")
    entries = TrailEntry.objects.count()
    sealed = race(committed_world, NOW, *[seal] * AT_ONCE)
    assert sum(one for one in sealed if isinstance(one, int)) == entries
    _sealed_right()
    judged(AT_ONCE, expected=entries, found=Leaf.objects.count())


def test_acting_while_it_is_sealed_breaks_no_chain(committed_world: CommittedWorld, town: Town) -> None:
    posts = [town.world.posts[name] for name in ("Maja", "Mats", "Hanna")]
    writing = [lambda one=one: deeds.note(town.acting(one), town.world.signe) for one in posts]
    race(committed_world, NOW, *writing, seal, seal, seal)
    with clock.at(NOW + BETWEEN_ROOTS):  # a root just now lets the next one wait
        seal()
    _sealed_right()
    judged(6, expected=TrailEntry.objects.count(), found=Leaf.objects.count())


def test_ticking_many_times_at_once_copies_each_overdue_thing_once(committed_world: CommittedWorld, town: Town) -> None:
    maja = town.acting(town.world.posts["Maja"])
    deeds.send(town, maja, deeds.note(maja, town.world.signe))
    deeds.live_until(town, town.children[2], "plan in force")
    before = whose_duties()
    overdue = Duty.objects.filter(state="open", due_at__lt=MUCH_LATER).count()
    assert overdue > 3
    race(committed_world, MUCH_LATER, *[tick] * AT_ONCE)
    assert whose_duties() == before
    swept(MUCH_LATER)
    _sealed_right()
    judged(AT_ONCE, expected=overdue, found=Escalation.objects.count())
    assert not Escalation.objects.filter(to_post=F("duty__post")).exists()


def _registered() -> RegisterPerson:
    def identity(ordinal: int, years: int) -> RegisterIdentity:
        read = numbers.read_number(numbers.test_number(BORN.replace(year=BORN.year - years), ordinal), on=clock.today())
        return RegisterIdentity(read.system, read.value)

    guardian = RegisterGuardian(identity(1, 30), "Eva", "Rask", "sole", "sv", "none")
    place = RegisterPlace("school", "unknown-here", "Skolan", "1A")
    return RegisterPerson((identity(0, 0),), "Tuva", "Rask", "", BORN, (), "none", (guardian,), place)


def test_one_child_looked_up_by_many_at_once_is_one_row(committed_world: CommittedWorld, town: Town) -> None:
    found = _registered()
    before = Person.objects.count()
    names = ("Maja", "Mats", "Hanna", "Siv", "Ines", "Rakel")
    viewers = [town.acting(town.world.posts[name]) for name in names]
    race(committed_world, NOW, *[lambda one=one: start_draft(one, arrive(one, found)).pk for one in viewers])
    assert Person.objects.count() == before + 2
    assert Sign.objects.values("child").distinct().count() == 1
    assert Sign.objects.count() == len(names)
    judged(len(names), expected=1, found=Guardianship.objects.filter(child__given_name="Tuva").count())
