"""The README's commands, run for real: `python tests/readme.py` writes their output into it, a test compares."""

import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from conftest import ROOT, Project

README = ROOT / "README.md"
_CONSOLE = re.compile(r"(?<=```console\n)(.*?)(?=```)", re.DOTALL)
_RESULTS = re.compile(r"(?<=<!-- results -->\n)(.*?)(?=<!-- /results -->)", re.DOTALL)


def results(metrics: dict) -> str:
    """The results table, from reports/metrics.json."""
    labels = list(metrics["test"]["f1"])
    lines = ["| | macro-F1 | 95 % | accuracy | " + " | ".join(f"{label} P / R / F1" for label in labels) + " |"]
    lines.append("|---|---|---|---|" + "---|" * len(labels))
    empty = " | " * len(labels)

    def by_label(part: dict) -> str:
        return " | ".join(" / ".join(f"{part[kind][label]:.2f}" for kind in ("precision", "recall", "f1")) for label in labels)

    test, seed = metrics["test"], metrics["demonstration"]
    interval = f"{test['macro_f1_low']:.2f} to {test['macro_f1_high']:.2f}"
    lines.append(f"| **model** | **{test['macro_f1']:.2f}** | {interval} | {test['accuracy']:.2f} | {by_label(test)} |")
    for name in ("cue_rules", "majority"):
        lines.append(f"| {name.replace('_', ' ')} | {test[name]['macro_f1']:.2f} | | {test[name]['accuracy']:.2f} |{empty}|")
    lines.append(f"| model on the seed article | {seed['macro_f1']:.2f} | | {seed['accuracy']:.2f} | {by_label(seed)} |")
    error = f"Calibration error of the winning probability on the test articles: {test['calibration_error']:.2f}."
    found = {name: f"{share:.0%}" for name, share in metrics["behaviour"].items()}
    behaviour = (
        "[Behaviour](data/README.md#behavioural-cases): both labels are right in "
        f"{found['pairs_right']} of the minimal pairs; of the\nchanges that should move a label {found['moves_seen']} do, "
        f"of those that should not {found['stays_kept']} leave it alone; {found['swap_flip_rate']} of the labels\n"
        f"flip when the two parties of a quarrel are exchanged; {found['perturbations_kept']} survive typos and the like."
    )
    return "\n".join([*lines, "", error, "", behaviour]) + "\n"


def output(block: str, project: Project) -> str:
    """The commands of a console block, each followed by what it prints."""
    shown = ""
    for command in re.findall(r"^\$ (.*)$", block, re.MULTILINE):
        done = project.run("bash", "-c", command)
        lines = [line.rstrip() for line in done.stdout.rstrip("\n").split("\n")]
        shown += f"$ {command}\n" + "".join(f"{line}\n" for line in lines)
    return shown


def render(text: str, project: Project, blocks: int | None = None) -> str:
    """The README with its results and the output of its first `blocks` console blocks (default: all) written anew."""
    metrics = json.loads((project.root / "reports" / "metrics.json").read_text(encoding="utf-8"))
    text = _RESULTS.sub(lambda _: results(metrics), text)
    return _CONSOLE.sub(lambda block: output(block[0], project), text, count=blocks or 0)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        project = Project(Path(folder) / "project")
        project.run("dvc", "repro")
        project.commit("after dvc repro")
        README.write_text(render(README.read_text(encoding="utf-8"), project), encoding="utf-8")
    sys.exit(subprocess.run(["git", "diff", "--stat", "README.md"], cwd=ROOT, check=False).returncode)
