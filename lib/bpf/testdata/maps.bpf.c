// Maps described by BTF: counts bytes by value, and how often the function ran.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __type(key, __u32);
  __type(value, __u64);
  __uint(max_entries, 2);
} runs SEC(".maps");

struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(key_size, 1);
  __uint(value_size, 8);
  __uint(max_entries, 256);
} seen SEC(".maps");

// Static maps are named by their section and place.
static struct {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __type(key, __u32);
  __type(value, __u64);
  __uint(max_entries, 3);
} first_static SEC(".maps"), second_static SEC(".maps");

SEC("mem/static") long use_static(const unsigned char *bytes, unsigned long length) {
  __u32 last = 2;
  __u64 two = 2, three = 3;
  bpf_map_update_elem(&second_static, &last, &two, BPF_ANY);
  bpf_map_update_elem(&first_static, &last, &three, BPF_ANY);
  __u64 *value = bpf_map_lookup_elem(&second_static, &last);
  return value ? *value : -1;
}

SEC("mem") long count(const unsigned char *bytes, unsigned long length) {
  __u32 first = 0;
  __u64 *run = bpf_map_lookup_elem(&runs, &first);
  if (run) __sync_fetch_and_add(run, 1);
  for (unsigned long i = 0; i < length; i++) {
    unsigned char key = bytes[i];
    __u64 one = 1, *known = bpf_map_lookup_elem(&seen, &key);
    if (known) *known += 1;
    else bpf_map_update_elem(&seen, &key, &one, BPF_NOEXIST);
  }
  unsigned char key = 'a';
  __u64 *found = bpf_map_lookup_elem(&seen, &key);
  return (run ? *run * 1000 : 0) + (found ? *found : 0);
}

char _license[] SEC("license") = "GPL";
