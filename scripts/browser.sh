#!/bin/sh
# Installs a Chromium where that can be done without asking: as root, with apt-get, within minutes.
#
# tests/browser uses it. Without one these tests are skipped and say so, so nothing here is an error.
command -v chromium || command -v chromium-browser || command -v google-chrome && exit 0
[ -z "${CHALICE_BROWSER:-}" ] || exit 0
[ "$(id -u)" = 0 ] && command -v apt-get >/dev/null && command -v timeout >/dev/null || exit 0
# A machine without a network must not wait for one.
set -- -q -o Acquire::Retries=0 -o Acquire::http::Timeout=20 -o Acquire::https::Timeout=20
set -- "$@" -o DPkg::Lock::Timeout=30
log=$(mktemp)
trap 'rm -f "$log"' EXIT
export DEBIAN_FRONTEND=noninteractive
timeout -k 10 60 apt-get "$@" update >"$log" 2>&1
if timeout -k 10 300 apt-get "$@" install -y --no-install-recommends chromium >>"$log" 2>&1; then
    command -v chromium
else
    echo "No Chromium could be installed; tests/browser will be skipped" >&2
    tail -n 3 "$log" >&2
fi
exit 0
