"""A copy that was handed over, made safe to show: its own words and marks, and nothing that a page could run."""

from __future__ import annotations

from html import escape
from html.parser import HTMLParser

from django.utils.safestring import SafeString, mark_safe

_SOME = "article section div p h2 h3 h4 br blockquote figure figcaption footer ul ol li dl dt dd details summary"
_MORE = "em strong small span bdi time table caption thead tbody tr th td"
TAGS = frozenset((_SOME + " " + _MORE).split())
ATTRIBUTES = frozenset(("class", "datetime", "dir", "lang", "scope"))
WITHOUT_END = frozenset(("br",))
SILENT = frozenset(("script", "style", "svg", "template"))  # what stands in them is no text


class _Copy(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.open: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in SILENT:
            self.silent += 1
        if self.silent or tag not in TAGS:
            return
        kept = "".join(f' {name}="{escape(value or "")}"' for name, value in attrs if name in ATTRIBUTES)
        self.parts.append(f"<{tag}{kept}>")
        if tag not in WITHOUT_END:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in SILENT:
            self.silent = max(0, self.silent - 1)
        elif not self.silent and tag in self.open:
            while self.open:
                last = self.open.pop()
                self.parts.append(f"</{last}>")
                if last == tag:
                    break

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.parts.append(escape(data))


def safe_copy(text: str) -> SafeString:
    """The text of a page as it was, without scripts, styles, links, addresses or forms; what was open is closed."""
    copy = _Copy()
    copy.feed(text)
    copy.close()
    copy.parts += [f"</{tag}>" for tag in reversed(copy.open)]
    return mark_safe("".join(copy.parts))  # noqa: S308  # every character above is either a known tag or escaped
