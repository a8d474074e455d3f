// Loads as an object, and does not verify: the device has no helper 9999.
#define SECTION(name) __attribute__((section(name), used))

static long (*no_such_helper)(void) = (void *)9999;

SECTION("mem") int calls(void *memory, unsigned long length) {
  (void)memory;
  (void)length;
  return (int)no_such_helper();
}
