// Looks up a key at an address that belongs to no region.
struct {
  int (*type)[2];  // BPF_MAP_TYPE_ARRAY
  unsigned* key;
  unsigned long* value;
  int (*max_entries)[1];
} map __attribute__((section(".maps"), used));

static void* (*lookup)(void* map, const void* key) = (void*)1;

__attribute__((section("mem"))) unsigned long bad_key(void) { return (unsigned long)lookup(&map, (void*)0x1000); }
