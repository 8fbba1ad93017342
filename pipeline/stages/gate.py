"""Stage `gate`: the limits that a model has to keep, checked after `evaluate` has written everything."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pipeline.errors import InputError, StanceError
from pipeline.params import read_params
from pipeline.paths import Paths
from pipeline.stages import run_stage
from pipeline.writing import decode, replacing

TOGETHER = "together"  # the kind of swaps that is limited: all, written and generated


class GateError(StanceError):
    """The model breaks a limit (exit code 1)."""


def flip_rates(path: Path) -> dict[str, float]:
    """Return the flip rate under each kind of party swap that the metrics in `path` hold.

    Raises
    ------
    InputError
        If the file is missing or holds no neutrality.
    """
    try:
        neutrality: Mapping[str, Any] = json.loads(decode(path))["neutrality"]
    except (json.JSONDecodeError, KeyError, TypeError):
        raise InputError(f"{path}: holds no neutrality: run `dvc repro evaluate`") from None
    figures = {kind: part["flip_rate"] for kind, part in neutrality.items() if isinstance(part, Mapping)}
    return {kind: rate for kind, rate in figures.items() if rate is not None}


def check_neutrality(rates: Mapping[str, float], limit: float) -> None:
    """Raise a GateError that says what to look at where the rate of all party swaps is above the `limit`."""
    if rates.get(TOGETHER, 0) > limit:
        shown = ", ".join(f"{rate:.1%} {kind}" for kind, rate in rates.items())
        raise GateError(
            f"party swaps change the label of too many sentences ({shown}), gate.flip_rate allows {limit:.1%}: "
            "see in reports/neutrality.csv what the model leans on"
        )


def main(paths: Paths) -> str:
    """Check the limits, write what was checked and return the closing line."""
    limit = read_params(paths.params).gate.flip_rate
    rates = flip_rates(paths.metrics)
    check_neutrality(rates, limit)
    with replacing(paths.gate) as temporary:
        temporary.write_text(json.dumps({"flip_rate": {"limit": limit, **rates}}, indent=2) + "\n", encoding="utf-8")
    shown = ", ".join(f"{rate:.1%} {kind}" for kind, rate in rates.items()) or "none measured"
    return f"gate: flip rates under party swaps ({shown}) within {limit:.1%}: {paths.shown(paths.gate)}"


if __name__ == "__main__":
    run_stage(main)
