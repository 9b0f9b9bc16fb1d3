# Everything a developer starts. Needs Python 3.11, make and a package index; the rest is brought.
.DEFAULT_GOAL := help
SHELL := /bin/sh
PY := .venv/bin/python
READY := .venv/.ready
ARCHIVE := .venv/.class-archive
# The notice says when mkdocs-material ends; docs/decisions/0029 does, too.
MKDOCS := NO_MKDOCS_2_WARNING=1 .venv/bin/mkdocs
# pip installs find their wheels here; nothing of another environment may be seen.
unexport PYTHONPATH PYTHONHOME VIRTUAL_ENV

.PHONY: cluster compose backup restore help demo test test-full check docs bench airflow pictures down lock clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-10s %s\n", $$1, $$2}' Makefile

demo: $(READY) ## mentors ask, files are cut, mails arrive: the whole way on a small Sunbird
	@$(PY) -m tools.demo

test: $(ARCHIVE) ## the tests, at most 10 minutes
	@$(PY) -m pytest -m "not full" -n 2 --dist loadgroup

test-full: $(ARCHIVE) ## all tests, the heavy ones too
	@$(PY) -m pytest

check: $(READY) ## format, lint, types, import rules, SQL, pages and their links, file lengths
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/mypy
	@PYTHONPATH=.:plugins .venv/bin/lint-imports
	@for folder in sql/*/; do (cd $$folder && echo "sqlfluff $$folder" && \
	  $(CURDIR)/.venv/bin/sqlfluff lint .) || exit 1; done
	@$(PY) -m jobs docs --check
	$(MKDOCS) build
	@$(PY) -m tools.house
	.venv/bin/hadolint docker/Dockerfile
	.venv/bin/check-jsonschema --builtin-schema vendor.compose-spec compose.yaml

docs: $(READY) ## these pages as a site on this machine, until Ctrl-C
	$(MKDOCS) serve

bench: $(ARCHIVE) ## the measurements of benchmarks/
	@$(PY) -m benchmarks

airflow: $(ARCHIVE) ## Airflow with its UI on this machine, until Ctrl-C
	@$(PY) -m tools.local_airflow run

cluster: $(ARCHIVE) ## the services of compose.yaml without docker, until Ctrl-C: Airflow, Spark with two workers, S3, mail
	@$(PY) -m tools.cluster run

compose: ## the same with docker: secrets into .env, once, and docker compose up --wait
	@sh docker/env.sh
	@docker compose up --build --wait

pictures: $(READY) ## docs/pictures/: the mails, a certificate and the page of the DAG, after a demo
	@$(PY) -m tools.pictures

down: ## stops whatever of this home still runs
	@if [ -x $(PY) ]; then $(PY) -m tools.local_airflow stop && $(PY) -m tools.cluster stop && \
	  $(PY) -m jobs store down; \
	  else echo "Nothing was ever started here."; fi

lock: $(READY) ## compiles requirements*.in with hashes into requirements*.txt
	@for name in requirements requirements-dev requirements-uv docker/requirements-spark; do \
	  .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	  --no-header $$name.in -o $$name.txt || exit 1; done

clean: down ## removes the environment and all embedded state (var/)
	rm -rf .venv var build site .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis

# A minute, for some seconds of every Spark start. Where it cannot be made, it says so.
$(ARCHIVE): $(READY)
	@$(PY) -m jobs class-archive; touch $@

# Made anew only when the requirements changed; half an environment is started over.
$(READY): requirements-dev.txt requirements-uv.txt
	@for python in $(PYTHON) python3.11 python3 python; do \
	  if $$python -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null; then \
	    exec $$python tools/environment.py; fi; done; \
	echo "Python 3.11 is needed and was not found as python3.11, python3 or python." >&2; \
	echo "Install it, or say where it is: make PYTHON=/path/to/python3.11 ..." >&2; exit 1
