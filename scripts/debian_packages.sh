#!/bin/sh
# Install the Debian packages that are missing for the named groups, run and test: as root at once; anyone else gets
# the one command that does it.
set -eu

missing=""

# need PACKAGE COMMAND…: the package is missing when the command, which looks for what it brings, fails.
need() {
    package=$1
    shift
    "$@" >/dev/null 2>&1 || missing="$missing $package"
}

# A library may carry the suffix of the transition to 64-bit time.
installed() {
    dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null | grep -qx installed ||
        dpkg-query -W -f '${db:Status-Status}' "$1t64" 2>/dev/null | grep -qx installed
}

postgresql_server() {
    ls "${POSTGRESQL_BIN:-/nowhere}/initdb" || ls /usr/lib/postgresql/*/bin/initdb || command -v initdb
}

chromium_browser() {
    [ -x "${CHROMIUM:-}" ] || command -v chromium || command -v chromium-browser
}

for group in "$@"; do
    case $group in
    run)
        need graphviz command -v dot
        if command -v dpkg-query >/dev/null 2>&1; then
            for library in libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 libmagic1; do
                need "$library" installed "$library"
            done
        fi
        [ -x .venv/bin/python ] || need python3-venv python3 -c 'import ensurepip'
        ;;
    test)
        need postgresql postgresql_server
        need chromium chromium_browser
        need poppler-utils command -v pdftotext
        need curl command -v curl
        ;;
    esac
done

[ -n "$missing" ] || exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "Installing the Debian packages$missing …"
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq
    # shellcheck disable=SC2086
    apt-get install -qq -y --no-install-recommends -o Dpkg::Use-Pty=0 $missing >/dev/null
    exit 0
fi
echo "These Debian packages are missing. Install them, and give the same command again:" >&2
echo "    sudo apt-get install --no-install-recommends$missing" >&2
exit 1
