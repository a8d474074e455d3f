// Counts packets, in all and by receive queue, then does what the map `action` says: a verdict of enum xdp_action;
// with XDP_TX the addresses are swapped. Packets of another interface than the chosen one (0: all) are issues.
#include "packet.h"

struct config {
  __u32 verdict;
  __u32 interface;
};
struct record {
  __u64 processed;
  __u64 issues;
};
enum { kQueues = 64 };
struct {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __uint(max_entries, 1);
  __type(key, __u32);
  __type(value, struct config);
} action SEC(".maps");
struct {
  __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
  __uint(max_entries, 1);
  __type(key, __u32);
  __type(value, struct record);
} all SEC(".maps");
struct {
  __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
  __uint(max_entries, kQueues + 1);
  __type(key, __u32);
  __type(value, struct record);
} queues SEC(".maps");

SEC("xdp") int rxq_info(struct xdp_md* ctx) {
  struct ethernet* frame = packet_start(ctx);
  if (!has(ctx, frame, sizeof *frame)) return XDP_DROP;
  __u32 zero = 0;
  struct config* config = bpf_map_lookup_elem(&action, &zero);
  struct record* record = bpf_map_lookup_elem(&all, &zero);
  if (!config || !record) return XDP_ABORTED;
  record->processed++;
  if (config->interface && config->interface != ctx->ingress_ifindex) {
    record->issues++;
    return XDP_ABORTED;
  }
  __u32 queue = ctx->rx_queue_index;
  if (queue >= kQueues) queue = kQueues;  // those that have no entry of their own
  struct record* of_queue = bpf_map_lookup_elem(&queues, &queue);
  if (!of_queue) return XDP_ABORTED;
  of_queue->processed++;
  if (queue == kQueues) of_queue->issues++;
  if (config->verdict == XDP_TX) swap_addresses(frame);
  return config->verdict;
}

char _license[] SEC("license") = "GPL";
