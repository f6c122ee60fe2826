"""Roots are signed, written out, and kept by the other principals: each takes only what follows on what it has."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

import pytest

from samsyn.common import clock
from samsyn.common.crypto import UnusableKeys
from samsyn.common.viewer import Viewer
from samsyn.site.environment import SettingError, public_keys
from samsyn.site.tick import tick
from samsyn.trail.actions import act
from samsyn.trail.models import Root, Witness
from samsyn.trail.roots import UnreadableRoot, facts_of, line, read_lines, write_out
from samsyn.trail.rules import follows
from samsyn.trail.seal_actions import exchange, receive, seal
from samsyn.trail.signing import is_signed, public_key
from tests.rooms.trail.checking import seal_a_minute_later

if TYPE_CHECKING:
    from pytest_django import Settings

LILLKOPING, REGION, POLICE = UUID(int=5), UUID(int=6), UUID(int=7)
pytestmark = pytest.mark.django_db


def wrote(*principals: UUID) -> None:
    """One entry for each."""
    for principal in principals:
        act(Viewer(account_ref=UUID(int=1), principal_ref=principal, person_label="Bo Ekdahl"), "sign.sent", ())


def roots(principal: UUID = LILLKOPING) -> list[Root]:
    return list(Root.objects.filter(principal_ref=principal).order_by("size"))


# --- signing ---------------------------------------------------------------------------------------------------------


def test_a_root_is_signed_for_its_principal_its_size_its_hash_and_its_moment() -> None:
    wrote(LILLKOPING)
    seal()
    root = facts_of(roots()[0])
    assert is_signed(root)
    for other in (
        replace(root, principal_ref=REGION),
        replace(root, size=2),
        replace(root, digest=bytes(32)),
        replace(root, at=root.at + timedelta(seconds=1)),
        replace(root, signature=bytes(64)),
        replace(root, key_id="somebody-elses"),
    ):
        assert not is_signed(other)


def test_a_new_key_signs_and_the_old_one_is_still_known_until_it_is_taken_away(settings: Settings) -> None:
    wrote(LILLKOPING)
    seal()
    old = settings.SAMSYN_SEAL_KEYS
    settings.SAMSYN_SEAL_KEYS, settings.SAMSYN_SEAL_KEY_CURRENT = {"second": b"2" * 32, **old}, "second"
    wrote(LILLKOPING)
    seal_a_minute_later()
    first, second = map(facts_of, roots())
    assert (first.key_id, second.key_id) == ("test", "second")
    assert is_signed(first)
    assert is_signed(second)
    settings.SAMSYN_SEAL_KEYS = {"second": b"2" * 32}
    assert (is_signed(first), is_signed(second)) == (False, True)


def test_a_partners_key_is_the_one_that_was_told(settings: Settings) -> None:
    wrote(LILLKOPING)
    seal()
    root = facts_of(roots()[0])
    known = public_key(LILLKOPING, "test")
    assert known is not None
    settings.SAMSYN_SEAL_KEYS, settings.SAMSYN_SEAL_KEY_CURRENT = {"other": b"3" * 32}, "other"
    assert not is_signed(root)
    settings.SAMSYN_PARTNER_SEAL_KEYS = public_keys(f"{LILLKOPING}/test:{b64encode(known).decode()}")
    assert is_signed(root)
    with pytest.raises(SettingError, match="SAMSYN_PARTNER_SEAL_KEYS"):
        public_keys(f"{LILLKOPING}/test:short")


def test_without_a_key_nothing_is_sealed(settings: Settings) -> None:
    wrote(LILLKOPING)
    settings.SAMSYN_SEAL_KEYS = {}
    with pytest.raises(UnusableKeys, match="SAMSYN_SEAL_KEYS"):
        seal()


# --- witnesses -------------------------------------------------------------------------------------------------------


def test_every_principal_keeps_the_roots_of_every_other_and_none_of_its_own() -> None:
    wrote(LILLKOPING, REGION, POLICE)
    assert tick()["witnessed"] == 6
    wrote(LILLKOPING)
    seal_a_minute_later()
    assert exchange() == 2
    assert exchange() == 0
    held = Witness.objects.filter(principal_ref=LILLKOPING).values_list("holder_ref", "size")
    assert sorted(held) == [(REGION, 1), (REGION, 2), (POLICE, 1), (POLICE, 2)]


def test_a_witness_that_missed_some_roots_takes_them_all_in_order() -> None:
    wrote(LILLKOPING, REGION)
    seal()
    exchange()
    for _ in range(3):
        wrote(LILLKOPING)
        seal_a_minute_later()
    assert exchange() == 3
    assert all(follows(facts_of(a), facts_of(b)) for a, b in zip(roots(), roots()[1:], strict=False))


def test_a_witness_takes_no_tree_that_begins_in_another_way() -> None:
    wrote(LILLKOPING, REGION)
    seal()
    exchange()
    wrote(LILLKOPING)
    seal_a_minute_later()
    first, second = map(facts_of, roots())
    assert follows(first, second)
    assert not follows(replace(first, digest=bytes(32)), second)
    assert not follows(second, first)
    assert not follows(second, second)
    assert receive(REGION, LILLKOPING, [replace(second, growth=bytes(32))]) == []
    assert receive(REGION, LILLKOPING, [replace(second, signature=bytes(64))]) == []
    assert receive(REGION, POLICE, [second]) == []
    assert receive(REGION, LILLKOPING, [second]) == [second]


# --- written out -----------------------------------------------------------------------------------------------------


def test_each_root_is_a_line_in_the_file_and_reads_back_as_it_was(settings: Settings, tmp_path: Path) -> None:
    wrote(LILLKOPING)
    seal()
    root = facts_of(roots()[0])
    settings.SAMSYN_ROOTS_PATH = str(tmp_path / "roots.jsonl")
    write_out(root)
    write_out(root)
    written = (tmp_path / "roots.jsonl").read_text(encoding="utf-8").splitlines()
    assert list(read_lines(written)) == [root, root]
    settings.SAMSYN_ROOTS_PATH = str(tmp_path)
    write_out(root)
    assert (tmp_path / f"roots-{clock.today()}.jsonl").read_text(encoding="utf-8") == line(root) + "\n"


def test_a_root_is_written_when_it_is_committed(
    settings: Settings, tmp_path: Path, django_capture_on_commit_callbacks: object
) -> None:
    settings.SAMSYN_ROOTS_PATH = str(tmp_path / "roots.jsonl")
    wrote(LILLKOPING)
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]  # the plug-in's own fixture
        seal()
        assert not (tmp_path / "roots.jsonl").exists()
    assert len((tmp_path / "roots.jsonl").read_text(encoding="utf-8").splitlines()) == 1


def test_a_disk_that_refuses_stops_nothing_and_is_told(
    settings: Settings, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    wrote(LILLKOPING)
    seal()
    settings.SAMSYN_ROOTS_PATH = str(tmp_path / "no" / "such" / "place.jsonl")
    write_out(facts_of(roots()[0]))
    assert "SAMSYN_ROOTS_PATH" in caplog.text


@pytest.mark.parametrize("text", ["{}", "[]", "nothing", '{"principal": "x"}'])
def test_a_line_that_is_no_root_is_named(text: str) -> None:
    with pytest.raises(UnreadableRoot, match="Line 2"):
        list(read_lines(["", text]))
