# Fills $OUT. The syntax is checked here, so that a mistake shows before the first request.
# shellcheck shell=sh
bash -n handler.sh
cp handler.sh "$OUT/"
