// Answers IPv4 packets that are too long with ICMP "fragmentation needed" (RFC 792, RFC 1191): the packet is cut to
// its header and eight bytes, an ICMP and an IP header are put in front, and it goes back to its sender.
#include "packet.h"

enum { kMaxBytes = 600, kQuoted = 28 };
struct icmp {
  __u8 type;
  __u8 code;
  __u16 checksum;
  __be16 unused;
  __be16 next_mtu;
} __attribute__((packed, aligned(2)));
struct headers {
  struct ipv4 ip;
  struct icmp icmp;
} __attribute__((packed, aligned(2)));
struct {
  __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
  __uint(max_entries, 1);
  __type(key, __u32);
  __type(value, __u64);
} answers SEC(".maps");

SEC("xdp") int adjust_tail(struct xdp_md* ctx) {
  struct ethernet* frame = packet_start(ctx);
  struct ipv4* ip = (void*)(frame + 1);
  if (!has(ctx, ip, kQuoted)) return XDP_DROP;
  if (frame->type != bpf_htons(kIpv4) || ip->version_words != 0x45) return XDP_PASS;
  int bytes = ctx->data_end - ctx->data;
  if (bytes <= kMaxBytes) return XDP_PASS;
  __be32 sender = ip->from, receiver = ip->to;
  struct ethernet back = *frame;

  if (bpf_xdp_adjust_tail(ctx, (int)sizeof *frame + kQuoted - bytes)) return XDP_PASS;
  if (bpf_xdp_adjust_head(ctx, -(int)sizeof(struct headers))) return XDP_DROP;
  frame = packet_start(ctx);
  struct headers* headers = (void*)(frame + 1);
  if (!has(ctx, headers, sizeof *headers + kQuoted)) return XDP_DROP;
  *frame = back;
  swap_addresses(frame);

  headers->icmp.type = 3;  // destination unreachable
  headers->icmp.code = 4;  // fragmentation needed
  headers->icmp.checksum = 0;
  headers->icmp.unused = 0;
  headers->icmp.next_mtu = bpf_htons(kMaxBytes - sizeof *frame);
  __s64 sum = bpf_csum_diff(0, 0, (void*)&headers->icmp, sizeof headers->icmp + kQuoted, 0);
  sum = (sum & 0xffff) + (sum >> 16);
  headers->icmp.checksum = ~(sum + (sum >> 16));

  headers->ip.version_words = 0x45;
  headers->ip.service = 0;
  headers->ip.length = bpf_htons(sizeof *headers + kQuoted);
  headers->ip.id = 0;
  headers->ip.fragment = 0;
  headers->ip.hops = 64;
  headers->ip.protocol = kIcmp;
  headers->ip.checksum = 0;
  headers->ip.from = receiver;
  headers->ip.to = sender;
  sum = bpf_csum_diff(0, 0, (void*)&headers->ip, sizeof headers->ip, 0);
  sum = (sum & 0xffff) + (sum >> 16);
  headers->ip.checksum = ~(sum + (sum >> 16));

  __u32 zero = 0;
  __u64* count = bpf_map_lookup_elem(&answers, &zero);
  if (count) (*count)++;
  return XDP_TX;
}

char _license[] SEC("license") = "GPL";
