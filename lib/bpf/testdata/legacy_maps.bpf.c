// The older way to define a map: struct bpf_map_def in section "maps", no BTF needed.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct bpf_map_def {
  unsigned int type, key_size, value_size, max_entries, map_flags;
};
struct bpf_map_def SEC("maps") unused = {.type = BPF_MAP_TYPE_ARRAY, .key_size = 4, .value_size = 4, .max_entries = 1};
struct bpf_map_def SEC("maps") squares = {.type = BPF_MAP_TYPE_HASH, .key_size = 4, .value_size = 4, .max_entries = 16};

SEC("mem") long square(const unsigned char *bytes, unsigned long length) {
  for (__u32 i = 0; i < 8; i++) {
    __u32 value = i * i;
    bpf_map_update_elem(&squares, &i, &value, BPF_ANY);
  }
  __u32 key = bytes[0];
  __u32 *value = bpf_map_lookup_elem(&squares, &key);
  return value ? *value : -1;
}

int _version SEC("version") = 1;
