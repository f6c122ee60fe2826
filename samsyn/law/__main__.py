"""Print the register as a page; ``python -m samsyn.law > docs/law.md`` brings the docs up to date."""

import sys

from samsyn.law.export import as_markdown

sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
sys.stdout.write(as_markdown())
