// Never reaches an exit.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("mem") int spin(volatile unsigned char *bytes, unsigned long length) {
  for (;;) bytes[0]++;
}
