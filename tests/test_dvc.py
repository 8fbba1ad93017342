"""The pipeline as DVC sees it: declared dependencies, a second run, a clone, another corpus; experiments: the README's."""

import ast
import json
import random
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from conftest import ROOT, Project

STAGES = yaml.safe_load((ROOT / "dvc.yaml").read_text(encoding="utf-8"))["stages"]


def imported_modules(path: Path) -> set[Path]:
    """The files of our package that the module at `path` imports at run time, inside functions too."""
    found = set()
    waiting: list[ast.AST] = [ast.parse(path.read_text(encoding="utf-8"))]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.If) and getattr(node.test, "id", "") == "TYPE_CHECKING":
            waiting += node.orelse
            continue
        if isinstance(node, ast.Import):
            assert not [a.name for a in node.names if a.name.split(".")[0] == "pipeline"], f"{path}: write from … import …"
        if isinstance(node, ast.ImportFrom):
            assert (node.level, node.module) != (0, "pipeline"), f"{path}: import from the module that holds it"
            assert node.level == 0, f"{path}: no relative imports"
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "pipeline":
            module = ROOT / node.module.replace(".", "/")
            found.add(module / "__init__.py" if module.is_dir() else module.with_suffix(".py"))
        waiting += ast.iter_child_nodes(node)
    return found


def closure(path: Path) -> set[str]:
    seen: set[Path] = set()
    waiting = {path}
    while waiting:
        module = waiting.pop()
        seen.add(module)
        packages = {folder / "__init__.py" for folder in module.parents if (folder / "__init__.py").is_file()}
        waiting |= (imported_modules(module) | packages) - seen
    return {module.relative_to(ROOT).as_posix() for module in seen}


@pytest.mark.parametrize("stage", STAGES)
def test_every_module_that_a_stage_imports_is_among_its_deps(stage):
    declared = {dep for dep in STAGES[stage]["deps"] if dep.startswith("pipeline/") and dep.endswith(".py")}
    assert declared == closure(ROOT / "pipeline" / "stages" / f"{stage}.py")


def test_one_word_a_stage_everywhere():
    params = yaml.safe_load((ROOT / "params.yaml").read_text(encoding="utf-8"))
    assert list(params) == ["labels", *STAGES]
    for stage, spec in STAGES.items():
        assert spec["cmd"] == f"python -m pipeline.stages.{stage}"
        assert stage in spec["params"]
        assert (ROOT / "tests" / f"test_{stage}.py").is_file()


@pytest.mark.parametrize("stage", STAGES)
def test_a_library_upgrade_reruns_every_stage(stage):
    assert "constraints.txt" in STAGES[stage]["deps"]


def test_a_second_run_does_nothing(project):
    assert "Data and pipelines are up to date." in project.run("dvc", "repro").stdout
    assert project.run("git", "status", "--porcelain").stdout == ""


