"""What an address carries after its question mark: random references and page numbers, and nothing else."""

from __future__ import annotations

from uuid import UUID

from django import forms

from samsyn.desk.doors import StaffRequest


def given_ref(request: StaffRequest, name: str) -> UUID | None:
    """The reference that the address carries under this name; None when there is none, or it is no reference."""
    return read_ref(request.GET.get(name, ""))


def read_ref(text: str) -> UUID | None:
    """The reference that a text is; None when it is none."""
    try:
        return UUID(text)
    except ValueError:
        return None


def given_page(request: StaffRequest) -> int:
    """Which page of a list is asked for, from 1; 1 for anything that is no such number."""
    try:
        return int(forms.IntegerField(min_value=1, max_value=1000).clean(request.GET.get("page", "1")))
    except forms.ValidationError:
        return 1
