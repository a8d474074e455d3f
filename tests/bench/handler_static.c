/* The cheapest honest handler: reads its request, answers 16 bytes. Built static with musl where musl-gcc is, since glibc
 * alone takes several times as long to start as all the rest. */
#include <unistd.h>

int main(void) {
  char buffer[4096];
  while (read(0, buffer, sizeof buffer) > 0) {
  }
  return write(1, "0123456789abcdef", 16) == 16 ? 0 : 1;
}
