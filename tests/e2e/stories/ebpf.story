# eBPF from C text to an answer.
NAME a program is checked, shown, deployed and called
FILE function.yaml
  apiVersion: faisca.dev/v1alpha1
  kind: Function
  metadata: {name: four}
  spec:
    offload: {convention: mem, output: decimal}
FILE build.sh
  ${CLANG:-clang-19} -target bpf -O2 -g -c four.c -o $OUT/four.o
FILE four.c
  __attribute__((section("mem"))) unsigned long four(void) { return 4; }
RUN chmod +x build.sh && faisca build . && faisca bpf check build/package/four.o
EXPECT
  …
RUN faisca bpf dump build/package/four.o
EXPECT
  …
  …r0 = …4…
  …exit…
  …
RUN faisca deploy .
EXPECT
  …
RUN faisca invoke four </dev/null
EXPECT
  4
RUN faisca remove four
EXPECT
  …

NAME an object that is none
RUN echo not an object > x.o; faisca bpf check x.o
EXPECT 5
  error: …ELF…
  …
