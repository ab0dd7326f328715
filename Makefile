PORT ?= 8000
PYTHON ?= python3
VENV := .venv/bin/python

.DEFAULT_GOAL := help
.PHONY: help run test check bench audit lock clean

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-7s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## install, fill with demo content and serve http://127.0.0.1:8000/ (PORT=8001 for another port, OPED_DEMO=0 to start empty)
	@$(PYTHON) -I opedsite/bootstrap.py
	@exec $(VENV) manage.py run_site --port $(PORT)

test: ## run every test on SQLite and on PostgreSQL, with a real browser
	@$(PYTHON) -I opedsite/bootstrap.py --dev --system
	@exec $(VENV) -m tests

check: ## run the guards: lint, types, imports, templates, migrations, production settings
	@$(PYTHON) -I opedsite/bootstrap.py --dev --system
	@exec $(VENV) -m tests.guards

bench: ## measure the speed beside nginx's and granian's own; SIZE=small|large, GROWTH=1, or of another site: BASE=https://…
	@$(PYTHON) -I opedsite/bootstrap.py --dev --bench
	@exec $(VENV) -m tests.benchmarks

audit: ## let others' tools look at the running site: HTML, accessibility, Lighthouse, JSON-LD, feeds, known vulnerabilities
	@$(PYTHON) -I opedsite/bootstrap.py --dev --audit
	@exec $(VENV) -m tests.audit

# uv resolves for every platform and Python at once, which pip can't; it is no dependency of the project.
UV_COMPILE = $(VENV) -m uv pip compile pyproject.toml --quiet --system-certs --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock"

lock: ## resolve the dependencies of pyproject.toml again (UPGRADE=--upgrade for the newest versions)
	@$(PYTHON) -I opedsite/bootstrap.py --dev
	@$(VENV) -m pip install -qq --disable-pip-version-check --root-user-action=ignore uv
	@$(UV_COMPILE) $(UPGRADE) -o requirements.lock
	@$(UV_COMPILE) $(UPGRADE) --group dev -c requirements.lock -o requirements-dev.lock

clean: ## remove .venv and caches; the site's data in .data stays
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis test-results
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
