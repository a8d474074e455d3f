// The body of the request is stdin, the body of the answer is stdout. Exit with another code than 0 to answer 500.
#include <stdio.h>

int main(void) {
  char name[256];
  const size_t length = fread(name, 1, sizeof name, stdin);
  printf("Hello, %.*s!\n", (int)length, name);
  return ferror(stdin) || fflush(stdout) ? 1 : 0;
}
