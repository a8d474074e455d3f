// The body of the request is stdin, the body of the answer is stdout. Exit with another code than 0 to answer
// 500.
#include <iostream>
#include <iterator>
#include <string>

int main() {
  const std::string name(std::istreambuf_iterator<char>(std::cin), {});
  std::cout << "Hello, " << name << "!\n" << std::flush;
  return std::cout ? 0 : 1;
}
