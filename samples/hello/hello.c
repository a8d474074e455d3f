// Greets the name in the body of the request: a process per request, body on stdin, answer on stdout.
#include <stdio.h>
#include <string.h>

int main(void) {
  char name[1024];
  size_t length = fread(name, 1, sizeof name, stdin);
  while (length > 0 && strchr(" \t\r\n", name[length - 1])) length--;
  if (length == 0) length = (size_t)snprintf(name, sizeof name, "world");
  printf("Hello, %.*s!\n", (int)length, name);
  return ferror(stdin) || fflush(stdout) ? 1 : 0;
}
