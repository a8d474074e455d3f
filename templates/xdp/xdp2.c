// Counts packets by the protocol above IP, and sends them back where they came from.
#include "packet.h"

struct {
  __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
  __uint(max_entries, 256);
  __type(key, __u32);
  __type(value, __u64);
} packets SEC(".maps");

SEC("xdp") int xdp2(struct xdp_md* ctx) {
  struct ethernet* frame = packet_start(ctx);
  if (!has(ctx, frame, sizeof *frame)) return XDP_DROP;
  int protocol = ip_protocol(ctx, frame);
  __u32 key = protocol < 0 ? 0 : protocol;
  __u64* count = bpf_map_lookup_elem(&packets, &key);
  if (count) (*count)++;
  swap_addresses(frame);
  return XDP_TX;
}

char _license[] SEC("license") = "GPL";
