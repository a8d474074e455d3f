// Calls the helper that the packet asks for, with the packet's arguments, and keeps what it returned: for
// comparing the software's helpers and maps with the kernel's. Bytes 14 on: operation, four words.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct { __uint(type, BPF_MAP_TYPE_ARRAY); __uint(max_entries, 4); __type(key, __u32); __type(value, __u64); } out SEC(".maps");
struct { __uint(type, BPF_MAP_TYPE_DEVMAP); __uint(max_entries, 4); __type(key, __u32); __type(value, __u32); } ports SEC(".maps");
struct { __uint(type, BPF_MAP_TYPE_HASH); __uint(max_entries, 8); __type(key, __u64); __type(value, __u32); } table SEC(".maps");
struct { __uint(type, BPF_MAP_TYPE_ARRAY); __uint(max_entries, 8); __type(key, __u32); __type(value, __u32); } array SEC(".maps");
struct prefix { __u32 length; __u8 bytes[4]; };
struct { __uint(type, BPF_MAP_TYPE_LPM_TRIE); __uint(max_entries, 8); __uint(map_flags, BPF_F_NO_PREALLOC); __type(key, struct prefix); __type(value, __u32); } routes SEC(".maps");

struct request { __u8 ethernet[14]; __u8 operation, pad; __u32 a, b, c, d; } __attribute__((packed));

static __always_inline void keep(__u32 place, __u64 value) {
  __u64* slot = bpf_map_lookup_elem(&out, &place);
  if (slot) *slot = value;
}

SEC("xdp") int helpers(struct xdp_md* ctx) {
  struct request* request = (void*)(long)ctx->data;
  if ((void*)(request + 1) > (void*)(long)ctx->data_end) return XDP_ABORTED;
  __u8 operation = request->operation;
  __u32 a = request->a, b = request->b, c = request->c;
  __u8 bytes[32];
  __builtin_memcpy(bytes, request, 32);
  __u64 key = a & 15;
  struct prefix prefix = {b & 63, {a & 3, (a >> 8) & 1, (a >> 16) & 1, (a >> 24) & 255}};
  __s64 r0 = 0;
  int verdict = XDP_PASS;
  void* found = 0;
  switch (operation) {
    case 0: r0 = bpf_xdp_adjust_head(ctx, (int)a); break;
    case 1: r0 = bpf_xdp_adjust_tail(ctx, (int)a); break;
    case 2: r0 = bpf_xdp_adjust_meta(ctx, (int)a); break;
    case 3:
      bpf_xdp_adjust_meta(ctx, (int)b);
      r0 = bpf_xdp_adjust_head(ctx, (int)a);
      break;
    case 4: r0 = verdict = bpf_redirect_map(&ports, a, b); break;
    case 5: r0 = verdict = bpf_redirect(a, b); break;
    case 6: r0 = bpf_csum_diff((__be32*)bytes, a & 31, (__be32*)bytes, b & 31, c); break;
    case 7: r0 = bpf_csum_diff(0, 0, (__be32*)bytes, b & 31, c); break;
    case 8: r0 = bpf_csum_diff((__be32*)bytes, a & 31, 0, 0, c); break;
    case 9: r0 = bpf_map_update_elem(&table, &key, &c, b); break;
    case 10: r0 = bpf_map_delete_elem(&table, &key); break;
    case 11: found = bpf_map_lookup_elem(&table, &key); break;
    case 12: r0 = bpf_map_update_elem(&routes, &prefix, &c, b >> 6); break;
    case 13: r0 = bpf_map_delete_elem(&routes, &prefix); break;
    case 14: found = bpf_map_lookup_elem(&routes, &prefix); break;
    case 15: r0 = bpf_map_update_elem(&array, &a, &c, b); break;
    case 16: r0 = bpf_map_delete_elem(&array, &a); break;
    case 17: found = bpf_map_lookup_elem(&array, &a); break;
    case 18: found = bpf_map_lookup_elem(&ports, &a); break;
  }
  if (found) r0 = *(__u32*)found + 1;
  keep(0, r0);
  keep(1, ctx->data_end - ctx->data);
  keep(2, ctx->data - ctx->data_meta);
  return verdict;
}

char _license[] SEC("license") = "GPL";
