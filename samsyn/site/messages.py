"""What the house says, gathered for translators: ``python -m samsyn.site.messages`` brings the .po files up to date.

The source text is English and stands in the code: in Python as the first argument of gettext and its kin, of ``marked``
and of a rule's ``yes`` and ``no``, in the templates, and in the rows of law. Nothing but Python is needed. What has
changed in English loses its translation and is never guessed anew: a sentence about a child must not be nearly right.
"""

from __future__ import annotations

import ast
import io
import sys
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

from samsyn.common import clock

PACKAGE = Path(__file__).resolve().parent.parent
LANGUAGES = ("sv", "ar")
LAW = "law"  # the context of the sentences of law; each row has its own in Swedish
LAW_HAS_ITS_OWN = ("sv",)
# Where each function keeps its texts: positions of context, singular and plural among the arguments.
ONE = (None, 0, None)
KEYWORDS: dict[str, tuple[int | None, int, int | None]] = {
    "gettext": ONE,
    "gettext_lazy": ONE,
    "_": ONE,
    "_lazy": ONE,
    "marked": ONE,
    "yes": ONE,
    "no": ONE,
    "ngettext": (None, 0, 1),
    "ngettext_lazy": (None, 0, 1),
    "pgettext": (0, 1, None),
    "pgettext_lazy": (0, 1, None),
    "npgettext": (0, 1, 2),
}
# How Babel is told the same about what Django makes of a template; it counts from 1 and marks the context.
TEMPLATE_KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2)} | {
    "npgettext": ((1, "c"), 2, 3)
}
HEADERS = {
    "sv": "Swedish for Samsyn. `python -m samsyn.site.messages` keeps the rows; write only what stands in msgstr.",
    "ar": "Arabic (Modern Standard) for Samsyn. `python -m samsyn.site.messages` keeps the rows.\n"
    "NOT YET REVIEWED: a native reader and a lawyer must read every sentence before a family meets it.\n"
    "Each %(place)s stands between U+2068 and U+2069, so that names and numbers stay whole in right-to-left text.",
}


class Said(NamedTuple):
    """One text of the house. ``plural`` and ``context`` are "" when it has none; ``place`` is a path under samsyn."""

    text: str
    plural: str
    context: str
    place: str


def said_by(root: Path = PACKAGE) -> Iterator[Said]:
    """Every text in the Python files and templates below ``root``, place by place."""
    for path in sorted((*root.rglob("*.py"), *root.rglob("*.html"), *root.rglob("templates/**/*.txt"))):
        place = path.relative_to(root).as_posix()
        source = path.read_text(encoding="utf-8")
        yield from _in_python(source, place) if path.suffix == ".py" else _in_template(source, place)
    for path in sorted(root.glob("law/*.toml")):
        for row in tomllib.loads(path.read_text(encoding="utf-8")).get("row", []):
            for own in ("en", "confirm_en"):
                if own in row:
                    yield Said(row[own], "", LAW, f"law/{path.name}")


def _in_python(source: str, place: str) -> Iterator[Said]:
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        if name in KEYWORDS:
            context, text, plural = (_text(node, position) for position in KEYWORDS[name])
            if text:
                yield Said(text, plural, context, place)


def _text(call: ast.Call, position: int | None) -> str:
    """The text at a position of the call; "" when there is none or it is not written out there."""
    if position is None or position >= len(call.args):
        return ""
    argument = call.args[position]
    return argument.value if isinstance(argument, ast.Constant) and isinstance(argument.value, str) else ""


def _in_template(source: str, place: str) -> Iterator[Said]:
    # Django turns the template into something like Python; what is not a text is blanked out and has no indentation.
    lines = (line.strip() for line in templatize(source).splitlines())
    for _line, found, _comments, context in extract(
        "python", io.BytesIO("\n".join(lines).encode()), keywords=TEMPLATE_KEYWORDS
    ):
        text, plural = (found, "") if isinstance(found, str) else (found[0], found[-1])
        yield Said(text, plural, context or "", place)


def meant_for(language: str, template: Catalog) -> Iterator[Message]:
    """The texts that are to be translated into a language."""
    for message in template:
        if message.id and not (message.context == LAW and language in LAW_HAS_ITS_OWN):
            yield message


def template_of(said: Iterable[Said]) -> Catalog:
    """All texts as a catalogue without translations; each says in which files it stands."""
    catalog = Catalog(charset="utf-8")
    for one in said:
        message = (one.text, one.plural) if one.plural else one.text
        catalog.add(message, locations=[(f"samsyn/{one.place}", 0)], context=one.context or None)
    return catalog


def po_file(language: str) -> Path:
    """Where a language's translations are kept."""
    return PACKAGE / "locale" / language / "LC_MESSAGES" / "django.po"


def read(language: str) -> Catalog:
    """The translations that are kept for a language; an empty catalogue when there are none yet."""
    path = po_file(language)
    if not path.exists():
        return Catalog(locale=language, charset="utf-8", fuzzy=False, revision_date=clock.now())
    with path.open("rb") as kept:
        return read_po(kept, locale=language, domain="django", abort_invalid=True)


def brought_up_to_date(language: str, template: Catalog, kept: Catalog) -> Catalog:
    """The texts of ``template`` with those translations of ``kept`` whose English is the same to the letter."""
    fresh = Catalog(
        locale=language,
        domain="django",
        project="Samsyn",
        version="0.1",
        charset="utf-8",
        fuzzy=False,
        header_comment="\n".join(f"# {line}" for line in HEADERS[language].splitlines()),
        msgid_bugs_address="see CONTRIBUTING.md",
        creation_date=kept.creation_date,
        revision_date=kept.revision_date,
        last_translator="the authors of Samsyn",
        language_team="the authors of Samsyn",
    )
    for message in meant_for(language, template):
        old = kept.get(message.id, message.context)
        translated = old.string if old is not None and _same(old, message) else None
        places = sorted(set(message.locations))
        fresh.add(message.id, translated, locations=places, context=message.context, flags=message.flags)
    return fresh


def _same(old: Message, new: Message) -> bool:
    return old.id == new.id and not old.fuzzy


def written(catalog: Catalog) -> bytes:
    """The catalogue as a file: sorted by text, without line numbers, so that only what is said makes a difference."""
    out = io.BytesIO()
    write_po(out, catalog, width=0, sort_output=True, include_lineno=False, ignore_obsolete=True)
    return out.getvalue()


def missing(catalog: Catalog) -> list[str]:
    """The texts that lack a translation, or one of its plural forms."""
    found = []
    for message in catalog:
        strings = message.string if isinstance(message.string, tuple | list) else (message.string,)
        forms = catalog.num_plurals if message.pluralizable else 1
        if message.id and (len(strings) != forms or not all(strings)):
            found.append(message.id if isinstance(message.id, str) else message.id[0])
    return sorted(found)


def main() -> int:
    """Bring every language up to date and say what is still to be translated. Exit code 1 when anything is."""
    template = template_of(said_by())
    left = 0
    for language in LANGUAGES:
        catalog = brought_up_to_date(language, template, read(language))
        path = po_file(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(written(catalog))
        still = missing(catalog)
        left += len(still)
        sys.stdout.write(f"{language}: {len(catalog)} texts, {len(still)} to translate\n")
        sys.stdout.writelines(f"  {text!r}\n" for text in still)
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main())
