// Joins interfaces 1 and 2, 3 and 4: what comes in on one leaves on the other.
#include "packet.h"

SEC("xdp") int wire(struct xdp_md* ctx) { return bpf_redirect(((ctx->ingress_ifindex - 1) ^ 1) + 1, 0); }

char _license[] SEC("license") = "GPL";
