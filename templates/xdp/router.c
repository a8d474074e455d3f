// IPv4 router: longest prefix, one hop less, checksum, new addresses. What it cannot route is for the host.
#include "packet.h"

struct prefix {
  __u32 length;
  __be32 address;
};
struct next_hop {  // laid out as struct ethernet: whole words are copied
  __u32 to_first;
  __u16 to_last;
  __u16 from_first;
  __u32 from_last;
  __u32 interface;
};
struct {
  __uint(type, BPF_MAP_TYPE_LPM_TRIE);
  __uint(max_entries, 1024);
  __uint(map_flags, BPF_F_NO_PREALLOC);
  __type(key, struct prefix);
  __type(value, struct next_hop);
} routes SEC(".maps");

SEC("xdp") int router(struct xdp_md* ctx) {
  struct ethernet* frame = packet_start(ctx);
  struct ipv4* ip = (void*)(frame + 1);
  if (!has(ctx, ip, sizeof *ip)) return XDP_DROP;
  if (frame->type != bpf_htons(kIpv4)) return XDP_PASS;
  if (ip->version_words >> 4 != 4) return XDP_DROP;
  if (ip->hops <= 1) return XDP_PASS;  // the host says "time exceeded"
  struct prefix key = {32, ip->to};
  struct next_hop* next = bpf_map_lookup_elem(&routes, &key);
  if (!next) return XDP_PASS;
  take_hop(ip);
  frame->to_first = next->to_first;
  frame->to_last = next->to_last;
  frame->from_first = next->from_first;
  frame->from_last = next->from_last;
  return bpf_redirect(next->interface, 0);
}

char _license[] SEC("license") = "GPL";
