"""The register as a page that a municipality's lawyer can read: docs/law.md is this text and nothing else."""

from __future__ import annotations

from collections.abc import Iterable

from samsyn.law.register import load
from samsyn.law.rows import Age, Amount, Clock, Gate, Label, Row, Track
from samsyn.law.vocabulary import Effect, Extension, Kind

HEAD = """# The law that Samsyn goes by

Generated from `samsyn/law/*.toml` by `python -m samsyn.law > docs/law.md`; a test keeps it current.
Change the rows, not this page.

- **Status**: *found* = the text was found and read, and the row holds a quote from it; *kontrollera* = from memory,
  from a secondary source or inferred, so check it against the official text first; *agreement* = set by the
  partnership, no law.
- **Valid**: first and last day. A row from 2025-01-01 was in force on that day already; the register answers for no
  earlier day, amounts apart.
- A time that somebody must keep and that ends on a Saturday, a Sunday, a holiday or the eve of midsummer, Christmas or
  New Year may be kept on the next weekday (lag 1930:173). Never so where it says *at once* or *same day*, counts hours,
  or where something begins or ends by itself.
- The laws were read as they stood in February 2026, lag 2017:612, 2022:913, 2025:170 and the decree 2025:468 as they
  stood in September 2025. Later changes were not looked for. Not legal advice.
"""
COLUMNS = "| Id | Value | Paragraph | Valid | Status | Svenska | English |\n|---|---|---|---|---|---|---|"
TITLES = {
    Kind.CLOCK: "Clocks",
    Kind.GATE: "Gates: what lifts secrecy",
    Kind.AGE: "Ages",
    Kind.TRACK: "Tracks of social services",
    Kind.RETENTION: "How long things are kept",
    Kind.AMOUNT: "Amounts and limits",
    Kind.LABEL: "Sentences that rules cite",
}


def as_markdown() -> str:
    """Every row of the register, a table per kind, ordered as in the files. Raises LawError on a bad row."""
    rows = [row for versions in load().values() for row in versions]
    parts = [HEAD]
    for kind, title in TITLES.items():
        own = [row for row in rows if row.kind is kind]
        parts.append(f"## {title}\n\n{COLUMNS}\n" + "".join(f"{_line(row)}\n" for row in own))
    return "\n".join(parts)


def _line(row: Row) -> str:
    valid = f"{row.valid_from} – {row.valid_until or ''}".rstrip()
    status = "agreement" if not row.statutory else "found" if row.verified else "**kontrollera**"
    if row.remark:
        status += f": {row.remark}"
    cells = [f"`{row.id}`", _value(row), row.paragraph, valid, status, row.sentence_sv, row.sentence_en]
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _value(row: Row) -> str:
    match row:
        case Gate():
            return _gate(row)
        case Track():
            return _track(row)
        case Label():
            return f"{_words(row.sphere)}: {_words(row.strength)}" if row.sphere and row.strength else "–"
        case Amount(known=False):
            return "unknown"
    measure = _measure(row)
    if isinstance(row, Age):
        return f"{row.test}: {measure}" + (f", on {row.from_day[1]}/{row.from_day[0]}" if row.from_day else "")
    if isinstance(row, Clock):
        return measure + _clock(row)
    return f"{measure} from {_words(row.counted_from)}" if row.counted_from else measure


def _track(row: Track) -> str:
    parts = [f"assessment: {_yes(row.assessment)}", f"appeal: {_yes(row.appeal)}"]
    parts.append(f"documentation: {_words(row.documentation)}")
    if row.excluded:
        parts.append(f"never for {_listed(row.excluded)}")
    return "; ".join(parts)


def _measure(row: Row) -> str:
    unit = _words(row.unit or "")
    if row.value is None:
        return unit
    return f"{row.value} {unit.removesuffix('s') if row.value == 1 else unit}"


def _clock(row: Clock) -> str:
    parts = [f" from {_words(row.counted_from)}"]
    if row.later_in_the_day:
        parts.append(f"; {row.later_in_the_day.value} when after {row.later_in_the_day.after:%H:%M}")
    if row.extension is not Extension.NONE:
        parts.append(f"; longer only for {_words(row.extension)}")
    if row.effect is Effect.LIMIT:
        parts.append("; never moves to a weekday")
    if row.agreement:
        parts.append(f"; an agreement may set another ({row.agreement})")
    if row.same_everywhere:
        parts.append("; the same everywhere")
    return "".join(parts)


def _gate(row: Gate) -> str:
    parts = [
        f"{_listed(sorted(row.senders))} → {_listed(sorted(row.receivers))}",
        f"within: {row.within}",
        f"for: {_words(row.serves)}",
    ]
    if row.age_under is not None:
        parts.append(f"under {row.age_under}" + (" or unborn" if row.or_unborn else ""))
    if row.consent:
        parts.append("on consent")
    if row.on_request:
        parts.append("on request")
    if row.only_an_answer:
        parts.append("a set answer only")
    parts.append(f"record: {_listed(row.record)}")
    if row.never_for:
        parts.append(f"never for {', '.join(row.never_for)}")
    return "; ".join(parts)


def _listed(words: Iterable[object]) -> str:
    return ", ".join(_words(word) for word in words)


def _words(word: object) -> str:
    return str(word).replace("_", " ")


def _yes(answer: bool) -> str:
    return "yes" if answer else "no"
