"""What no key opens any more is written anew, with nothing in it, so that no page stumbles over it."""

from __future__ import annotations

from samsyn.common.viewer import Viewer
from samsyn.people.identities import sealed_for
from samsyn.people.models import Identity, Person, ProtectedDetails
from samsyn.people.vault import Whereabouts, seal
from samsyn.trail.actions import act
from samsyn.trail.rules import Subject

LOST = "people.key_lost"


def number_is_lost(viewer: Viewer, identity: Identity) -> None:
    """The number is readable no more; who has it is still found by it. In the caller's transaction."""
    person = identity.person
    Identity.objects.filter(pk=identity.pk).update(sealed=sealed_for(person, ""))
    act(viewer, LOST, [Subject("person", person.ref, person.ref)])


def whereabouts_are_lost(viewer: Viewer, person: Person) -> None:
    """Names and places can be read no more; the person stays hidden, as one without a name. In the caller's
    transaction."""
    ProtectedDetails.objects.filter(person=person).update(sealed=seal(person, Whereabouts()))
    act(viewer, LOST, [Subject("person", person.ref, person.ref)])
