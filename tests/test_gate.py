import json
import subprocess
import sys

import pytest
from conftest import ROOT

from pipeline.errors import InputError
from pipeline.paths import Paths
from pipeline.stages.gate import GateError, main


@pytest.fixture
def folder(tmp_path):
    """A project folder with a limit of 2 % and metrics of the given flip rates."""

    def make(written, generated, together):
        (tmp_path / "params.yaml").write_text("labels: [a, b]\nsplit: {corpus: x}\ngate: {flip_rate: 0.02}\n")
        neutrality = {"written": {"flip_rate": written}, "generated": {"flip_rate": generated}, "limit": 0.02}
        neutrality["together"] = {"flip_rate": together}
        (tmp_path / "reports").mkdir()
        (tmp_path / "reports" / "metrics.json").write_text(json.dumps({"neutrality": neutrality}))
        return Paths(tmp_path)

    return make


PASSING = {
    "at the limit": (0.03, 0.01, 0.02), "no written swaps": (None, 0.01, 0.01), "nothing measured": (None, None, None),
}  # fmt: skip


@pytest.mark.parametrize(("written", "generated", "together"), PASSING.values(), ids=PASSING)
def test_within_the_limit_it_writes_what_it_checked(folder, written, generated, together):
    paths = folder(written, generated, together)
    assert main(paths).endswith("within 2.0%: reports/gate.json")
    rates = {"written": written, "generated": generated, "together": together}
    kept = {kind: rate for kind, rate in rates.items() if rate is not None}
    assert json.loads(paths.gate.read_text()) == {"flip_rate": {"limit": 0.02, **kept}}


def test_above_the_limit_it_fails_with_every_figure_and_writes_nothing(folder):
    paths = folder(0.03, 0.01, 0.021)
    shown = r"3\.0% written, 1\.0% generated, 2\.1% together"
    with pytest.raises(GateError, match=rf"{shown}.*gate\.flip_rate allows 2\.0%.*reports/neutrality\.csv"):
        main(paths)
    assert not paths.gate.exists()


def test_the_stage_ends_with_one_line_and_exit_code_1(folder):
    paths = folder(0.5, 0.5, 0.5)
    command = [sys.executable, "-m", "pipeline.stages.gate"]
    done = subprocess.run(command, cwd=paths.root, env={"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("error: party swaps")
    assert done.stderr.count("\n") == 1


def test_metrics_without_neutrality_say_what_to_run(folder):
    paths = folder(0, 0, 0)
    paths.metrics.write_text("{}")
    with pytest.raises(InputError, match=r"metrics\.json: holds no neutrality: run `dvc repro evaluate`"):
        main(paths)
