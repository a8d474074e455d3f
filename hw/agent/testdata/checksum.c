// The Internet checksum (RFC 1071) of the memory.
__attribute__((section("mem"))) unsigned long checksum(const unsigned char* memory, unsigned long size) {
  unsigned long sum = 0, i = 0;
  for (; i + 1 < size; i += 2) sum += (unsigned long)memory[i] << 8 | memory[i + 1];
  if (i < size) sum += (unsigned long)memory[i] << 8;
  while (sum >> 16) sum = (sum & 0xffff) + (sum >> 16);
  return ~sum & 0xffff;
}
