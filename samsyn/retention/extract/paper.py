"""An extract on paper, in words of the active language: every word ready for the typesetter."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django.utils.translation import get_language, get_language_bidi
from django.utils.translation import gettext as _

from samsyn import law
from samsyn.common import clock
from samsyn.common.viewer import Viewer
from samsyn.law.words import paragraph, sentence
from samsyn.look import dates
from samsyn.look.measure import runs_left
from samsyn.plans.paper.letters import fit_for_paper
from samsyn.retention.extract import own
from samsyn.retention.extract.facts import Facts, Gathered, Row, plain
from samsyn.retention.extract.held import HELD

_LONGEST_LINE = 120
_KINDS = {one.model.seen.kind: one.title for one in reversed(HELD)}  # type: ignore[attr-defined]  # by its first title


def as_paper(gathered: Gathered, made_at: datetime, goes_at: datetime) -> Facts:
    """The extract in words of the active language, for the typesetter: every word ready."""
    child = gathered.child
    facts: Facts = {
        "language": get_language(),
        "rtl": get_language_bidi(),
        "title": _("What is held about you and your family"),
        "about": _own(child.full_name),
        "standing": [
            _("Made on %(day)s. It can be fetched until %(until)s.")
            % {"day": _moment(made_at), "until": _moment(goes_at)},
            _("What somebody has decided to keep from you for now, and what is another person's, is not in it."),
            _("Who has looked in the last days is not in it yet."),
            _("Ask the one who answers for you if something is missing or wrong."),
        ],
        "sections": [*_own_section(gathered), *_sections(gathered), *_looks(gathered)],
        "nothing": _("Nothing is held that you can read."),
        "footer": _("What is held. Keep it where only you can read it."),
    }
    printable: Facts = _printable(facts)
    return printable


def _own_section(gathered: Gathered) -> Iterator[Facts]:
    held = own.on_paper(gathered.own)
    rows = [{"lines": [{"label": label, "said": _own(said)} for label, said in lines]} for lines in held]
    if rows:
        yield {"title": _("About you"), "rows": rows}


def _sections(gathered: Gathered) -> Iterator[Facts]:
    for held in HELD:
        rows = [one for one in gathered.rows if one.held is held]
        if rows:
            yield {"title": str(held.title), "rows": [_on_paper(one, gathered.viewer) for one in rows]}


def _on_paper(one: Row, viewer: Viewer) -> Facts:
    lines = [{"label": _("Held by"), "said": _own(one.row.authority.name)}]
    for name, words in one.columns:
        said = _said(one.row, name)
        if said:
            lines.append({"label": str(words), "said": _own(said)})
    for _name, words, found in one.held.lists:
        if those := found(one.row):
            lines.append({"label": str(words), "said": _own("; ".join(str(_KINDS.get(each, each)) for each in those))})
    for _name, words, told in one.held.texts:
        lines += [{"label": str(words), "said": _own(said)} for said in told(one.row, viewer)]
    return {"lines": lines}


def _said(row: Any, name: str) -> str:
    value = getattr(row, name)
    if name == "gate":
        return _rule(value)
    if row._meta.get_field(name).choices:
        return str(getattr(row, f"get_{name}_display")())
    if isinstance(value, datetime):
        return _moment(value)
    return dates.day_and_year(value) if isinstance(value, date) else str(plain(value) or "")


def _rule(row_id: str) -> str:
    try:
        row = law.on(clock.today()).row(row_id)
    except law.NoSuchRule:
        return row_id
    return f"{sentence(row)} ({paragraph(row)})"


def _looks(gathered: Gathered) -> Iterator[Facts]:
    did = {"read": _("read"), "act": _("wrote")}
    rows = [
        {
            "lines": [
                {
                    "label": _moment(look.at),
                    "said": _own(
                        ", ".join(part for part in (look.person, look.role, look.unit, did[look.mode]) if part)
                    ),
                }
            ]
        }
        for look in gathered.looks
    ]
    if rows:
        yield {"title": _("Who has looked"), "rows": rows}


def _moment(at: datetime) -> str:
    return f"{dates.day_and_year(at)} {dates.clock(at)}"


def _own(words: str) -> Facts:
    return {"text": words, "rtl": runs_left(words), "long": len(words) > _LONGEST_LINE or "\n" in words}


def _printable(value: Any) -> Any:
    if isinstance(value, str):
        return fit_for_paper(value)
    if isinstance(value, dict):
        return {name: _printable(held) for name, held in value.items()}
    return [_printable(held) for held in value] if isinstance(value, list | tuple) else value
