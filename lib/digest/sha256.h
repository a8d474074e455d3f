// SHA-256 (FIPS 180-4) as 64 lower-case hex digits: what names archives, artifacts and programs by their
// content. Thread: plain values.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "lib/base/result.h"

namespace faisca {

// Over bytes that come in pieces; `hex` ends it.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256& update(std::string_view bytes);
  std::string hex();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

std::string sha256_hex(std::string_view bytes);
Result<std::string> sha256_of_file(const std::filesystem::path& file);

}  // namespace faisca
