// The shortest function: answers 4.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("mem") unsigned long answer(void *memory, unsigned long length) { return 4; }
