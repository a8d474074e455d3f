// Puts TCP and UDP packets for a virtual address and port into an IPv4 tunnel and sends them back out of the
// interface where they came in: the front of a load balancer.
#include "packet.h"

struct service {
  __be32 address;
  __be16 port;
  __u16 protocol;
};
struct tunnel {
  __be32 from;
  __be32 to;
  __u32 next_first;  // the next hop's Ethernet address
  __u16 next_last;
  __u16 unused;
};
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 256);
  __type(key, struct service);
  __type(value, struct tunnel);
} services SEC(".maps");
struct {
  __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
  __uint(max_entries, 256);
  __type(key, __u32);
  __type(value, __u64);
} packets SEC(".maps");

SEC("xdp") int tx_ip_tunnel(struct xdp_md* ctx) {
  struct ethernet* frame = packet_start(ctx);
  struct ipv4* ip = (void*)(frame + 1);
  struct ports* ports = (void*)(ip + 1);
  if (!has(ctx, ports, sizeof *ports)) return XDP_PASS;
  if (frame->type != bpf_htons(kIpv4) || ip->version_words != 0x45) return XDP_PASS;
  __u32 protocol = ip->protocol;
  if (protocol != kTcp && protocol != kUdp) return XDP_PASS;
  struct service service = {ip->to, ports->to, protocol};
  struct tunnel* tunnel = bpf_map_lookup_elem(&services, &service);
  if (!tunnel) return XDP_PASS;
  __u16 inner_length = bpf_ntohs(ip->length);
  __u8 type_of_service = ip->service;
  __u32 own_first = frame->to_first;
  __u16 own_last = frame->to_last;

  if (bpf_xdp_adjust_head(ctx, -(int)sizeof(struct ipv4))) return XDP_DROP;
  frame = packet_start(ctx);
  ip = (void*)(frame + 1);
  if (!has(ctx, ip, sizeof *ip)) return XDP_DROP;
  frame->to_first = tunnel->next_first;
  frame->to_last = tunnel->next_last;
  frame->from_first = own_first;
  frame->from_last = own_first >> 16 | (__u32)own_last << 16;
  frame->type = bpf_htons(kIpv4);

  __be32 from = tunnel->from, to = tunnel->to;
  __be16 length = bpf_htons(inner_length + sizeof *ip);
  // Version and length of the header, 64 hops, IPv4 in IPv4.
  __u32 sum = bpf_htons(0x4500 | type_of_service) + length + bpf_htons(64 << 8 | kIpInIp) + (from & 0xffff) +
              (from >> 16) + (to & 0xffff) + (to >> 16);
  sum = (sum & 0xffff) + (sum >> 16);
  sum += sum >> 16;
  *(__be16*)&ip->version_words = bpf_htons(0x4500 | type_of_service);
  ip->length = length;
  *(__u16*)&ip->id = 0;
  *(__u16*)&ip->fragment = 0;
  *(__be16*)&ip->hops = bpf_htons(64 << 8 | kIpInIp);
  ip->checksum = ~sum;
  ip->from = from;
  ip->to = to;

  __u64* count = bpf_map_lookup_elem(&packets, &protocol);
  if (count) (*count)++;
  return XDP_TX;
}

char _license[] SEC("license") = "GPL";
