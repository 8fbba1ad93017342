"""Every notebook runs from top to bottom, in the place where it lies, with the trained model."""

from pathlib import Path

import pytest
from conftest import ROOT, Project

NOTEBOOKS = sorted(path.name for path in (ROOT / "notebooks").glob("*.ipynb"))
EXPERIMENTS = "compare_experiments.ipynb"  # trains models and leaves experiments behind: in a copy of its own


def run(name: str, root: Path, monkeypatch: pytest.MonkeyPatch) -> list:
    """Run the notebook in the project at `root` and return what its cells show; fails where a cell fails."""
    import nbformat
    from nbclient import NotebookClient

    monkeypatch.setenv("PYTHONPATH", str(root))
    monkeypatch.delenv("STANCE_MODEL", raising=False)
    notebook = nbformat.read(ROOT / "notebooks" / name, as_version=4)
    assert not any(cell.get("outputs") for cell in notebook.cells), "outputs go stale: clear them before committing"
    NotebookClient(notebook, timeout=600, resources={"metadata": {"path": str(root / "notebooks")}}).execute()
    return [output for cell in notebook.cells for output in cell.get("outputs", [])]


@pytest.mark.parametrize("name", [name for name in NOTEBOOKS if name != EXPERIMENTS])
@pytest.mark.filterwarnings("default")  # the notebook machinery's own, not ours
def test_the_notebook_runs(name, project, monkeypatch):
    assert len(run(name, project.root, monkeypatch)) >= 3


@pytest.mark.slow
@pytest.mark.filterwarnings("default")
def test_experiments_are_compared_and_the_checkout_stays_as_it_is(tmp_path, monkeypatch):
    copy = Project(tmp_path / "project")
    copy.thin(6)
    copy.run("dvc", "repro")
    copy.commit("built")
    shown = run(EXPERIMENTS, copy.root, monkeypatch)
    assert sum("image/png" in output.get("data", {}) for output in shown) == 2
    assert copy.run("git", "status", "--porcelain").stdout == ""
    assert set(copy.run("dvc", "exp", "list", "--name-only").stdout.split()) == {"words", "words-regularized"}


def test_there_are_notebooks():
    assert set(NOTEBOOKS) >= {"seed_article.ipynb", "error_analysis.ipynb", EXPERIMENTS}
