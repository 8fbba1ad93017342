"""Every notebook runs from top to bottom, in the place where it lies, with the trained model."""

import pytest
from conftest import ROOT

NOTEBOOKS = sorted(path.name for path in (ROOT / "notebooks").glob("*.ipynb"))


@pytest.mark.parametrize("name", NOTEBOOKS)
@pytest.mark.filterwarnings("default")  # the notebook machinery's own, not ours
def test_the_notebook_runs(name, project, monkeypatch):
    import nbformat
    from nbclient import NotebookClient

    monkeypatch.setenv("PYTHONPATH", str(project.root))
    monkeypatch.delenv("STANCE_MODEL", raising=False)
    notebook = nbformat.read(ROOT / "notebooks" / name, as_version=4)
    assert not any(cell.get("outputs") for cell in notebook.cells), "outputs go stale: clear them before committing"
    NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(project.root / "notebooks")}}).execute()
    shown = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    assert len(shown) >= 3


def test_there_is_a_notebook():
    assert "seed_article.ipynb" in NOTEBOOKS
