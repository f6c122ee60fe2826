"""Everything that the house says is said in Swedish and Arabic too, whole, in words that a tired reader takes in."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog, Message
from django.utils import translation
from django.utils.translation import gettext

from samsyn import law
from samsyn.circle.rules import HANDOVER_STEPS, TEAM_STEPS
from samsyn.early_signals.rules import REQUEST_STEPS, SIGN_STEPS
from samsyn.law.words import sentence
from samsyn.plans.rules import PLAN_STEPS
from samsyn.site import messages
from tests.shape.reading import lix, sentences

PLACE = re.compile(r"%\(([a-z_0-9]+)\)[sd]")
ISOLATED = re.compile("\u2068%\\([a-z_0-9]+\\)[sd]\u2069")
ISOLATES = ("\u2068", "\u2069")
# Arabic says none, one and two in words of their own, Swedish sometimes one: there the figure itself may be left out.
IN_WORDS = {"sv": (0,), "ar": (0, 1, 2)}
HARDEST = 45  # LIX of a newspaper
HARDEST_AT_HOME = 30  # LIX of a children's book: from 16 a young person reads the portal alone
LONGEST_SENTENCE = 25
# What is the same word in Swedish, or nothing but places.
SAME_IN_SWEDISH = {
    ", ",
    "Plan",
    "region",
    "%(area)s: %(marks)s.",
    "%(child)s %(now)s",
    "%(name)s %(mark)s",
    "%(role)s: %(name)s.",
}
NAMES_OF_MODELS = {"Primero", "BTI"}
CHECK = "run `python -m samsyn.site.messages` and write what it lists"


@pytest.fixture(scope="module")
def said() -> list[messages.Said]:
    return list(messages.said_by())


@pytest.fixture(scope="module", params=messages.LANGUAGES)
def kept(request: pytest.FixtureRequest) -> Catalog:
    return messages.read(request.param)


def rows(catalog: Catalog) -> Iterator[tuple[Message, tuple[str, ...], tuple[str, ...]]]:
    """Each text with its English (one or two forms) and its translations."""
    for message in catalog:
        if message.id:
            english = (message.id,) if isinstance(message.id, str) else tuple(message.id)
            forms = message.string if isinstance(message.string, tuple | list) else (message.string,)
            yield message, english, tuple(form or "" for form in forms)


def places(text: str) -> set[str]:
    """The names of the places that a text leaves to be filled."""
    return set(PLACE.findall(text))


def test_every_text_of_the_house_is_there_and_nothing_else(kept: Catalog, said: list[messages.Said]) -> None:
    template = messages.template_of(said)
    expected = {(row.context, str(row.id)) for row in messages.meant_for(str(kept.locale), template)}
    found = {(message.context, str(message.id)) for message, _, _ in rows(kept)}
    assert sorted(map(str, expected - found)) == [], CHECK
    assert sorted(map(str, found - expected)) == [], f"nobody says this any longer: {CHECK}"
    assert not kept.obsolete


def test_every_text_is_translated_with_all_its_plural_forms(kept: Catalog) -> None:
    assert messages.missing(kept) == [], CHECK
    assert [message.id for message, _, _ in rows(kept) if message.fuzzy] == []


def test_a_translation_fills_the_same_places(kept: Catalog) -> None:
    wrong = []
    for _, english, forms in rows(kept):
        named = places(english[-1])
        for number, form in enumerate(forms):
            in_words = len(forms) > 1 and number in IN_WORDS[str(kept.locale)]
            unsaid = named - places(form)
            if places(form) - named or len(unsaid) > in_words or "%" in PLACE.sub("", form).replace("%%", ""):
                wrong.append((english[0], form))
    assert wrong == []


def test_a_translation_brings_no_markup_and_no_white_space_of_its_own(kept: Catalog) -> None:
    wrong = [
        (english[0], form)
        for _, english, forms in rows(kept)
        for form in forms
        if ("<" in form) != ("<" in english[0])
        or "  " in form
        or (form != form.strip()) != (english[0] != english[0].strip())
    ]
    assert wrong == []


def test_a_sentence_stays_a_sentence(kept: Catalog) -> None:
    # A list of ends in one language and a sentence in the other reads as a mistake beside each other.
    ends = {".": ".", "?": "?؟", ":": ":"}
    wrong = [
        (english[0], form)
        for _, english, forms in rows(kept)
        for form in forms
        if english[0][-1] in ends and form.rstrip("\u2069")[-1] not in ends[english[0][-1]]
    ]
    assert wrong == []


def test_swedish_and_english_are_not_mixed() -> None:
    same = {english[0] for _, english, forms in rows(messages.read("sv")) if set(english) & set(forms)}
    assert same <= SAME_IN_SWEDISH


def test_arabic_keeps_every_name_and_number_whole() -> None:
    wrong = []
    for _, english, forms in rows(messages.read("ar")):
        for form in forms:
            rest = ISOLATED.sub("", form)
            if PLACE.search(rest) or any(mark in rest for mark in ISOLATES):
                wrong.append((english[0], form))
    assert wrong == []


def test_arabic_is_written_in_arabic() -> None:
    wrong = [
        english[0]
        for _, english, forms in rows(messages.read("ar"))
        for form in forms
        if re.search(r"[^\W\d_]{2}", PLACE.sub("", english[0])) and not re.search(r"[\u0621-\u064a]{2}", form)
    ]
    assert wrong == []


def test_arabic_puts_no_latin_comma_or_question_mark_after_arabic() -> None:
    wrong = [
        form for _, _, forms in rows(messages.read("ar")) for form in forms if re.search(r"[\u0621-\u064a][,;?]", form)
    ]
    assert wrong == []


def test_nobody_is_a_client_or_a_case() -> None:
    wrong = [
        form
        for _, _, forms in rows(messages.read("sv"))
        for form in forms
        if "klient" in form.lower() or "ärende" in form.lower()
    ]
    assert wrong == []


def test_no_swedish_sentence_is_too_long() -> None:
    wrong = [
        form
        for _, _, forms in rows(messages.read("sv"))
        for form in forms
        if any(len(words) > LONGEST_SENTENCE for words in sentences(form))
    ]
    assert wrong == []


def test_swedish_is_easy_to_read_in_every_room() -> None:
    by_room: dict[str, set[str]] = defaultdict(set)
    for message, _, forms in rows(messages.read("sv")):
        for place, _line in message.locations:
            # Whole sentences only: labels of one word each would make any room look easy.
            by_room[place.split("/")[1]].update(form for form in forms if form[-1] in ".?!")
    hardest = defaultdict(lambda: HARDEST, portal=HARDEST_AT_HOME)
    hard = {room: round(lix(texts)) for room, texts in by_room.items() if lix(texts) > hardest[room]}
    assert len(by_room) > 8
    assert len(by_room["portal"]) > 50
    assert hard == {}


def test_lix_is_counted_as_its_author_counts_it() -> None:
    # 10 words in 2 sentences, 3 of them longer than six letters.
    text = "Barnets trygghetsperson svarar nu. %(name)s har ett fritids i mål."
    assert lix([text]) == pytest.approx(10 / 2 + 100 * 3 / 10)
    assert lix([]) == 0
    assert [len(words) for words in sentences("Fråga först. Vad sa hen? Skriv: så här …")] == [2, 3, 1, 2]


# ---------------------------------------------------------------- how the texts are found


def texts_in(tmp_path: Path, name: str, source: str) -> list[tuple[str, str, str]]:
    (tmp_path / name).write_text(source, encoding="utf-8")
    return [(one.text, one.plural, one.context) for one in messages.said_by(tmp_path)]


def test_texts_are_found_in_python(tmp_path: Path) -> None:
    source = """
