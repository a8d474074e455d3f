// What the agent's tests share: compiled programs, a reference checksum, a device.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <random>
#include <string>

#include "hw/agent/device/verilated_device.h"
#include "hw/agent/executor.h"
#include "lib/base/files.h"

namespace faisca::agent {

inline std::string object(const std::string& name) {
  auto bytes = read_file(std::string(FAISCA_TESTDATA) + "/" + name + ".o");
  EXPECT_TRUE(bytes) << bytes.error().text();
  return bytes.value_or("");
}

// RFC 1071.
inline std::uint64_t internet_checksum(std::string_view bytes) {
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i)
    sum += std::uint64_t{static_cast<unsigned char>(bytes[i])} << (i % 2 == 0 ? 8 : 0);
  while (sum >> 16) sum = (sum & 0xffff) + (sum >> 16);
  return ~sum & 0xffff;
}

inline std::string random_bytes(std::mt19937& random, std::size_t size) {
  std::string bytes(size, '\0');
  for (char& byte : bytes) byte = static_cast<char>(random());
  return bytes;
}

inline Result<std::unique_ptr<device::Device>> verilated() { return device::make_verilated_device(); }

}  // namespace faisca::agent
