// Counts its calls in a map, a global and a hash map keyed by the first byte; answers map*1000000 + global*1000 + hash.
struct {
  int (*type)[2];  // BPF_MAP_TYPE_ARRAY
  unsigned* key;
  unsigned long* value;
  int (*max_entries)[4];
} calls __attribute__((section(".maps"), used));
struct {
  int (*type)[1];  // BPF_MAP_TYPE_HASH
  unsigned* key;
  unsigned long* value;
  int (*max_entries)[16];
} by_byte __attribute__((section(".maps"), used));
static unsigned long total = 0;

static void* (*lookup)(void* map, const void* key) = (void*)1;
static long (*update)(void* map, const void* key, const void* value, unsigned long flags) = (void*)2;

__attribute__((section("mem"))) unsigned long counter(const unsigned char* memory, unsigned long size) {
  unsigned zero = 0, key = size ? memory[0] : 0;
  unsigned long one = 1;
  unsigned long* slot = lookup(&calls, &zero);
  if (!slot) return 0;
  unsigned long a = ++*slot;
  unsigned long b = ++*(volatile unsigned long*)&total;
  unsigned long* seen = lookup(&by_byte, &key);
  if (seen)
    ++*seen;
  else
    update(&by_byte, &key, &one, 0);
  return a * 1000000 + b * 1000 + (seen ? *seen : 1);
}
