// Never ends by itself; the verifier sees an exit.
__attribute__((section("mem"))) unsigned long endless(void) {
  unsigned long i = 1;
  while (i) asm volatile("" : "+r"(i));
  return i;
}
