#!/bin/sh
# Installs or upgrades a portal on Debian 12 or later, from this checkout: `sudo packaging/install.sh`, then `check-settings`.
# ROOT=/some/folder installs below that folder and touches nothing else: no user, no packages, no services.
set -eu
ROOT=${ROOT:-}
here=$(cd "$(dirname "$0")/.." && pwd)

if [ -z "$ROOT" ]; then
  [ "$(id -u)" = 0 ] || { echo "À lancer en root : sudo $0" >&2; exit 1; }
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
    python3 python3-venv make tesseract-ocr tesseract-ocr-fra postgresql-client >/dev/null
  id plainchant >/dev/null 2>&1 || useradd --system --home-dir /var/lib/plainchant --shell /usr/sbin/nologin plainchant
fi

# An upgrade: a backup first, and nothing running while its program is replaced.
was_running=
if [ -z "$ROOT" ] && systemctl is-active --quiet plainchant; then
  was_running=yes
  plainchant backup make /var/backups/plainchant
  systemctl stop plainchant
fi

mkdir -p "$ROOT/opt/plainchant" "$ROOT/etc/systemd/system" "$ROOT/var/backups/plainchant"
# The sources are root's: the portal cannot change its own program.
(cd "$here" && tar -cf - pyproject.toml uv.lock README.md LICENSE Makefile UPGRADE.md CHANGELOG.md src docs packaging) |
  (cd "$ROOT/opt/plainchant" && rm -rf src docs && tar -xf -)
(cd "$ROOT/opt/plainchant" && make --no-print-directory install &&
  UV_PROJECT_ENVIRONMENT=.venv UV_PYTHON_DOWNLOADS=never UV_SYSTEM_CERTS=true .venv/bin/uv sync --quiet --frozen --inexact \
    --no-dev --extra postgres --extra s3 --extra backup --extra sentry --extra oidc)

if [ ! -e "$ROOT/etc/plainchant.env" ]; then
  key=$(head -c 48 /dev/urandom | base64 -w 0)
  (umask 077 && sed "s|^PLAINCHANT_SECRET_KEY=.*|PLAINCHANT_SECRET_KEY=$key|" "$here/packaging/plainchant.env" \
    >"$ROOT/etc/plainchant.env")
fi
cp "$here"/packaging/systemd/* "$ROOT/etc/systemd/system/"

if [ -z "$ROOT" ]; then
  chown root:plainchant /etc/plainchant.env && chmod 0640 /etc/plainchant.env
  install -d -o plainchant -g plainchant -m 0700 /var/lib/plainchant /var/backups/plainchant
  ln -sf /opt/plainchant/packaging/plainchant-as-its-user /usr/local/bin/plainchant
  systemctl daemon-reload
  if [ -n "$was_running" ]; then
    systemctl start plainchant
    echo "Plainchant est à jour, et redémarré. Les notes de version : /opt/plainchant/UPGRADE.md"
  else
    echo "Remplissez /etc/plainchant.env, puis :"
    echo "  plainchant check-settings && systemctl enable --now plainchant plainchant-backup.timer plainchant-verify.timer"
  fi
fi
