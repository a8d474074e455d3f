// Lets a flow (IPv4, TCP or UDP) in only after it went out. Interface 1 of each pair is inside, 2 outside.
#include "packet.h"

struct flow {  // seen from inside
  __be32 inside;
  __be32 outside;
  __be16 inside_port;
  __be16 outside_port;
  __u32 protocol;
};
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 1024);
  __type(key, struct flow);
  __type(value, __u64);  // packets that came back
} flows SEC(".maps");

SEC("xdp") int simple_firewall(struct xdp_md* ctx) {
  struct ethernet* frame = packet_start(ctx);
  struct ipv4* ip = (void*)(frame + 1);
  struct ports* ports = (void*)(ip + 1);
  if (!has(ctx, ports, sizeof *ports)) return XDP_DROP;
  if (frame->type != bpf_htons(kIpv4) || ip->version_words != 0x45) return XDP_DROP;
  if (ip->protocol != kTcp && ip->protocol != kUdp) return XDP_DROP;
  __u32 interface = ctx->ingress_ifindex;
  struct flow flow = {.protocol = ip->protocol};
  if (interface & 1) {
    flow.inside = ip->from, flow.outside = ip->to;
    flow.inside_port = ports->from, flow.outside_port = ports->to;
    if (!bpf_map_lookup_elem(&flows, &flow)) {
      __u64 none = 0;
      if (bpf_map_update_elem(&flows, &flow, &none, BPF_ANY) != 0) return XDP_DROP;  // full
    }
    return bpf_redirect(interface + 1, 0);
  }
  flow.inside = ip->to, flow.outside = ip->from;
  flow.inside_port = ports->to, flow.outside_port = ports->from;
  __u64* packets = bpf_map_lookup_elem(&flows, &flow);
  if (!packets) return XDP_DROP;
  __sync_fetch_and_add(packets, 1);
  return bpf_redirect(interface - 1, 0);
}

char _license[] SEC("license") = "GPL";
