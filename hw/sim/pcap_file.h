// Packet captures on disk, through libpcap: classic and next-generation files in, classic files with
// nanoseconds out.
//
// Only Ethernet (DLT_EN10MB). Errors name the file and, for a packet, its number counted from 1: kNotFound,
// kInvalidArgument for a file that is not a capture, that ends inside a packet, or whose packet is cut short
// by the capture's snap length or longer than the device takes. Thread: one thread at a time uses an object.
#pragma once

#include <filesystem>
#include <memory>
#include <vector>

#include "hw/sim/packet.h"
#include "lib/base/result.h"

namespace faisca::sim {

// The whole file; every packet gets `port`.
Result<std::vector<Packet>> read_pcap(const std::filesystem::path& path, std::uint32_t port);

class PcapWriter {
 public:
  // Creates or replaces the file.
  static Result<PcapWriter> create(const std::filesystem::path& path);
  PcapWriter(PcapWriter&&) noexcept;
  PcapWriter& operator=(PcapWriter&&) noexcept;
  ~PcapWriter();

  void write(const Packet& packet);
  // Flushes and says whether everything reached the file.
  Status close();

 private:
  struct Handles;
  explicit PcapWriter(std::unique_ptr<Handles> handles);
  std::unique_ptr<Handles> handles_;
};

}  // namespace faisca::sim
