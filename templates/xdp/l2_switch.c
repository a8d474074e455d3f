// Learning Ethernet switch. It remembers behind which interface an address was seen last; packets to addresses that
// it does not know, and to groups, go to all other interfaces of the map `ports`.
#include "packet.h"

struct place {
  __u32 interface;
  __u32 unused;
};
struct {
  __uint(type, BPF_MAP_TYPE_LRU_HASH);
  __uint(max_entries, 1024);
  __type(key, __u64);  // the address, first byte lowest
  __type(value, struct place);
} addresses SEC(".maps");
struct {
  __uint(type, BPF_MAP_TYPE_DEVMAP);
  __uint(max_entries, 8);
  __type(key, __u32);
  __type(value, __u32);
} ports SEC(".maps");

SEC("xdp") int l2_switch(struct xdp_md* ctx) {
  struct ethernet* frame = packet_start(ctx);
  if (!has(ctx, frame, sizeof *frame)) return XDP_DROP;
  __u64 to = frame->to_first | (__u64)frame->to_last << 32;
  __u64 from = frame->from_first | (__u64)frame->from_last << 16;
  __u32 interface = ctx->ingress_ifindex;

  struct place* known = bpf_map_lookup_elem(&addresses, &from);
  if (!known) {
    struct place here = {interface, 0};
    if (!(from & 1)) bpf_map_update_elem(&addresses, &from, &here, BPF_ANY);
  } else if (known->interface != interface) {
    known->interface = interface;
  }

  struct place* target = to & 1 ? 0 : bpf_map_lookup_elem(&addresses, &to);
  if (!target) return bpf_redirect_map(&ports, 0, BPF_F_BROADCAST | BPF_F_EXCLUDE_INGRESS);
  if (target->interface == interface) return XDP_DROP;
  return bpf_redirect(target->interface, 0);
}

char _license[] SEC("license") = "GPL";
