"""``verify-trail``, ``export-roots`` and ``import-roots``, in the words that they print."""

from __future__ import annotations

import io
from base64 import b64encode
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from samsyn.common import clock
from samsyn.organisations.models import Principal, PrincipalKind
from samsyn.site.environment import public_keys
from samsyn.trail.merkle import Peaks, growth_proof
from samsyn.trail.models import Root, Witness
from samsyn.trail.roots import facts_of, line
from samsyn.trail.rules import RootFacts, root_text
from samsyn.trail.seal_actions import exchange, seal
from samsyn.trail.signing import public_key, sign
from tests.rooms.trail.checking import seal_a_minute_later
from tests.rooms.trail.tampering import LILLKOPING, REGION, wrote

if TYPE_CHECKING:
    from pytest_django import Settings

pytestmark = pytest.mark.django_db
ELSEWHERE = UUID(int=77)


@pytest.fixture(autouse=True)
def lillkoping() -> None:
    """A municipality with five sealed entries, and a region as its witness."""
    Principal.objects.create(ref=LILLKOPING, kind=PrincipalKind.MUNICIPALITY, code="9999", name="Lillköping")
    wrote(LILLKOPING, 5)
    wrote(REGION, 1)
    seal()
    exchange()


def printed(*command: str, **options: object) -> str:
    out = io.StringIO()
    call_command(*command, stdout=out, **options)  # type: ignore[arg-type]  # django's own keywords
    return out.getvalue()


def test_a_whole_trail_is_told_with_its_numbers() -> None:
    said = printed("verify_trail")
    assert "Lillköping: whole. 5 entries, 1 roots, 1 roots kept by others." in said
    assert said.endswith("Whole: 2 of 2.\n")
    assert "Whole: 1 of 1." in printed("verify_trail", principal="Lillköping")


def test_a_principal_that_has_no_trail_is_told() -> None:
    with pytest.raises(CommandError, match="no trail"):
        printed("verify_trail", principal="Storköping")


def test_a_cut_tail_is_told_by_what_was_written_out(tmp_path: Path) -> None:
    (root,) = map(facts_of, Root.objects.filter(principal_ref=LILLKOPING))
    longer = tmp_path / "longer.jsonl"
    wrote(LILLKOPING, 2)
    seal_a_minute_later()
    longer.write_text("\n".join(line(facts_of(one)) for one in Root.objects.all()), encoding="utf-8")
    assert "whole" in printed("verify_trail", against=str(longer))
    other = tmp_path / "other.jsonl"
    other.write_text(line(root).replace(root.digest.hex(), "00" * 32), encoding="utf-8")
    out = io.StringIO()
    with pytest.raises(CommandError, match="Broken: 1 of 2") as stopped:
        call_command("verify_trail", against=str(other), stdout=out)
    assert stopped.value.returncode == 1
    assert "Lillköping: BROKEN, first at place 5" in out.getvalue()
    assert "is not signed by this principal's key" in out.getvalue()


def test_a_file_that_holds_no_roots_is_told(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("nothing", encoding="utf-8")
    with pytest.raises(CommandError, match="cannot be read: Line 1"):
        printed("verify_trail", against=str(tmp_path / "notes.txt"))
    with pytest.raises(CommandError, match="cannot be read"):
        printed("verify_trail", against=str(tmp_path / "nowhere.txt"))


# --- partners elsewhere ----------------------------------------------------------------------------------------------


@pytest.fixture
def partner(tmp_path: Path, settings: Settings) -> Path:
    """Two roots of a principal of another installation, in a file; nothing else of it is here. Its key is known."""
    peaks, lines = Peaks(), []
    for added in ([bytes([one]) * 32 for one in range(3)], [bytes([one]) * 32 for one in range(3, 6)]):
        growth = b"".join(growth_proof(peaks, added))
        for one in added:
            peaks.add(one)
        at = clock.now()
        signed = sign(ELSEWHERE, root_text(ELSEWHERE, peaks.size, peaks.root(), at))
        lines.append(line(RootFacts(ELSEWHERE, peaks.size, peaks.root(), at, *signed, growth)))
    key = public_key(ELSEWHERE, "test")
    assert key is not None
    settings.SAMSYN_PARTNER_SEAL_KEYS = public_keys(f"{ELSEWHERE}/test:{b64encode(key).decode()}")
    file = tmp_path / "partner.jsonl"
    file.write_text("\n".join(lines), encoding="utf-8")
    return file


def test_what_is_exported_is_what_is_imported(partner: Path) -> None:
    assert f"{ELSEWHERE}: 2 new roots are kept." in printed("import_roots", str(partner))
    assert f"{ELSEWHERE}: 0 new roots are kept." in printed("import_roots", str(partner))
    held = Witness.objects.filter(principal_ref=ELSEWHERE).values_list("holder_ref", "size")
    assert sorted(held) == [(LILLKOPING, 3), (LILLKOPING, 6)]
    assert "Whole" in printed("verify_trail", principal="Lillköping")


def test_a_partner_that_cut_its_tail_or_wrote_it_anew_is_told(partner: Path) -> None:
    printed("import_roots", str(partner))
    first, second = partner.read_text(encoding="utf-8").splitlines()
    partner.write_text(first, encoding="utf-8")
    with pytest.raises(CommandError, match="the tail was cut"):
        printed("import_roots", str(partner))
    newest = facts_of(Witness.objects.get(principal_ref=ELSEWHERE, size=6))
    partner.write_text(second.replace(newest.digest.hex(), "11" * 32), encoding="utf-8")
    with pytest.raises(CommandError, match="was rewritten"):
        printed("import_roots", str(partner))


def test_a_partner_whose_key_was_not_told_is_not_believed(partner: Path, settings: Settings) -> None:
    settings.SAMSYN_PARTNER_SEAL_KEYS = {}
    settings.SAMSYN_SEAL_KEYS = {"test": b"z" * 32}
    with pytest.raises(CommandError, match="not signed by a known key"):
        printed("import_roots", str(partner))
    assert not Witness.objects.filter(principal_ref=ELSEWHERE).exists()


def test_who_keeps_the_roots_must_be_said_where_there_are_several(partner: Path) -> None:
    Principal.objects.create(kind=PrincipalKind.REGION, code="98", name="Regionen")
    with pytest.raises(CommandError, match="--holder"):
        printed("import_roots", str(partner))
    assert "2 new" in printed("import_roots", str(partner), holder="Lillköping")


def test_own_roots_and_keys_are_printed() -> None:
    assert printed("export_roots").splitlines() == [
        line(facts_of(one)) for one in Root.objects.order_by("principal_ref", "size")
    ]
    key = public_key(LILLKOPING, "test")
    assert key is not None
    assert f"{LILLKOPING}/test:{b64encode(key).decode()}" in printed("export_roots", keys=True).splitlines()
