// Runs on the device. `body` is the request's body, `length` its size; the value returned is the answer, printed as
// function.yaml's `output` says: decimal, hex16, hex32, hex64, or memory (the first so many bytes of the body).
// The device ends a program that reads outside of the body or never ends.
typedef unsigned char u8;
typedef unsigned long long u64;

u64 handler(const u8 *body, u64 length) {
  u64 sum = 0;
  for (u64 i = 0; i < length; i++)
    sum += body[i];
  return sum;
}
