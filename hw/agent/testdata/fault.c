// Reads one byte past the memory.
__attribute__((section("mem"))) unsigned long fault(const unsigned char* memory, unsigned long size) {
  return memory[size];
}
