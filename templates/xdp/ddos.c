// Drops IPv4 packets of sources on a block list, and counts them there; joins interfaces like wire.c otherwise.
#include "packet.h"

struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 1024);
  __type(key, __be32);
  __type(value, __u64);  // packets dropped
} blocked SEC(".maps");

SEC("xdp") int ddos(struct xdp_md* ctx) {
  struct ethernet* frame = packet_start(ctx);
  struct ipv4* ip = (void*)(frame + 1);
  if (has(ctx, ip, sizeof *ip) && frame->type == bpf_htons(kIpv4)) {
    __be32 from = ip->from;
    __u64* dropped = bpf_map_lookup_elem(&blocked, &from);
    if (dropped) {
      __sync_fetch_and_add(dropped, 1);
      return XDP_DROP;
    }
  }
  return bpf_redirect(((ctx->ingress_ifindex - 1) ^ 1) + 1, 0);
}

char _license[] SEC("license") = "GPL";
