# Fills $OUT with the one object that is loaded into the device.
# shellcheck shell=sh
clang-19 -O2 -g -target bpf -mcpu=v4 -Wall -Wextra -c handler.c -o "$OUT/handler.o"
