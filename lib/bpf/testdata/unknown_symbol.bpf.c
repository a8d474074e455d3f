// Calls a function that nobody defines.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

extern int missing_function(int value);
SEC("mem") int call_missing(void *memory, unsigned long length) { return missing_function(1); }
