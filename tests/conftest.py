"""One trained model for all tests: the real pipeline, run once on the real corpus in a copy of the project."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import chromium
import pytest
import yaml
from toy import save_toy

from pipeline import Scorer, load_model
from pipeline.cli import run

ROOT = Path(__file__).resolve().parent.parent
STANCE = str(Path(sys.executable).parent / "stance")


def tracked_files() -> list[str]:
    """The files that git knows or would add."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=ROOT, check=True, capture_output=True
    )
    return [name for name in listed.stdout.decode().split("\0") if name and (ROOT / name).is_file()]


class Project:
    """A copy of the project, a git repository of its own, in which commands can be run.

    With a `cache`, what was built in the checkout from the same inputs is not built again; the reports are copied, as DVC
    cannot take from a cache what a stage with an output in git made.
    """

    def __init__(self, root: Path, cache: Path | None = None) -> None:
        self.root = root
        for name in tracked_files():
            target = root / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, target)
        self.environment = {
            **{name: value for name, value in os.environ.items() if name != "STANCE_MODEL"},
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": str(root),
            "COLUMNS": "120",
        }
        self.commit("start")
        if cache is not None:
            self.run("dvc", "config", "--local", "cache.dir", str(cache))
            shutil.copytree(ROOT / "reports", root / "reports", dirs_exist_ok=True)

    def thin(self, kept: int) -> None:
        """Leave each `kept`-th article of the corpus and what is said of it: all stages, in a fraction of the time."""
        data, ids = self.root / "data", set()
        for path in sorted((data / "corpus").iterdir()):
            lines = path.read_text(encoding="utf-8").splitlines(keepends=True)[::kept]
            path.write_text("".join(lines), encoding="utf-8")
            ids |= {json.loads(line)["id"] for line in lines}
        for path in (data / "attribution").iterdir():
            lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
            path.write_text("".join(line for line in lines if json.loads(line)["id"] in ids), encoding="utf-8")
        for path, also in ((data / "test_ids.txt", ""), (data / "groups.csv", "id")):
            lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
            path.write_text("".join(line for line in lines if line.strip().split(",")[0] in {also, *ids}), encoding="utf-8")
        params = yaml.safe_load((self.root / "params.yaml").read_text(encoding="utf-8"))
        params["gate"]["flip_rate"] = 1.0  # a few sentences alone are asked
        (self.root / "params.yaml").write_text(yaml.safe_dump(params), encoding="utf-8")

    def run(self, *command: str, check: bool = True, text: str | None = None) -> subprocess.CompletedProcess[str]:
        """Run a command in the copy; unless told otherwise, it has to succeed."""
        done = subprocess.run(
            command, cwd=self.root, env=self.environment, capture_output=True, text=True, input=text, check=False
        )
        assert not check or done.returncode == 0, f"{command} ended with {done.returncode}:\n{done.stdout}\n{done.stderr}"
        return done

    def commit(self, message: str) -> None:
        """Commit everything in the copy."""
        identity = ["-c", "user.name=Test", "-c", "user.email=test@example.org"]
        if not (self.root / ".git").exists():
            self.run("git", "init", "--quiet", "--initial-branch=main")
        self.run("git", "add", "--all")
        self.run("git", *identity, "commit", "--quiet", "--allow-empty", "-m", message)


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The project after `dvc repro`; tests read it and leave it as it is.

    It shares the cache of the checkout, so that what was built there from the same inputs is not built again.
    """
    copy = Project(tmp_path_factory.mktemp("project"), cache=ROOT / ".dvc" / "cache")
    copy.run("dvc", "repro")
    copy.commit("after dvc repro")
    return copy


@pytest.fixture(scope="session")
def model(project: Project) -> Scorer:
    """The scorer trained on the real corpus."""
    return load_model(project.root / "models" / "scorer")


@pytest.fixture(scope="session")
def toy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a small model, where any will do."""
    folder = tmp_path_factory.mktemp("toy") / "model"
    save_toy(folder)
    return folder


@pytest.fixture
def stance_score(toy, tmp_path, monkeypatch, capsys):
    """Run `stance score` in an empty folder with the toy model; return exit code, what it printed, and its complaint."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("STANCE_MODEL", str(toy))

    def command(*arguments):
        monkeypatch.setattr(sys, "argv", ["stance", "score", *arguments])
        with pytest.raises(SystemExit) as ended:
            run()
        return ended.value.code, *capsys.readouterr()

    return command


@pytest.fixture(scope="session")
def browser():
    """Chromium without a window."""
    driver = chromium.start()
    yield driver
    driver.quit()
