#!/bin/sh
# A command as the services run it: as their user, with their settings, in files for nobody else.
# What root does in the data folder by itself, the service could not write afterwards.
#   install -m 755 /opt/fieldapp/ops/as-fieldapp.sh /usr/local/bin/as-fieldapp
#   as-fieldapp fieldapp check
#   as-fieldapp restic snapshots
set -eu
umask 077
set -a
FIELDAPP_DATA=/var/lib/fieldapp
RESTIC_CACHE_DIR=/var/cache/fieldapp
PATH=/opt/fieldapp/.venv/bin:$PATH
for settings in /etc/fieldapp.env /etc/fieldapp-backup.env; do
  if [ -r "$settings" ]; then . "$settings"; fi
done
set +a
exec runuser -u fieldapp -- "$@"
