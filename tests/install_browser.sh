#!/bin/sh
# Chromium and CJK fonts for the browser tests: installed with apt where they are missing and we may.
set -eu
missing=""
command -v chromium >/dev/null 2>&1 || missing="chromium"
fc-list :lang=zh-tw 2>/dev/null | grep -q . || missing="$missing fonts-noto-cjk"
[ -z "$missing" ] && exit 0
if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends fontconfig $missing >/dev/null
else
    echo "The browser tests need these packages; install them first: $missing" >&2
    exit 1
fi