def test_a_mistake_in_the_parameters_stops_the_stage_with_one_line(tmp_path):
    (tmp_path / "params.yaml").write_text("labels: [a, b]\nsplit: {corpus: none, test_shar: 0}\n")
    command = [sys.executable, "-m", "pipeline.stages.split"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (2, "error: params.yaml: split.test_shar: unknown key\n")


def test_plots_and_metrics_are_declared(project):
    shown = json.loads(project.run("dvc", "plots", "show", "--json").stdout)
    assert {"confusion", "reliability"} <= set(shown["data"])
    assert not shown.get("errors")
    metrics = json.loads(project.run("dvc", "metrics", "show", "--json").stdout)
    assert metrics[""]["data"]["reports/metrics.json"]["data"]["test"]["macro_f1"] > 0


WORDS = {
    "aim": ["we", "want", "to", "study", "how", "rivers", "freeze", "in", "winter"],
    "method": ["samples", "were", "measured", "with", "a", "probe", "at", "night"],
    "result": ["the", "ice", "grew", "by", "four", "millimetres", "on", "average"],
    "outlook": ["future", "work", "should", "look", "at", "other", "lakes"],
    "other": ["thanks", "go", "to", "the", "crew", "of", "the", "boat"],
}


def toy_article(number: int) -> dict[str, object]:
    draw = random.Random(number)
    text, sentences = "", []
    for label in sorted(WORDS, key=lambda _: draw.random()):
        sentence = " ".join(draw.sample(WORDS[label], 6)).capitalize() + f" {draw.randrange(1000)}."
        span = {"start": len(text), "end": len(text) + len(sentence)}
        sentences.append({**span, "label": label, "first": label, "second": label})
        text += sentence + " "
    return {"id": f"toy-{number}", "text": text, "sentences": sentences}


def test_a_corpus_with_other_labels_trains(tmp_path):
    other = Project(tmp_path / "other")
    for path in (other.root / "data" / "corpus").iterdir():
        path.unlink()
    rows = [json.dumps(toy_article(number)) for number in range(40)]
    (other.root / "data" / "corpus" / "toy.jsonl").write_text("\n".join(rows))
    (other.root / "data" / "test_ids.txt").write_text("# none: split.test_share draws them\n")
    (other.root / "data" / "groups.csv").write_text("id,group\n")
    params = yaml.safe_load((other.root / "params.yaml").read_text())
    params["labels"] = list(WORDS)
    params["split"]["test_share"] = 0.3
    params["split"]["noise"]["label"] = "other"
    params["evaluate"]["demonstration"] = None
    params["train"]["prior"] = None
    (other.root / "params.yaml").write_text(yaml.safe_dump(params))
    other.run("dvc", "repro")
    metrics = json.loads((other.root / "reports" / "metrics.json").read_text())
    assert metrics["test"]["macro_f1"] > 0.9
    assert list(metrics["test"]["f1"]) == list(WORDS)
    assert "cue_rules" not in metrics["test"], "the cue rules speak of the four roles alone"
    assert json.loads((other.root / "reports" / "gate.json").read_text())
    assert "outlook" in (other.root / "reports" / "index.html").read_text(encoding="utf-8")

    def stance(*arguments: str, text: str | None = None) -> str:
        return other.run("python", "-c", "from pipeline.cli import run; run()", *arguments, text=text).stdout

    told = other.run("python", "-m", "pipeline.stages.evaluate")
    assert told.stderr == ""
    line = r"evaluate: \d+ gold sentences of \d+ test articles in, macro-F1 [01]\.\d+ out: reports/metrics\.json; .*\n"
    assert re.fullmatch(line, told.stdout)
    assert "40 articles, 200 sentences: 0 errors" in stance("corpus", "check")
    assert stance("corpus", "agreement").split("\n")[-2].split()[:4] == ["all", "40", "200", "1.000"]
    assert "• other" in stance("score", "-", "--format", "table", text="Thanks go to the crew.")
    doubtful = toy_article(99)
    doubtful["sentences"][0]["label"] = next(label for label in WORDS if label != doubtful["sentences"][0]["label"])
    (other.root / "new.jsonl").write_text(json.dumps(doubtful))
    stance("review", "export", "new.jsonl", "--out", "review.json")
    [task] = json.loads((other.root / "review.json").read_text(encoding="utf-8"))
    (other.root / "answers.json").write_text(json.dumps([{**task, "annotations": task["predictions"]}]))
    stance("review", "import", "answers.json", "--out", "data/corpus/reviewed.jsonl")
    assert "41 articles" in stance("corpus", "check")


@pytest.mark.slow
def test_a_clone_rebuilds_the_same_bytes(tmp_path):
    first = Project(tmp_path / "first")
    first.thin(6)
    first.run("dvc", "repro")
    first.commit("built")
    first.run("git", "clone", "--quiet", ".", str(tmp_path / "clone"))
    for command in (["dvc", "repro"], ["git", "status", "--porcelain"]):
        done = subprocess.run(
            command, cwd=tmp_path / "clone", capture_output=True, text=True, check=True,
            env={**first.environment, "PYTHONPATH": str(tmp_path / "clone"), "PYTHONHASHSEED": "7"},
        )  # fmt: skip
    assert done.stdout == ""
