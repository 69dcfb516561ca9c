#!/bin/sh
# Makes .venv with a Python that can carry this project and installs what is asked for into it.
#
#   scripts/bootstrap.sh run    what the package itself needs
#   scripts/bootstrap.sh dev    that, and everything that tests and checks need
#
# Needs nothing but Python >= 3.11. Set PYTHON to choose the interpreter.
set -eu
cd "$(dirname "$0")/.."
group=${1:-dev}

# A name on PATH proves nothing (version managers leave shims that fail): ask each to do the work.
able() {
    "$1" -I -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

# Every python of a name on PATH: a shim that fails may hide one that works.
on_path() {
    (
        IFS=:
        for folder in $PATH; do
            if [ -x "$folder/$1" ]; then printf '%s\n' "$folder/$1"; fi
        done
    )
}

candidates() {
    if [ -n "${PYTHON:-}" ]; then command -v "$PYTHON" || true; fi
    for name in python3.11 python3 python3.12 python3.13 python3.14 python; do on_path "$name"; done
    for path in "${PYENV_ROOT:-${HOME:-}/.pyenv}"/versions/3.1[1-9]*/bin/python3; do
        printf '%s\n' "$path"
    done
}

find_python() {
    candidates | while IFS= read -r path; do
        if able "$path"; then
            "$path" -I -c 'import sys; print(sys.executable)'
            break
        fi
    done
}

python=.venv/bin/python
if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    found=$(find_python)
    if [ -z "$found" ]; then
        echo "No Python >= 3.11 with venv and ensurepip was found (Debian and Ubuntu: apt install python3-venv)." >&2
        echo "Install one, or name it: make PYTHON=/path/to/python3" >&2
        exit 1
    fi
    echo "Making .venv with $found" >&2
    rm -rf .venv
    "$found" -m venv .venv
fi

export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1 PIP_ROOT_USER_ACTION=ignore UV_NO_PROGRESS=1
# uv brings certificates of its own; a network that has another authority has told the system.
export UV_SYSTEM_CERTS="${UV_SYSTEM_CERTS:-1}" UV_NATIVE_TLS="${UV_NATIVE_TLS:-1}"

# uv is only faster: where it cannot be had or cannot reach its index, pip does the same.
with_uv() {
    "$python" -m uv --version >/dev/null 2>&1 || "$python" -m pip install -qq uv 2>/dev/null || return 1
    if [ "$group" = dev ]; then set -- --group dev; else set --; fi
    "$python" -m uv pip install --quiet --compile-bytecode --python "$python" --editable . "$@" 2>/dev/null
}

# pip knows dependency groups only since 25.1, so the group is read for it.
with_pip() {
    wanted=.venv/requirements.txt
    "$python" - "$group" >"$wanted" <<'READ'
import sys
import tomllib

with open("pyproject.toml", "rb") as file:
    groups = tomllib.load(file)["dependency-groups"]


def requirements(group):
    for entry in groups.get(group, ()):
        if isinstance(entry, str):
            yield entry
        else:
            yield from requirements(entry["include-group"])


print("\n".join(requirements(sys.argv[1])))
READ
    "$python" -m pip install -qq --editable . --requirement "$wanted"
}

echo "Installing into .venv (the first time takes a minute)" >&2
with_uv || with_pip
touch ".venv/.installed-$group"
if [ "$group" = dev ]; then touch .venv/.installed-run; fi
