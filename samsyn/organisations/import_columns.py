"""What stands in the import files: columns, the parts of an agreement, and the words for them in English or Swedish.

The commands print them in their help, which has to work before any setting is read: nothing here needs Django.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from samsyn.common.tabular import Column

ORGANISATION_COLUMNS = (
    Column("principal_kind", required=True, help="municipality, region or state"),
    Column("principal_code", required=True, help="the official code: 1293, 12; for the state a short word"),
    Column("principal_name", help="only where the code does not tell it"),
    Column("authority", required=True, help="the board's name; one board is one area of secrecy"),
    Column("sphere", required=True, help="whose secrecy: school, social_services, health_care, police, …"),
    Column("board", help="the board that the authority is an independent part of; empty: it is the board"),
    Column("unit_id", required=True, help="the unit's own id, the same in every file: school unit code, HSA-id, …"),
    Column("unit", required=True, help="the unit's name"),
    Column("unit_parent", help="unit_id of the unit above, in the same authority"),
    Column("unit_kind", help="school, preschool, child_health, social_support, …; empty: other"),
    Column("telephone", help="a number that somebody answers"),
    Column("telephone_hours", help="when somebody answers it"),
    Column("post_id", help="the post's own id, the same in every file; empty: the row is about the unit only"),
    Column("post", help="the post's title, with post_id"),
    Column("post_role", help="named_person, intake, head, duty_desk or staff; empty: staff"),
    Column("post_parent", help="post_id of the post above, which answers when nobody is there"),
)

STAFF_COLUMNS = (
    Column("number", help="personal identity number; or leave it empty and fill in staff_id"),
    Column("staff_id", help="the employer's own id, the same in every file"),
    Column("given_name", required=True),
    Column("family_name", required=True),
    Column("called", help="the name the person uses"),
    Column("sign_in_name", required=True, help="what the person signs in as; no identity number"),
    Column("language", help="sv, en or ar; empty: sv"),
    Column("post_id", required=True, help="a post that import-organisations has brought in"),
    Column("since", required=True, help="first day on the post: 2025-08-18"),
    Column("until", help="last day on the post; empty: until further notice"),
)

PRINCIPAL_KINDS: Mapping[str, str] = {
    "municipality": "municipality",
    "kommun": "municipality",
    "region": "region",
    "state": "state",
    "stat": "state",
    "staten": "state",
}
SPHERES: Mapping[str, str] = {
    "school": "school",
    "skola": "school",
    "school_health": "school_health",
    "elevhälsans medicinska insats": "school_health",
    "pupil_support": "pupil_support",
    "elevhälsa": "pupil_support",
    "preschool": "preschool",
    "förskola": "preschool",
    "leisure_centre": "leisure_centre",
    "fritidshem": "leisure_centre",
    "family_counselling": "family_counselling",
    "familjerådgivning": "family_counselling",
    "social_services": "social_services",
    "socialtjänst": "social_services",
    "health_care": "health_care",
    "hälso- och sjukvård": "health_care",
    "police": "police",
    "polis": "police",
    "other_authority": "other_authority",
    "annan": "other_authority",
}
UNIT_KINDS: Mapping[str, str] = {
    "": "other",
    "school": "school",
    "skola": "school",
    "preschool": "preschool",
    "förskola": "preschool",
    "child_health": "child_health",
    "bvc": "child_health",
    "maternity": "maternity",
    "mödrahälsovård": "maternity",
    "social_reception": "social_reception",
    "socialtjänst mottagning": "social_reception",
    "social_support": "social_support",
    "socialtjänst stöd": "social_support",
    "activity": "activity",
    "kaa": "activity",
    "care": "care",
    "vård": "care",
    "hospital": "hospital",
    "sjukhus": "hospital",
    "police": "police",
    "polis": "police",
    "duty_desk": "duty_desk",
    "jour": "duty_desk",
    "other": "other",
    "annan": "other",
}
ROLES: Mapping[str, str] = {
    "": "staff",
    "named_person": "named_person",
    "trygghetsperson": "named_person",
    "intake": "intake",
    "mottagare": "intake",
    "head": "head",
    "chef": "head",
    "duty_desk": "duty_desk",
    "jour": "duty_desk",
    "staff": "staff",
    "medarbetare": "staff",
}


AGREEMENT = """\
The file:

  name = "Tillsammans för varje barn"
  decision_number = "KS 2026:14"
  decided_on = 2026-05-23
  vision = "…"                      # may be left out, as all below the parties

  [[parties]]                       # two or more, as import-organisations has brought them in
  principal_kind = "municipality"   # municipality, region or state
  principal_code = "1293"
  authority = "Socialnämnden"

  [clocks]                          # shorter times, by the ids in docs/law.md, in their own units
  acknowledge_signal = 1

  [labels.wheel]                    # own words by language: named_person, wheel, area_safe, …
  sv = "Må bra-hjulet"

  [[goals]]                         # the common goals; left out: health, school and home
  key = "health"
  sv = "God hälsa"
"""


def described(columns: Sequence[Column]) -> str:
    """The columns as the help of a command prints them, one a line."""
    lines = [f"  {column.name:<18}{'(required) ' if column.required else ''}{column.help}" for column in columns]
    return "\n".join(["columns (CSV, UTF-8, separated by ; or ,):", *lines])
