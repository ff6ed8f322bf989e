#!/bin/sh
# Opens a storage folder that was made for one user to the purge's own, as docs/guide/install.md says. Stop Girok first.
# Usage: sh purge-user.sh STORAGE MIRROR [GROUP]. May be run again; footage and ledger stay as they are.
set -eu
storage=$1 mirror=$2 group=${3:-girok}
cd "$storage"
test -f volume.json || { echo "$storage: no volume.json, so no storage folder of Girok" >&2; exit 1; }

pass() { if [ -d "$1" ]; then chgrp "$group" "$1"; chmod 2750 "$1"; fi; }
share_folders() { if [ -d "$1" ]; then find "$1" -type d -exec chgrp "$group" {} + -exec chmod 2770 {} +; fi; }
share_files() { if [ -d "$1" ]; then find "$1" -type f -exec chgrp "$group" {} + -exec chmod 660 {} +; fi; }

for folder in . spool run; do pass "$folder"; done
for folder in vault evidence; do share_folders "$folder"; done
for folder in keys "$mirror" retention spool/purge; do share_folders "$folder"; share_files "$folder"; done
chgrp "$group" volume.json && chmod 640 volume.json
for file in catalogue.db catalogue.db-wal catalogue.db-shm; do
  if [ -f "$file" ]; then chgrp "$group" "$file"; chmod 660 "$file"; fi
done
