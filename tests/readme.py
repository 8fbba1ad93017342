"""The README's commands, run for real: `python tests/readme.py` writes their output into it, a test compares."""

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from conftest import ROOT, Project

from pipeline.model_card import with_results
from pipeline.report_files import read_metrics

README = ROOT / "README.md"
_CONSOLE = re.compile(r"(?<=```console\n)(.*?)(?=```)", re.DOTALL)


def output(block: str, project: Project) -> str:
    """The commands of a console block, each followed by what it prints."""
    shown = ""
    for command in re.findall(r"^\$ (.*)$", block, re.MULTILINE):
        done = project.run("bash", "-c", command)
        lines = [line.rstrip() for line in done.stdout.rstrip("\n").split("\n")]
        shown += f"$ {command}\n" + "".join(f"{line}\n" for line in lines)
    return shown


def built(folder: Path) -> Project:
    """A copy of the project after `dvc repro`, in which an experiment is run, even if it was run in the checkout."""
    cache = folder / "cache"
    if (ROOT / ".dvc" / "cache").is_dir():
        shutil.copytree(ROOT / ".dvc" / "cache", cache)
    project = Project(folder / "project", cache=cache)
    project.run("dvc", "repro")
    project.commit("after dvc repro")
    shutil.rmtree(cache / "runs", ignore_errors=True)
    return project


def render(text: str, project: Project, blocks: int | None = None) -> str:
    """The README with its results and the output of its first `blocks` console blocks (default: all) written anew."""
    text = with_results(text, read_metrics(project.root / "reports" / "metrics.json"))
    return _CONSOLE.sub(lambda block: output(block[0], project), text, count=blocks or 0)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        README.write_text(render(README.read_text(encoding="utf-8"), built(Path(folder))), encoding="utf-8")
    sys.exit(subprocess.run(["git", "diff", "--stat", "README.md"], cwd=ROOT, check=False).returncode)
