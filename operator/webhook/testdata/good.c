// Answers 4, whatever the memory.
int handler(const unsigned char *memory, unsigned long long length) {
  (void)memory;
  (void)length;
  return 4;
}
