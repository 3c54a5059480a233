# 只需要 Python ≥ 3.11 和 make。第一次会建 .venv 并安装,之后几秒就能打开。
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; break; }; done)
BIN := .venv/bin
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt

.PHONY: run test lint bench shots clean

run: .venv/.installed
	$(BIN)/studio run --demo

test: .venv/.tested lint
	$(BIN)/python -m pytest

lint: .venv/.tested
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: .venv/.tested
	for script in benchmarks/*.py; do echo "== $$script"; $(BIN)/python $$script || exit 1; done

shots: .venv/.tested
	$(BIN)/python docs/screenshots/make.py

clean:
	rm -rf .venv build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis

.venv/bin/python:
	@test -n "$(PYTHON)" || { echo "需要 Python 3.11 或更新的版本。"; exit 1; }
	$(PYTHON) -m venv .venv

.venv/.installed: .venv/bin/python pyproject.toml constraints.txt
	@echo "正在安装,第一次要几分钟……"
	$(INSTALL) -e .
	@touch $@

.venv/.tested: .venv/.installed
	$(INSTALL) -e '.[test]'
	@touch $@
