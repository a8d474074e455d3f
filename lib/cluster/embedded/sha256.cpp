// The plain SHA256_* functions, linked statically: EVP loads providers, which costs the gateway a megabyte of
// memory.
#define OPENSSL_API_COMPAT 0x10100000L

#include "lib/cluster/embedded/sha256.h"

#include <fcntl.h>
#include <openssl/sha.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "lib/base/unique_fd.h"

namespace faisca::cluster {
namespace {

std::string finish(SHA256_CTX& context) {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest;
  SHA256_Final(digest.data(), &context);
  std::string out;
  for (const unsigned char byte : digest)
    for (const int shift : {4, 0}) out += "0123456789abcdef"[byte >> shift & 15];
  return out;
}

}  // namespace

std::string sha256_hex(std::string_view bytes) {
  SHA256_CTX context;
  SHA256_Init(&context);
  SHA256_Update(&context, bytes.data(), bytes.size());
  return finish(context);
}

Result<std::string> sha256_of_file(const std::filesystem::path& file) {
  UniqueFd fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd) return fail(errno_error(errno, "cannot open " + file.string()));
  SHA256_CTX context;
  SHA256_Init(&context);
  std::array<char, 65536> buffer;
  for (;;) {
    const ssize_t got = ::read(fd.get(), buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return fail(errno_error(errno, "cannot read " + file.string()));
    if (got == 0) return finish(context);
    SHA256_Update(&context, buffer.data(), static_cast<size_t>(got));
  }
}

}  // namespace faisca::cluster
