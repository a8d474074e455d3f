// Local functions in .text and in the program's section, a constant table, globals with and without a value.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

const int weights[8] = {3, 1, 4, 1, 5, 9, 2, 6};
int calls = 100;
static int total;

static __attribute__((noinline)) int weigh(int value) {
  calls++;
  return value * weights[value & 7];
}

__attribute__((noinline)) int accumulate(int value) {
  total += weigh(value);
  return total;
}

SEC("mem/sum") long sum(const unsigned char *bytes, unsigned long length) {
  for (unsigned long i = 0; i < length; i++) accumulate(bytes[i]);
  return calls * 1000 + total;
}
