// Counts to the number in the first eight bytes of the memory.
__attribute__((section("mem"))) unsigned long long_run(const unsigned long* memory) {
  unsigned long end = *memory, i = 0;
  for (; i < end; ++i) asm volatile("" : "+r"(i));
  return i;
}
