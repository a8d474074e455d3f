# Fills $OUT. A static binary starts fastest: no libraries to load.
# shellcheck shell=sh
for compiler in musl-gcc clang-19 cc; do
  command -v "$compiler" >/dev/null && break
done
"$compiler" -O2 -Wall -Wextra -static -o "$OUT/handler" handler.c
