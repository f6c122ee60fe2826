"""The second lock over the keys of persons: a request has the keys of what it reads itself, and no other."""

from __future__ import annotations

from samsyn.common import second_lock
from samsyn.common.viewer import NOBODY
from samsyn.people.models import Identity, KeyUse, Person, PersonKey, ProtectedDetails
from samsyn.sharing.models import Consent, ConsentText
from tests.village import FAMILY, STAFF, Village


def test_everybody_has_the_keys_of_what_they_read_and_nobody_that_of_a_number(lived: Village) -> None:
    persons = dict(Person.objects.values_list("pk", "ref"))
    rows = Consent.objects.values_list("pk", "child__ref", "authority__ref")
    files = {pk: (child, authority) for pk, child, authority in rows}
    assert Identity.objects.exists()
    uses: dict[str, set[str]] = {}
    for who in (*STAFF, *FAMILY):
        viewer = lived.at_home(who) if who in FAMILY else lived.acting(who)
        with second_lock.reading():
            second_lock.tell(viewer.account, viewer.post)
            keys = set(PersonKey.objects.values_list("use", "person_ref", "authority_ref"))
            vaults = set(ProtectedDetails.objects.values_list("person", flat=True))
            texts = set(ConsentText.objects.values_list("consent", flat=True))
        expected = {(KeyUse.VAULT.value, persons[one], NOBODY) for one in vaults}
        expected |= {(KeyUse.TEXT.value, *files[one]) for one in texts}
        assert keys == expected, who
        uses[who] = {use for use, _person, _authority in keys}
    assert uses["bo"] >= {KeyUse.TEXT}
    assert {use for found in uses.values() for use in found} == {KeyUse.TEXT, KeyUse.VAULT}


def test_who_is_nobody_has_no_key(lived: Village) -> None:
    assert PersonKey.objects.exists()
    with second_lock.reading():
        assert not PersonKey.objects.exists()
