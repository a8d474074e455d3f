// The Internet checksum (RFC 1071) of the memory, in host order.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("mem") unsigned long checksum(const unsigned char *bytes, unsigned long length) {
  unsigned long sum = 0;
  for (unsigned long i = 0; i + 1 < length; i += 2) sum += (unsigned long)bytes[i] << 8 | bytes[i + 1];
  if (length & 1) sum += (unsigned long)bytes[length - 1] << 8;
  while (sum >> 16) sum = (sum & 0xffff) + (sum >> 16);
  return ~sum & 0xffff;
}
