"""Where production keeps its style sheets, scripts and fonts: each under a name that says what is in it, and packed."""

from __future__ import annotations

from typing import Any

from whitenoise.storage import CompressedManifestStaticFilesStorage


def _without_source_maps(patterns: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(
        (files, tuple(one for one in found if "sourceMappingURL" not in str(one))) for files, found in patterns
    )


class GatheredFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # WhiteNoise has no types
    """WhiteNoise's storage. The maps to the source of a packed script are not shipped, so none is looked for."""

    patterns = _without_source_maps(CompressedManifestStaticFilesStorage.patterns)
