// XDP_PASS.
__attribute__((section("xdp"))) int pass(void *context) {
  (void)context;
  return 2;
}
