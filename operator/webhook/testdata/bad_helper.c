// Calls a helper that no device has.
static long (*no_such_helper)(void) = (void *)9999;
int handler(const unsigned char *memory, unsigned long long length) {
  (void)memory;
  (void)length;
  return (int)no_such_helper();
}
