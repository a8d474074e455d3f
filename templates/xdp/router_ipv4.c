// IPv4 router with separate tables: hosts that were seen lately, routes by longest prefix, and the Ethernet address
// of each neighbour (what ARP has found). Packets for the host, and those that need ARP, are passed to it.
#include "packet.h"

struct prefix {
  __u32 length;
  __be32 address;
};
struct route {
  __be32 gateway;  // 0: the destination is a neighbour
  __u32 port;      // key of the map `ports`
};
struct address {  // of an Ethernet interface
  __u32 first;
  __u16 last;
  __u16 unused;
};
struct {
  __uint(type, BPF_MAP_TYPE_LPM_TRIE);
  __uint(max_entries, 1024);
  __uint(map_flags, BPF_F_NO_PREALLOC);
  __type(key, struct prefix);
  __type(value, struct route);
} routes SEC(".maps");
struct {
  __uint(type, BPF_MAP_TYPE_LRU_HASH);
  __uint(max_entries, 1024);
  __type(key, __be32);
  __type(value, struct route);
} hosts SEC(".maps");
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 1024);
  __type(key, __be32);
  __type(value, struct address);
} neighbours SEC(".maps");
struct {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __uint(max_entries, 8);
  __type(key, __u32);
  __type(value, struct address);
} own SEC(".maps");  // addresses of the ports
struct {
  __uint(type, BPF_MAP_TYPE_DEVMAP);
  __uint(max_entries, 8);
  __type(key, __u32);
  __type(value, __u32);
} ports SEC(".maps");

SEC("xdp") int router_ipv4(struct xdp_md* ctx) {
  struct ethernet* frame = packet_start(ctx);
  struct ipv4* ip = (void*)(frame + 1);
  if (!has(ctx, frame, sizeof *frame)) return XDP_DROP;
  if (frame->type != bpf_htons(kIpv4)) return XDP_PASS;  // ARP too
  if (!has(ctx, ip, sizeof *ip)) return XDP_DROP;
  if (ip->hops <= 1) return XDP_PASS;

  __be32 to = ip->to;
  struct route* route = bpf_map_lookup_elem(&hosts, &to);
  if (!route) {
    struct prefix key = {32, to};
    route = bpf_map_lookup_elem(&routes, &key);
    if (!route) return XDP_PASS;
    struct route found = *route;
    bpf_map_update_elem(&hosts, &to, &found, BPF_ANY);
  }
  __be32 next = route->gateway ? route->gateway : to;
  __u32 port = route->port;
  struct address* neighbour = bpf_map_lookup_elem(&neighbours, &next);
  struct address* mine = bpf_map_lookup_elem(&own, &port);
  if (!neighbour || !mine) return XDP_PASS;
  take_hop(ip);
  frame->to_first = neighbour->first;
  frame->to_last = neighbour->last;
  __u32 first = mine->first;
  frame->from_first = first;
  frame->from_last = first >> 16 | (__u32)mine->last << 16;
  return bpf_redirect_map(&ports, port, XDP_PASS);
}

char _license[] SEC("license") = "GPL";
