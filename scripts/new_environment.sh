#!/bin/sh
# Make the folder .venv with the first Python on this machine that is new enough; PYTHON names another one.
set -eu

for python in ${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11}; do
    if "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        exec "$python" -m venv .venv
    fi
done
echo "Python 3.11 or later is needed, and not found here." >&2
exit 1
