// Block DEVICE of the packet pipeline's register map: identity, time, resident programs and their
// versions. Latency: the answer to an access comes in the next cycle.
//
// A switch changes a program's active bank and the epoch in one cycle; packets take both with their
// first beat. Draining lasts until no port holds a packet of the epoch before.
module packet_registers #(
  parameter int Ports        = 4,
  parameter int Engines      = 8,
  parameter int Slots        = 4,
  parameter int ProgramSlots = 4096,
  parameter int DataBytes    = 262144
) (
  input  logic               clk_i,
  input  logic               rst_ni,

  input  logic               write_i,
  input  logic               read_i,
  input  logic [11:0]        address_i,
  input  logic [31:0]        wdata_i,
  output logic [31:0]        rdata_o,
  output logic               error_o,

  output logic [63:0]        cycle_o,
  output logic [63:0]        time_ns_o,
  output logic [19:0]        budget_o,
  output logic               program_write_o,
  output logic [15:0]        program_address_o,
  output logic [65:0]        program_data_o,     // {likely, illegal, instruction}
  output logic               describe_o,
  output logic [3:0]         describe_index_o,
  output logic [15:0]        describe_first_o,
  output logic [15:0]        describe_end_o,
  output logic [15:0]        describe_entry_o,
  output logic [20:0]        describe_data_begin_o,
  output logic [20:0]        describe_data_end_o,
  output logic [7:0]         banks_o,
  output logic               epoch_o,
  input  logic [2*Ports-1:0] in_flight_i
);
  logic [31:0] flip_q, address_q, low_q, first_q, end_q, entry_q, begin_q, data_end_q;
  logic [31:0] high_q;
  logic [63:0] cycle_q, time_q, ahead_q;
  logic [19:0] budget_q;
  logic [7:0]  banks_q;
  logic        epoch_q, likely_q, draining;

  always_comb begin
    draining = 1'b0;
    for (int i = 0; i < Ports; i++) draining |= in_flight_i[2*i + 32'(!epoch_q)];
  end

  // Instructions are decoded once, here: engines need only know which are illegal.
  logic [63:0]        instruction;
  ebpf_pkg::control_t control;
  assign instruction = {wdata_i, low_q};
  decoder u_decoder (
    .instruction_i(instruction),
    .control_o    (control)
  );
  assign program_write_o   = write_i && address_i == packet_regs_pkg::DeviceProgramHigh;
  assign program_address_o = address_q[15:0];
  assign program_data_o    = {control.unit == ebpf_pkg::UnitBranch && (likely_q || low_q[31]),
                              control.illegal || control.writes_frame_pointer, instruction};

  assign describe_o            = write_i && writable &&
                                 address_i == packet_regs_pkg::DeviceVersionDefine;
  assign describe_index_o      = wdata_i[3:0];
  assign describe_first_o      = first_q[15:0];
  assign describe_end_o        = end_q[15:0];
  assign describe_entry_o      = entry_q[15:0];
  assign describe_data_begin_o = begin_q[23:3];
  assign describe_data_end_o   = data_end_q[23:3];
  assign cycle_o               = cycle_q;
  assign time_ns_o             = time_q;
  assign budget_o              = budget_q;
  assign banks_o               = banks_q;
  assign epoch_o               = epoch_q;

  // Reads.
  logic [31:0] rdata_d;
  logic        readable, writable;
  always_comb begin
    rdata_d  = '0;
    readable = 1'b1;
    unique case (address_i)
      packet_regs_pkg::DeviceId:                 rdata_d = packet_regs_pkg::IdValue;
      packet_regs_pkg::DeviceVersion:            rdata_d = packet_regs_pkg::VersionValue;
      packet_regs_pkg::DeviceFlip:               rdata_d = ~flip_q;
      packet_regs_pkg::DeviceConfigPorts:        rdata_d = 32'(Ports);
      packet_regs_pkg::DeviceConfigEngines:      rdata_d = 32'(Engines);
      packet_regs_pkg::DeviceConfigThreads:      rdata_d = 32'd1;
      packet_regs_pkg::DeviceConfigSlots:        rdata_d = 32'(Slots);
      packet_regs_pkg::DeviceConfigProgramSlots: rdata_d = 32'(ProgramSlots);
      packet_regs_pkg::DeviceConfigDataBytes:    rdata_d = 32'(DataBytes);
      packet_regs_pkg::DeviceCycleLow:           rdata_d = cycle_q[31:0];
      packet_regs_pkg::DeviceCycleHigh:          rdata_d = high_q;
      packet_regs_pkg::DeviceTimeLow:            rdata_d = ahead_q[31:0];
      packet_regs_pkg::DeviceTimeHigh:           rdata_d = ahead_q[63:32];
      packet_regs_pkg::DeviceBudget:             rdata_d = {12'd0, budget_q};
      packet_regs_pkg::DeviceProgramAddress:     rdata_d = address_q;
      packet_regs_pkg::DeviceProgramLow:         rdata_d = low_q;
      packet_regs_pkg::DeviceProgramHints:       rdata_d = {31'd0, likely_q};
      packet_regs_pkg::DeviceVersionFirst:       rdata_d = first_q;
      packet_regs_pkg::DeviceVersionEnd:         rdata_d = end_q;
      packet_regs_pkg::DeviceVersionEntry:       rdata_d = entry_q;
      packet_regs_pkg::DeviceVersionDataBegin:   rdata_d = begin_q;
      packet_regs_pkg::DeviceVersionDataEnd:     rdata_d = data_end_q;
      packet_regs_pkg::DeviceProgramStatus:      rdata_d = {23'd0, draining, banks_q};
      default:                                   readable = 1'b0;
    endcase
  end

  always_comb begin
    unique case (address_i)
      packet_regs_pkg::DeviceFlip, packet_regs_pkg::DeviceTimeLow, packet_regs_pkg::DeviceTimeHigh,
      packet_regs_pkg::DeviceBudget, packet_regs_pkg::DeviceProgramAddress,
      packet_regs_pkg::DeviceProgramLow, packet_regs_pkg::DeviceProgramHigh,
      packet_regs_pkg::DeviceProgramHints, packet_regs_pkg::DeviceVersionFirst,
      packet_regs_pkg::DeviceVersionEnd, packet_regs_pkg::DeviceVersionEntry,
      packet_regs_pkg::DeviceVersionDataBegin, packet_regs_pkg::DeviceVersionDataEnd:
        writable = 1'b1;
      packet_regs_pkg::DeviceVersionDefine:
        writable = banks_q[wdata_i[3:1]] != wdata_i[0] && !draining;
      packet_regs_pkg::DeviceProgramSwitch: writable = !draining;
      default: writable = 1'b0;
    endcase
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      {flip_q, address_q, low_q, first_q, end_q, entry_q, begin_q, data_end_q} <= '0;
      {high_q, cycle_q, time_q, ahead_q} <= '0;
      budget_q <= 20'd65536;
      banks_q  <= '0;
      epoch_q  <= 1'b0;
      likely_q <= 1'b0;
      rdata_o  <= '0;
      error_o  <= 1'b0;
    end else begin
      cycle_q <= cycle_q + 64'd1;
      time_q  <= {cycle_q[61:0], 2'd0} + cycle_q + ahead_q;   // 5 ns a cycle
      rdata_o <= rdata_d;
      error_o <= (read_i && !readable) || (write_i && !writable);
      if (read_i && address_i == packet_regs_pkg::DeviceCycleLow) high_q <= cycle_q[63:32];
      if (write_i && writable) begin
        unique case (address_i)
          packet_regs_pkg::DeviceFlip:             flip_q <= wdata_i;
          packet_regs_pkg::DeviceTimeLow:          ahead_q[31:0] <= wdata_i;
          packet_regs_pkg::DeviceTimeHigh:         ahead_q[63:32] <= wdata_i;
          packet_regs_pkg::DeviceBudget:           budget_q <= wdata_i[19:0];
          packet_regs_pkg::DeviceProgramAddress:   address_q <= wdata_i;
          packet_regs_pkg::DeviceProgramLow:       low_q <= wdata_i;
          packet_regs_pkg::DeviceProgramHints:     likely_q <= wdata_i[0];
          packet_regs_pkg::DeviceVersionFirst:     first_q <= wdata_i;
          packet_regs_pkg::DeviceVersionEnd:       end_q <= wdata_i;
          packet_regs_pkg::DeviceVersionEntry:     entry_q <= wdata_i;
          packet_regs_pkg::DeviceVersionDataBegin: begin_q <= wdata_i;
          packet_regs_pkg::DeviceVersionDataEnd:   data_end_q <= wdata_i;
          packet_regs_pkg::DeviceProgramHigh: begin
            address_q <= address_q + 32'd1;
            likely_q  <= 1'b0;
          end
          packet_regs_pkg::DeviceProgramSwitch: begin
            banks_q[wdata_i[2:0]] <= !banks_q[wdata_i[2:0]];
            epoch_q               <= !epoch_q;
          end
          default: flip_q <= flip_q;
        endcase
      end
    end
  end
endmodule
