# 企划桌面 · Qihua Desktop. Every target makes .venv and installs the locked libraries by itself.

.DEFAULT_GOAL := help
.PHONY: help demo run test lint bench shots pictures build i18n lock clean venv runtime display format

# The first Python that is new enough. Set PYTHON=… to choose another one.
CANDIDATES := python3 python3.13 python3.12 python3.11 python3.14 python
PYTHON ?= $(shell for name in $(CANDIDATES); do \
	if $$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then echo $$name; break; fi; done)

ifeq ($(OS),Windows_NT)
PY := .venv/Scripts/python.exe
else
PY := .venv/bin/python
endif

PYTEST_WORKERS ?= auto
PYTEST_ARGS ?=

help: ## list the targets
	@sed -n 's/^\([a-z0-9]*\):.*## \(.*\)/  make \1\t\2/p' Makefile

demo: runtime ## build the sample workspace with its PDFs in out/demo, and open it
	@$(PY) -m tools.demo

run: runtime display ## open the program
	@$(PY) -m qihua_desktop

test: venv ## run all tests
	@QT_QPA_PLATFORM=offscreen $(PY) -m pytest -n $(PYTEST_WORKERS) --dist worksteal $(PYTEST_ARGS)

lint: venv ## check style, types, layers and texts
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(PY) -m tools.layers
	@$(PY) -m pyright
	@$(PY) -m tools.i18n --check

bench: venv ## measure the promised figures against baselines of the same run
	@QT_QPA_PLATFORM=offscreen $(PY) -m tools.bench

shots: venv ## render every page of the sample workspace to out/shots
	@QT_QPA_PLATFORM=offscreen $(PY) -m tools.shots

pictures: venv ## take the pictures of the README anew
	@QT_QPA_PLATFORM=offscreen $(PY) -m tools.readme_pictures

build: venv ## make the frozen program in dist/ and let it test itself
	@$(PY) -m tools.build

format: venv ## put the source into the agreed form
	@$(PY) -m ruff check --fix-only --quiet .
	@$(PY) -m ruff format .

i18n: venv ## merge the Chinese texts, list what is missing
	@$(PY) -m tools.i18n

lock: venv ## refresh the lock files after a change of pyproject.toml
	@$(PY) -m tools.lock

clean: ## remove everything that was made here
	rm -rf .venv build dist out *.egg-info .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

venv:
	$(call bootstrap,)

runtime:
	$(call bootstrap,--runtime)

display:
	@$(PY) tools/system_libraries.py --display

# The libraries, then what Qt needs of the system: each says in one line what is missing.
define bootstrap
	@if [ -z "$(PYTHON)" ]; then echo "Python 3.11 or newer is needed 需要 Python 3.11 或更高版本: https://www.python.org" >&2; exit 1; fi
	@$(PYTHON) tools/bootstrap.py $(1)
	@$(PY) tools/system_libraries.py
endef
