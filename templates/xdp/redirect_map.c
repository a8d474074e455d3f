// Counts packets, swaps their addresses and sends them to the interface that the map `ports` has for theirs.
#include "packet.h"

struct {
  __uint(type, BPF_MAP_TYPE_DEVMAP);
  __uint(max_entries, 16);
  __type(key, __u32);  // where a packet came in
  __type(value, __u32);
} ports SEC(".maps");
struct {
  __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
  __uint(max_entries, 1);
  __type(key, __u32);
  __type(value, __u64);
} packets SEC(".maps");

SEC("xdp") int redirect_map(struct xdp_md* ctx) {
  struct ethernet* frame = packet_start(ctx);
  if (!has(ctx, frame, sizeof *frame)) return XDP_DROP;
  __u32 zero = 0;
  __u64* count = bpf_map_lookup_elem(&packets, &zero);
  if (count) (*count)++;
  swap_addresses(frame);
  return bpf_redirect_map(&ports, ctx->ingress_ifindex, 0);
}

char _license[] SEC("license") = "GPL";
