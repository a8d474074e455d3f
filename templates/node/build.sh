# Fills $OUT. The syntax is checked here, so that a mistake shows before the first request.
# shellcheck shell=sh
node --check handler.js
cp handler.js "$OUT/"
[ ! -f package.json ] || { cp package.json "$OUT/" && npm install --silent --omit=dev --prefix "$OUT"; }
