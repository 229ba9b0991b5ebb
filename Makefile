# yuyao_lib: the verbs of this project. `make help` explains them.
# Needs Python 3.11 or newer, make and git; everything else is fetched.

PYTHON ?= python3
UV := $(shell command -v uv 2>/dev/null || echo .tools/bin/uv)
RUN := $(UV) run --frozen --no-sync
JOBS ?= 2

export UV_COMPILE_BYTECODE = 1
export PYTHONUTF8 = 1

.DEFAULT_GOAL := help
.PHONY: help setup reports test check lab reference pictures clean audit lock

help:  ## say what each verb does
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: .venv/.ready  ## make the environment in .venv from the lock file (done by the others when needed)

reports: .venv/.ready  ## run the default plan and say where the index page is
	@$(RUN) python -m compileall -q yuyao_lib
	@$(RUN) yuyao run

test: .venv/.ready check  ## run every check and every test
	@$(RUN) python -m compileall -q yuyao_lib
	$(RUN) pytest -n $(JOBS) --dist worksteal

check: .venv/.ready  ## style, types, floors and stripped notebooks
	$(RUN) ruff check .
	$(RUN) ruff format --check .
	$(RUN) mypy
	$(RUN) lint-imports
	$(RUN) nbstripout --verify --keep-id notebooks/*.ipynb docs/*.ipynb

lab: .venv/.ready  ## open JupyterLab on a notebook that shows the way
	$(RUN) jupyter lab --notebook-dir=. --ServerApp.allow_root=$(if $(filter 0,$(shell id -u)),True,False) --LabApp.default_url=/lab/tree/docs/welcome.ipynb

reference: .venv/.ready  ## write docs/reference anew from the docstrings
	$(RUN) python tests/support/reference_pages.py

pictures: .venv/.ready  ## take the pictures of docs/gallery.ipynb anew that the tests compare with
	$(RUN) pytest -q tests/browser/test_gallery.py -k looks_as_it_did --renew-pictures

audit: .venv/.ready  ## look for known weaknesses in the locked packages; fails where none can be looked up
	@$(UV) export --frozen --no-emit-project --quiet --output-file .venv/locked.txt
	@$(RUN) python tests/support/package_audit.py $(if $(ADVISORIES),--advisories $(ADVISORIES),$(UV) tool run pip-audit@2.10.1 --disable-pip --format json --progress-spinner off --requirement .venv/locked.txt)

lock:  $(UV)  ## write the lock file anew from pyproject.toml
	$(UV) lock

clean:  ## remove the environment, caches and everything under outputs
	rm -rf .venv .tools .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find outputs -mindepth 1 -maxdepth 1 ! -name README.md -exec rm -rf {} +

# Byte code is compiled on install: without it every kernel parses some two thousand
# modules again, and a run costs more than twice as much.
.venv/.ready: uv.lock pyproject.toml | $(UV)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo 'Python 3.11 or newer is needed; call make PYTHON=python3.12, say.'; exit 2; }
	@echo "Installing the locked environment into .venv (byte code included) ..."
	@$(UV) sync --frozen --compile-bytecode --quiet
	@$(RUN) python -m compileall -q yuyao_lib
	@touch $@

.tools/bin/uv:
	@echo 'Fetching uv into .tools ...'
	@$(PYTHON) -m venv .tools 2>/dev/null && .tools/bin/python -m pip install --quiet --disable-pip-version-check uv \
	  || { rm -rf .tools; $(PYTHON) -m pip install --quiet --disable-pip-version-check --target .tools/lib uv \
	       && mkdir -p .tools/bin && cp .tools/lib/bin/uv .tools/bin/uv; } \
	  || { echo 'uv could not be fetched; see https://docs.astral.sh/uv or the pip way in README.md.'; exit 2; }
