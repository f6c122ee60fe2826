"""Compile the translations while the package is built. Everything else about the package stands in pyproject.toml."""

from __future__ import annotations

from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from setuptools import setup
from setuptools.command.build_py import build_py


class WithTranslations(build_py):  # type: ignore[misc]  # setuptools is there only while building
    """The usual build, and a django.mo beside each place where a django.po lies."""

    def run(self) -> None:
        """Copy the modules and data as usual, then compile each translation into the built package."""
        super().run()
        for source in Path("samsyn/locale").glob("*/LC_MESSAGES/django.po"):
            target = Path(self.build_lib) / source.with_suffix(".mo")
            target.parent.mkdir(parents=True, exist_ok=True)
            with source.open("rb") as read, target.open("wb") as written:
                write_mo(written, read_po(read, locale=source.parent.parent.name))


setup(cmdclass={"build_py": WithTranslations})
