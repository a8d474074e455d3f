# Fills $OUT with the one object that is loaded into the device. The function is the source named here.
# shellcheck shell=sh
source=wire.c
clang-19 -O2 -g -target bpf -mcpu=v3 -Wall -Wextra "-I/usr/include/$(uname -m)-linux-gnu" -c "$source" -o "$OUT/function.o"
