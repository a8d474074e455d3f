// Turns every byte of the memory around and answers its length.
__attribute__((section("mem"))) unsigned long writer(unsigned char* memory, unsigned long size) {
  for (unsigned long i = 0; i < size; ++i) memory[i] ^= 0xff;
  return size;
}
