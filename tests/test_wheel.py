"""The wheel as a stranger gets it: installed into an empty environment, with the trained model inside."""

import json
import os
import subprocess
import sys
import zipfile

import pytest


@pytest.mark.slow
def test_the_wheel_scores_in_an_empty_environment(project, model, tmp_path):
    environment = {k: v for k, v in os.environ.items() if k not in ("STANCE_MODEL", "PIP_CONSTRAINT")}  # as a stranger has it

    def run(*command, **options):
        done = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True, check=False, **options)
        assert done.returncode == 0, done.stderr
        return done.stdout

    run(sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(tmp_path), str(project.root))
    wheel = next(tmp_path.glob("*.whl"))
    inside = zipfile.ZipFile(wheel).namelist()
    data = (
        "model/manifest.json",
        "model/scorer.joblib",
        "py.typed",
        "templates/report.html.j2",
        "templates/site/article.html.j2",
        "templates/base.css",
        "schemas/sentence.schema.json",
    )
    assert {f"pipeline/{name}" for name in data} <= set(inside)
    assert not [name for name in inside if not name.startswith(("pipeline/", "stance_signals-"))]
    run(sys.executable, "-m", "venv", str(tmp_path / "empty"))
    run(str(tmp_path / "empty" / "bin" / "pip"), "install", "--quiet", str(wheel))
    rows = run(str(tmp_path / "empty" / "bin" / "stance"), "score", "-", input="The mayor denied it.")
    assert json.loads(rows)["label"] == "denial"
    assert json.loads(rows)["model"] == model.id
