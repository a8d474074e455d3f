// An XDP program that uses all that an oracle shows: verdict, changed packet, redirect, a hash and a per-CPU map.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __type(key, __u32);
  __type(value, __u32);
  __uint(max_entries, 16);
} seen SEC(".maps");

struct {
  __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
  __type(key, __u32);
  __type(value, __u64);
  __uint(max_entries, 1);
} count SEC(".maps");

// Byte 0 says what to do: 1 drop, 2 pass, 3 send back with byte 1 raised, 4 redirect to the interface in byte 2.
// Remembers on which interface each byte 3 came in.
SEC("xdp") int obey(struct xdp_md *context) {
  unsigned char *data = (void *)(long)context->data, *end = (void *)(long)context->data_end;
  if (data + 14 > end) return XDP_ABORTED;
  __u32 zero = 0, who = data[3], port = context->ingress_ifindex;
  __u64 *packets = bpf_map_lookup_elem(&count, &zero);
  if (packets) *packets += 1;
  bpf_map_update_elem(&seen, &who, &port, BPF_ANY);
  if (data[0] == 4) return bpf_redirect(data[2], 0);
  if (data[0] == 3) data[1] += 1;
  return data[0];
}

char _license[] SEC("license") = "GPL";
