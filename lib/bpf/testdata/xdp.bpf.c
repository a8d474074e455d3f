// An XDP program and a second one in the same section: drops UDP, passes the rest; strips 14 bytes.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("xdp") int drop_udp(struct xdp_md *context) {
  unsigned char *data = (void *)(long)context->data, *end = (void *)(long)context->data_end;
  if (data + 34 > end) return XDP_ABORTED;
  if (data[12] != 8 || data[13] != 0) return XDP_PASS;
  return data[23] == 17 ? XDP_DROP : XDP_PASS;
}

SEC("xdp") int strip(struct xdp_md *context) {
  if (bpf_xdp_adjust_head(context, 14)) return XDP_ABORTED;
  unsigned char *data = (void *)(long)context->data, *end = (void *)(long)context->data_end;
  if (data + 1 > end) return XDP_ABORTED;
  data[0] = 0xee;
  return XDP_TX;
}

char _license[] SEC("license") = "GPL";
