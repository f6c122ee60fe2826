"""What is wrong with the rows of a table, and the report that those who sent it are given."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from samsyn.common.decision import Decision, marked

_KEPT_PROBLEMS = 1_000


@dataclass(frozen=True)
class RowProblem:
    """Why a row cannot be taken. ``column`` is "" for the whole row.

    ``reason`` is English source text with ``%(name)s`` places that ``values`` fills, translated where it is shown.
    """

    row: int
    column: str
    reason: str
    values: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, row: int, column: str, decision: Decision) -> RowProblem:
        """A rule's no, as a problem of that row and column."""
        return cls(row, column, decision.reason, decision.values)

    def sentence(self, translate: Callable[[str], str] = str) -> str:
        """Row, column and reason in one sentence."""
        where = (
            marked("Row %(row)s, column %(column)s: %(reason)s") if self.column else marked("Row %(row)s: %(reason)s")
        )
        reason = translate(self.reason) % self.values
        return translate(where) % {"row": self.row, "column": self.column, "reason": reason}


@dataclass
class Report:
    """What an import did, or would do. ``problems`` holds the first thousand of ``problem_count``."""

    good: int = 0
    changed: int = 0
    unchanged: int = 0
    problem_count: int = 0
    problems: list[RowProblem] = field(default_factory=list)

    def add(self, problem: RowProblem) -> None:
        """Count a problem, and keep it while they are few enough to be read."""
        self.problem_count += 1
        if len(self.problems) < _KEPT_PROBLEMS:
            self.problems.append(problem)

    @property
    def may_be_applied(self) -> bool:
        """Is there no problem at all?"""
        return self.problem_count == 0

    def text(self, translate: Callable[[str], str] = str) -> str:
        """The whole report, one thing a line."""
        counts = (
            (marked("Good rows: %(count)s"), self.good),
            (marked("Of them new or changed: %(count)s"), self.changed),
            (marked("Of them already as they should be: %(count)s"), self.unchanged),
            (marked("Problems: %(count)s"), self.problem_count),
        )
        lines = [translate(sentence) % {"count": count} for sentence, count in counts]
        lines += [problem.sentence(translate) for problem in self.problems]
        left_out = self.problem_count - len(self.problems)
        if left_out:
            lines.append(translate(marked("And %(count)s problems more.")) % {"count": left_out})
        return "\n".join(lines)