gettext("One"); _lazy("Two " "parts"); marked("Three"); pgettext("month", "May"); translation.gettext("Method")
ngettext("%(n)s day", "%(n)s days", n)
no("Said %(why)s.", rule="row_of_law", field="words"); yes("Yes."); yes(rule="own_authority"); yes()
gettext(sentence); _(f"never {this}"); other("not this")
"""
    assert sorted(texts_in(tmp_path, "rules.py", source)) == [
        ("%(n)s day", "%(n)s days", ""),
        ("May", "", "month"),
        ("Method", "", ""),
        ("One", "", ""),
        ("Said %(why)s.", "", ""),
        ("Three", "", ""),
        ("Two parts", "", ""),
        ("Yes.", "", ""),
    ]


def test_texts_are_found_in_templates(tmp_path: Path) -> None:
    source = """<p>not this, gettext("nor this")</p>
    {% translate "One" %}{% trans 'Two' as two %}{% translate "May" context "month" %}
  {% blocktranslate with name=child.name %}Hello {{ name }}{% endblocktranslate %}
{% blocktranslate asvar words count n=age trimmed %}
   {{ n }} year
   old{% plural %}{{ n }} years
   old{% endblocktranslate %}{% field form.words label=_("A label") %}{# translate "no" #}{% comment %}{% endcomment %}
"""
    assert sorted(texts_in(tmp_path, "page.html", source)) == [
        ("%(n)s year old", "%(n)s years old", ""),
        ("A label", "", ""),
        ("Hello %(name)s", "", ""),
        ("May", "", "month"),
        ("One", "", ""),
        ("Two", "", ""),
    ]


def test_sentences_of_law_are_translated_where_they_have_none_of_their_own(tmp_path: Path) -> None:
    (tmp_path / "law").mkdir()
    row = '[[row]]\nid = "a"\nsv = "Fråga."\nen = "Ask."\n'
    (tmp_path / "law" / "rows.toml").write_text(row, encoding="utf-8")
    template = messages.template_of(messages.said_by(tmp_path))
    assert [(row.id, row.context) for row in messages.meant_for("ar", template)] == [("Ask.", "law")]
    assert list(messages.meant_for("sv", template)) == []


@pytest.mark.parametrize("language", ["sv", "en", "ar"])
def test_a_row_of_law_is_said_in_the_readers_language(language: str) -> None:
    row = law.on(date(2026, 11, 2)).row("consent")
    arabic = {one.id: one.string for one in messages.read("ar") if one.context == messages.LAW}
    with translation.override(language):
        said = sentence(row)
    assert said == {"sv": row.sentence_sv, "en": row.sentence_en, "ar": arabic[row.sentence_en]}[language]


def test_a_changed_english_text_loses_its_translation() -> None:
    before = messages.template_of([messages.Said("Write what you saw.", "", "", "a.py")])
    kept = Catalog(locale="sv")
    kept.add("Write what you saw.", "Skriv vad du såg.")
    same = messages.brought_up_to_date("sv", before, kept)
    assert [message.string for message in same if message.id] == ["Skriv vad du såg."]
    after = messages.template_of([messages.Said("Write what you did not see.", "", "", "a.py")])
    changed = messages.brought_up_to_date("sv", after, kept)
    assert messages.missing(changed) == ["Write what you did not see."]
    assert changed.get("Write what you saw.") is None


def test_the_files_tell_no_line_numbers_and_no_machine(kept: Catalog) -> None:
    raw = messages.po_file(str(kept.locale)).read_text(encoding="utf-8")
    assert "#~" not in raw
    assert re.findall(r"^#: .*:\d+", raw, re.MULTILINE) == []
    assert re.findall(r"^#: (?!samsyn/).*", raw, re.MULTILINE) == []
    assert raw.encode() == messages.written(kept)


def test_no_template_says_anything_that_cannot_be_translated() -> None:
    spoken = re.compile(r'(?:aria-label|title|placeholder|alt)="([^"]*)"')
    wrong = {}
    for path in sorted(messages.PACKAGE.rglob("*.html")):
        if path.name == "gallery.html":  # its headings are the components' own names in the code
            continue
        source = path.read_text(encoding="utf-8")
        bare = re.sub(r"\{%\s*blocktrans(?:late)?\b.*?endblocktrans(?:late)?\s*%\}", "", source, flags=re.DOTALL)
        bare = re.sub(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", "", bare, flags=re.DOTALL)
        text = " ".join([re.sub(r"<[^>]*>", " ", bare), *spoken.findall(bare)])
        words = [word for word in re.findall(r"[^\W\d_]{2,}", text) if word != "Samsyn"]
        if words:
            wrong[path.relative_to(messages.PACKAGE).as_posix()] = words
    assert wrong == {}


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_what_a_step_follows_is_told_in_the_readers_language(language: str) -> None:
    today = law.on(date(2026, 11, 23))
    rules = {row.id for row in today.rows()}
    steps: list[Any] = [*SIGN_STEPS, *REQUEST_STEPS, *TEAM_STEPS, *HANDOVER_STEPS, *PLAN_STEPS]
    shown = {str(one.source) for one in steps if (getattr(one, "rule", "") or one.source) not in rules}
    with translation.override(language):
        assert {one for one in shown if gettext(one) == one} <= NAMES_OF_MODELS
