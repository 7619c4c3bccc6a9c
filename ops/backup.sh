#!/bin/sh
# A copy of the instance, found whole, sent encrypted to another machine; old copies are let go.
#
# It needs restic and these variables (see fieldapp-backup.service):
#   FIELDAPP_DATA         folder of the instance
#   RESTIC_REPOSITORY     where copies go: another machine, never the same disk
#   RESTIC_PASSWORD_FILE  the key of the copies; keep it elsewhere too: without it nobody reads them
# Once, before the first copy: restic init
set -eu

fieldapp=${FIELDAPP:-fieldapp}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

"$fieldapp" check                       # what is not sound does not go over good copies
"$fieldapp" retention || true            # what was kept long enough goes; a copy is made anyhow
"$fieldapp" backup "$work/fieldapp.db"  # one file, looked through after it was written
cd "$work"                              # so that every copy has the same name
restic unlock --quiet                   # only what a run that died left behind
restic backup --quiet --host fieldapp --tag fieldapp fieldapp.db
restic forget --quiet --host fieldapp --tag fieldapp --group-by host,tags \
  --keep-daily 35 --keep-monthly 13 --prune
restic check --quiet --read-data-subset=5%
echo "Copied to $RESTIC_REPOSITORY, and looked through there."
