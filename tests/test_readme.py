"""What the README shows is what happens."""

import doctest
import re

import pytest
from conftest import ROOT
from figures import same
from readme import README, built, render

REPAIR = "run `python tests/readme.py` and commit README.md"


def test_the_results_and_the_first_example_are_those_of_the_model(project):
    text = README.read_text(encoding="utf-8")
    assert same(text, render(text, project, blocks=1)), REPAIR


@pytest.mark.slow
def test_every_command_prints_what_is_shown(tmp_path):
    copy = built(tmp_path)
    text = README.read_text(encoding="utf-8")
    made = render(text, copy)
    (tmp_path / "README.md").write_text(made, encoding="utf-8")
    assert same(text, made), f"{REPAIR}; what was made is in {tmp_path}"


def test_the_python_example(project, monkeypatch):
    monkeypatch.setenv("STANCE_MODEL", str(project.root / "models" / "scorer"))
    failed, tried = doctest.testfile(str(README), module_relative=False, encoding="utf-8")
    assert (failed, tried) == (0, 4)


def test_the_two_commands_stand_in_the_first_screen():
    first_screen = README.read_text(encoding="utf-8").split("\n")[:25]
    commands = [line.split("#")[0].strip() for line in first_screen if line.startswith("make ")]
    assert commands == ["make repro", "make test"]
    targets = re.findall(r"^(\w[\w-]*):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert {"repro", "test"} <= set(targets)


def test_the_files_that_the_readme_links_to_exist():
    links = re.findall(r"\]\(([^)#]+)\)", README.read_text(encoding="utf-8"))
    assert len(links) >= 4
    assert not [link for link in links if not (ROOT / link).exists()]
