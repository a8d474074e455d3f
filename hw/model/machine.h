// A whole machine in software: a program with its memory and maps, run on bodies or packets one after the
// other. Globals and map values keep their contents between runs, as on the device; registers, stack and
// memory do not. Owner of everything it needs but the Environment. Thread: one run at a time.
#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "hw/model/model.h"
#include "lib/base/result.h"

namespace faisca::model {

class Machine {
 public:
  // Fails if a map cannot be made. The environment outlives the machine; the packet, and the helpers
  // that move its ends, are handled here.
  static Result<std::unique_ptr<Machine>> create(const bpf::Program& program, bpf::Environment& environment);

  // Convention mem: R1 = address of `body`, R2 = its length.
  Outcome run_body(std::span<const std::uint8_t> body, RunSettings settings = {});
  // Convention xdp: R1 = address of struct xdp_md.
  Outcome run_packet(std::span<const std::uint8_t> packet, const bpf::XdpContext& context = {},
                     RunSettings settings = {});

  bpf::Regions& regions() { return regions_; }
  bpf::MapSet& maps() { return maps_; }

 private:
  Machine(const bpf::Program& program, bpf::MapSet maps, bpf::Environment& environment);
  Outcome run(RunSettings settings);

  // Adds to the caller's environment what belongs to this machine's memory.
  class PacketEnvironment : public bpf::Environment {
   public:
    PacketEnvironment(bpf::Environment& outer, bpf::Regions& regions) : outer_(outer), regions_(regions) {}
    std::uint64_t monotonic_ns() override { return outer_.monotonic_ns(); }
    std::uint32_t random_u32() override { return outer_.random_u32(); }
    std::uint32_t processor_id() override { return outer_.processor_id(); }
    std::int64_t adjust_head(std::int64_t delta) override { return regions_.adjust_head(delta); }
    std::int64_t adjust_tail(std::int64_t delta) override { return regions_.adjust_tail(delta); }
    std::int64_t adjust_meta(std::int64_t delta) override { return regions_.adjust_meta(delta); }
    std::uint32_t ingress_ifindex() override { return regions_.context().ingress_ifindex; }
    void redirect(std::span<const std::uint32_t> interfaces) override { outer_.redirect(interfaces); }

   private:
    bpf::Environment& outer_;
    bpf::Regions& regions_;
  };

  Model model_;
  bpf::Regions regions_;
  bpf::MapSet maps_;
  PacketEnvironment environment_;
};

}  // namespace faisca::model
