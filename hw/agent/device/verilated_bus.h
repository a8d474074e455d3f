// The register window of a simulated device: AXI4-Lite master, clock, reset and trace port of one Verilator
// model.
//
// Internal to what simulates (this folder and its tests): it needs the model's header. `Top` is a Verilated
// hw/rtl/top/faisca.sv of any configuration with one engine. Owns its Verilator context. Thread: as device.h.
#pragma once

#include <string>
#include <utility>

#include "hw/agent/device/device.h"
#include "hw/agent/device/register_bus.h"
#include "hw/agent/device/verilated_device.h"
#include "verilated.h"

namespace faisca::device {

template <class Top>
class VerilatedBus final : public RegisterBus {
 public:
  explicit VerilatedBus(const VerilatedSettings& settings) : settings_(settings) {
    top_.rst_ni = 0;
    for (int i = 0; i < 4; ++i) cycle();
    top_.rst_ni = 1;
    cycle();
  }
  ~VerilatedBus() override { top_.final(); }

  Result<std::uint32_t> read(std::uint32_t offset) override {
    std::uint32_t value = 0;
    FAISCA_CHECK_OK(read_many(offset, {&value, 1}));
    return value;
  }

  Status write(std::uint32_t offset, std::uint32_t value, ByteEnable enable) override {
    return transfer_writes(offset, {&value, 1}, enable);
  }

  // One address a cycle, as long as the device takes them; answers come in order meanwhile.
  Status read_many(std::uint32_t offset, std::span<std::uint32_t> values) override {
    std::size_t asked = 0;
    std::size_t answered = 0;
    bool refused = false;
    std::uint32_t idle_cycles = 0;
    top_.s_axil_araddr = static_cast<std::uint16_t>(offset);
    top_.s_axil_rready = 1;
    while (answered < values.size() && idle_cycles < settings_.bus_timeout_cycles) {
      top_.s_axil_arvalid = asked < values.size();
      settle();
      ++idle_cycles;
      if (top_.s_axil_arvalid && top_.s_axil_arready) ++asked;
      if (top_.s_axil_rvalid) {
        refused = refused || top_.s_axil_rresp != kOkay;
        values[answered++] = top_.s_axil_rdata;
        idle_cycles = 0;
      }
      clock();
    }
    top_.s_axil_arvalid = 0;
    top_.s_axil_rready = 0;
    return outcome(offset, answered == values.size(), refused, "read");
  }

  Status write_many(std::uint32_t offset, std::span<const std::uint32_t> values) override {
    return transfer_writes(offset, values, ByteEnable::kAll);
  }

  Status wait_for_event(std::uint64_t max_cycles) override {
    for (std::uint64_t i = 0; i < max_cycles && !top_.event_o; ++i) cycle();
    return {};
  }

  void set_trace(TraceCallback callback) { trace_ = std::move(callback); }

 private:
  static constexpr std::uint8_t kOkay = 0;  // AXI response

  Status transfer_writes(std::uint32_t offset, std::span<const std::uint32_t> values, ByteEnable enable) {
    std::size_t sent = 0;
    std::size_t answered = 0;
    bool refused = false;
    std::uint32_t idle_cycles = 0;
    top_.s_axil_awaddr = static_cast<std::uint16_t>(offset);
    top_.s_axil_wstrb = static_cast<std::uint8_t>(enable);
    top_.s_axil_bready = 1;
    while (answered < values.size() && idle_cycles < settings_.bus_timeout_cycles) {
      const bool more = sent < values.size();
      top_.s_axil_awvalid = more;
      top_.s_axil_wvalid = more;
      if (more) top_.s_axil_wdata = values[sent];
      settle();
      ++idle_cycles;
      if (more && top_.s_axil_awready && top_.s_axil_wready) ++sent;
      if (top_.s_axil_bvalid) {
        refused = refused || top_.s_axil_bresp != kOkay;
        ++answered;
        idle_cycles = 0;
      }
      clock();
    }
    top_.s_axil_awvalid = 0;
    top_.s_axil_wvalid = 0;
    top_.s_axil_bready = 0;
    return outcome(offset, answered == values.size(), refused, "write");
  }

  Status outcome(std::uint32_t offset, bool complete, bool refused, const char* what) const {
    const std::string where = std::string(what) + " of register offset " + std::to_string(offset);
    if (!complete)
      return fail(Code::kInternal,
                  where + " got no answer in " + std::to_string(settings_.bus_timeout_cycles) + " cycles");
    if (refused)
      return fail(Code::kFailedPrecondition, "the device refused the " + where,
                  "the register does not exist, or not in this state: docs/reference/registers.md");
    return {};
  }

  void cycle() {
    settle();
    clock();
  }

  // First half of a cycle: inputs reach everything combinational.
  void settle() {
    top_.clk_i = 0;
    top_.eval();
    if (top_.retire_valid_o && trace_) report_retired();
  }

  // Second half: the rising edge.
  void clock() {
    top_.clk_i = 1;
    top_.eval();
  }

  void report_retired() {
    trace_({.pc = top_.retire_pc_o,
            .instruction = top_.retire_instruction_o,
            .writes_register = top_.retire_writes_register_o != 0,
            .destination = top_.retire_register_o,
            .value = top_.retire_value_o,
            .writes_memory = top_.retire_writes_memory_o != 0,
            .address = top_.retire_address_o,
            .data = top_.retire_data_o,
            .size = static_cast<std::uint8_t>(1u << top_.retire_size_o)});
  }

  VerilatedSettings settings_;
  VerilatedContext context_;
  Top top_{&context_, "faisca"};
  TraceCallback trace_;
};

}  // namespace faisca::device
