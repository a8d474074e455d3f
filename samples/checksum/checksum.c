// The Internet checksum of the request's body (RFC 1071): the ones' complement of the ones' complement sum of its
// 16-bit words in network order; an odd last byte counts as if a zero followed.
typedef unsigned char u8;
typedef unsigned long long u64;

u64 handler(const u8 *body, u64 length) {
  u64 sum = 0;
  u64 i = 0;
  for (; i + 1 < length; i += 2)
    sum += (u64)body[i] << 8 | body[i + 1];
  if (i < length)
    sum += (u64)body[i] << 8;
  // Each fold adds the carries back in; after two, none is left.
  sum = (sum & 0xffff) + (sum >> 16);
  sum = (sum & 0xffff) + (sum >> 16);
  return ~sum & 0xffff;
}
