#!/bin/sh
# Makes the virtual environment $1 with the first suitable Python, if it isn't there or no longer works.
# PYTHON=... names another interpreter. As root on Debian, a missing venv module is installed; else the command is named.
set -eu
venv=$1

works() { # versions under 3.11 and the stand-ins of version managers are passed over
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11) or sys.implementation.name != "cpython")' 2>/dev/null
}

if works "$venv/bin/python" && "$venv/bin/python" -m pip --version >/dev/null 2>&1; then
    exit 0
fi

found=
for name in ${PYTHON:-python3.14 python3.13 python3.12 python3.11 python3}; do
    # A shell's search path may hold a stand-in before the real one, so look at every place.
    for folder in "" $(printf '%s' "$PATH" | tr ':' ' '); do
        case $folder in "") candidate=$name ;; *) candidate=$folder/$name ;; esac
        if command -v "$candidate" >/dev/null 2>&1 && works "$candidate"; then
            found=$candidate
            break 2
        fi
    done
    if [ -n "${PYTHON:-}" ]; then break; fi
done
if [ -z "$found" ]; then
    echo "Dragoman needs CPython 3.11 or newer, and found none${PYTHON:+ at PYTHON=$PYTHON}." >&2
    echo "On Debian 12 or Ubuntu 24.04 and newer: sudo apt-get install python3 python3-venv" >&2
    exit 1
fi

if ! "$found" -c 'import ensurepip, venv' 2>/dev/null; then
    package=$("$found" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        echo "Installing Debian's $package, without which $found makes no environments" >&2
        { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "$package"; } >&2
    else
        echo "$found can't make a virtual environment. Install what is missing and try again:" >&2
        echo "    sudo apt-get install $package" >&2
        exit 1
    fi
fi

echo "Making $venv with $("$found" --version) ($found)" >&2
rm -rf "$venv"
"$found" -m venv "$venv"
