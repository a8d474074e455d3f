#include "hw/sim/pcap_file.h"

#include <pcap/pcap.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <string>
#include <utility>

namespace faisca::sim {
namespace {

constexpr std::uint64_t kNanoseconds = 1'000'000'000;

struct CloseReader {
  void operator()(pcap_t* reader) const { pcap_close(reader); }
};

}  // namespace

Result<std::vector<Packet>> read_pcap(const std::filesystem::path& path, std::uint32_t port) {
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored))
    return fail(Code::kNotFound, "there is no packet capture " + path.string());
  std::array<char, PCAP_ERRBUF_SIZE> why{};
  const std::unique_ptr<pcap_t, CloseReader> reader(
      pcap_open_offline_with_tstamp_precision(path.c_str(), PCAP_TSTAMP_PRECISION_NANO, why.data()));
  if (!reader)
    return fail(Code::kInvalidArgument, path.string() + " is not a packet capture: " + why.data(),
                "give a pcap or pcapng file, for example from tcpdump -w");
  if (const int type = pcap_datalink(reader.get()); type != DLT_EN10MB) {
    const char* name = pcap_datalink_val_to_name(type);
    return fail(Code::kInvalidArgument,
                path.string() + " holds packets of link type " + (name ? name : std::to_string(type)) +
                    ", the device's ports are Ethernet",
                "capture on an Ethernet interface, not on 'any' or a tunnel");
  }
  std::vector<Packet> packets;
  pcap_pkthdr* head = nullptr;
  const u_char* bytes = nullptr;
  int status = 0;
  while ((status = pcap_next_ex(reader.get(), &head, &bytes)) == 1) {
    const std::string where = path.string() + ", packet " + std::to_string(packets.size() + 1);
    if (head->caplen < head->len)
      return fail(Code::kInvalidArgument,
                  where + ": only " + std::to_string(head->caplen) + " of " + std::to_string(head->len) +
                      " bytes were captured",
                  "capture whole packets (tcpdump -s 0)");
    if (head->caplen < kMinPacketBytes || head->caplen > kMaxPacketBytes)
      return fail(Code::kInvalidArgument, where + " has " + std::to_string(head->caplen) +
                                              " bytes; the device takes " + std::to_string(kMinPacketBytes) +
                                              " to " + std::to_string(kMaxPacketBytes));
    packets.push_back({port,
                       static_cast<std::uint64_t>(head->ts.tv_sec) * kNanoseconds +
                           static_cast<std::uint64_t>(head->ts.tv_usec),
                       {bytes, bytes + head->caplen}});
  }
  if (status != PCAP_ERROR_BREAK)
    return fail(Code::kInvalidArgument, path.string() + ", after packet " + std::to_string(packets.size()) +
                                            ": " + pcap_geterr(reader.get()));
  return packets;
}

struct PcapWriter::Handles {
  std::filesystem::path path;
  pcap_t* pcap = nullptr;
  pcap_dumper_t* dumper = nullptr;

  Handles() = default;
  Handles(const Handles&) = delete;
  Handles& operator=(const Handles&) = delete;
  ~Handles() {
    if (dumper) pcap_dump_close(dumper);
    if (pcap) pcap_close(pcap);
  }
};

PcapWriter::PcapWriter(std::unique_ptr<Handles> handles) : handles_(std::move(handles)) {}
PcapWriter::PcapWriter(PcapWriter&&) noexcept = default;
PcapWriter& PcapWriter::operator=(PcapWriter&&) noexcept = default;
PcapWriter::~PcapWriter() = default;

Result<PcapWriter> PcapWriter::create(const std::filesystem::path& path) {
  auto handles = std::make_unique<Handles>();
  handles->path = path;
  handles->pcap = pcap_open_dead_with_tstamp_precision(DLT_EN10MB, 65535, PCAP_TSTAMP_PRECISION_NANO);
  if (!handles->pcap) return fail(Code::kInternal, "libpcap has no memory for " + path.string());
  handles->dumper = pcap_dump_open(handles->pcap, path.c_str());
  if (!handles->dumper)
    return fail(Code::kInvalidArgument, "cannot write " + path.string() + ": " + pcap_geterr(handles->pcap));
  return PcapWriter(std::move(handles));
}

void PcapWriter::write(const Packet& packet) {
  pcap_pkthdr head{};
  head.ts.tv_sec = static_cast<time_t>(packet.time_ns / kNanoseconds);
  head.ts.tv_usec = static_cast<suseconds_t>(packet.time_ns % kNanoseconds);  // nanoseconds in this file
  head.caplen = head.len = static_cast<bpf_u_int32>(packet.bytes.size());
  pcap_dump(reinterpret_cast<u_char*>(handles_->dumper), &head, packet.bytes.data());
}

Status PcapWriter::close() {
  const bool flushed = pcap_dump_flush(handles_->dumper) == 0;
  const int number = errno;
  const bool failed = !flushed || std::ferror(pcap_dump_file(handles_->dumper));
  const std::string path = handles_->path.string();
  handles_.reset();
  if (failed) return fail(Code::kInternal, "cannot write " + path + ": " + std::strerror(number));
  return {};
}

}  // namespace faisca::sim
