#!/bin/sh
# Sees to it that there is a Chromium or Chrome; installs Debian's when there is none.
for name in chromium chromium-browser google-chrome google-chrome-stable; do
    command -v "$name" >/dev/null 2>&1 && exit 0
done
if ! command -v apt-get >/dev/null 2>&1 || [ "$(id -u)" != 0 ]; then
    echo "The tests need Chromium or Chrome: install it, on Debian with 'apt-get install chromium'." >&2
    exit 1
fi
echo "Installing Debian's chromium for the tests …" >&2
export DEBIAN_FRONTEND=noninteractive
{ apt-get update && apt-get install --yes --no-install-recommends chromium; } >/tmp/fieldapp-chromium.log 2>&1 || {
    tail -n 5 /tmp/fieldapp-chromium.log >&2
    echo "Debian's chromium could not be installed: see the lines above." >&2
    exit 1
}
