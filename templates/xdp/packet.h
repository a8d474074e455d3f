// Headers as the functions here read them: in the largest pieces that their alignment allows. A packet starts
// at a multiple of 32 bytes; so addresses at odd places are read as halves and words, never byte by byte.
#pragma once

#include <linux/bpf.h>
// The types of the first are needed by the others.
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#define ALWAYS static __attribute__((always_inline)) inline

enum { kIpv4 = 0x0800, kIpv6 = 0x86dd, kVlan = 0x8100, kServiceVlan = 0x88a8, kArp = 0x0806 };
enum { kIcmp = 1, kTcp = 6, kUdp = 17, kIpInIp = 4 };

struct ethernet {
  __u32 to_first;  // destination, bytes 0 to 3
  __u16 to_last;   // and 4, 5
  __u16 from_first;
  __u32 from_last;
  __be16 type;
} __attribute__((packed, aligned(2)));

struct ipv4 {
  __u8 version_words;
  __u8 service;
  __be16 length;
  __be16 id;
  __be16 fragment;
  __u8 hops;
  __u8 protocol;
  __u16 checksum;
  __be32 from;
  __be32 to;
} __attribute__((packed, aligned(2)));

struct ipv6 {
  __be32 version;
  __be16 length;
  __u8 next;
  __u8 hops;
  __be32 from[4];
  __be32 to[4];
} __attribute__((packed, aligned(2)));

struct ports {
  __be16 from;
  __be16 to;
} __attribute__((packed, aligned(2)));

ALWAYS void* packet_start(const struct xdp_md* ctx) { return (void*)(long)ctx->data; }
ALWAYS void* packet_end(const struct xdp_md* ctx) { return (void*)(long)ctx->data_end; }

// Whether `bytes` bytes at `at` are part of the packet.
ALWAYS int has(const struct xdp_md* ctx, const void* at, int bytes) { return at + bytes <= packet_end(ctx); }

ALWAYS void swap_addresses(struct ethernet* frame) {
  // Two words at multiples of four, and two halves.
  __u32 to_first = frame->to_first, from_last = frame->from_last;
  __u16 to_last = frame->to_last, from_first = frame->from_first;
  frame->to_first = from_first | from_last << 16;
  frame->to_last = from_last >> 16;
  frame->from_first = to_first;
  frame->from_last = to_first >> 16 | (__u32)to_last << 16;
}

// One hop less; the checksum follows (RFC 1624): the word of hops and protocol loses 0x0100.
ALWAYS void take_hop(struct ipv4* ip) {
  __u32 sum = ip->checksum + bpf_htons(0x0100);
  ip->checksum = sum + (sum >= 0xffff);
  ip->hops--;
}

// The protocol above IP, and where its header begins: behind at most two VLAN tags. -1: not IP, or cut off.
ALWAYS int ip_protocol(const struct xdp_md* ctx, struct ethernet* frame) {
  void* at = frame + 1;
  __be16 type = frame->type;
#pragma unroll
  for (int tag = 0; tag < 2; tag++) {
    if (type != bpf_htons(kVlan) && type != bpf_htons(kServiceVlan)) break;
    if (!has(ctx, at, 4)) return -1;
    type = *(__be16*)(at + 2);
    at += 4;
  }
  if (type == bpf_htons(kIpv4)) {
    struct ipv4* ip = at;
    return has(ctx, ip, sizeof *ip) ? ip->protocol : -1;
  }
  if (type == bpf_htons(kIpv6)) {
    struct ipv6* ip = at;
    return has(ctx, ip, sizeof *ip) ? ip->next : -1;
  }
  return -1;
}
