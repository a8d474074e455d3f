// Puts four bytes in front of a packet and answers XDP_TX (3), or XDP_DROP (1) for a packet under 14 bytes.
struct xdp_md {
  unsigned data, data_end, data_meta, ingress_ifindex, rx_queue_index, egress_ifindex;
};
static long (*adjust_head)(struct xdp_md* context, int delta) = (void*)44;

__attribute__((section("xdp"))) int packet(struct xdp_md* context) {
  if (context->data + 14 > context->data_end || adjust_head(context, -4)) return 1;
  unsigned char* data = (unsigned char*)(unsigned long)context->data;
  if (data + 4 > (unsigned char*)(unsigned long)context->data_end) return 1;
  data[0] = 0xfa;
  data[1] = 0x15;
  data[2] = context->ingress_ifindex;
  return 3;
}
