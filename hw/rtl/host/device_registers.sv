// Block DEVICE of the register map: identity, configuration, and the program memory's host side.
// Latency: the answer to an access comes in the next cycle.
module device_registers #(
  parameter int Engines      = 1,
  parameter int Threads      = 1,
  parameter int ProgramSlots = 4096,
  parameter int MemoryBytes  = 65536,
  parameter int DataBytes    = 262144,
  parameter int ContextBytes = 64,
  localparam int SlotWidth   = $clog2(ProgramSlots)
) (
  input  logic                 clk_i,
  input  logic                 rst_ni,

  input  logic                 write_i,
  input  logic                 read_i,
  input  logic [11:0]          address_i,
  input  logic [31:0]          wdata_i,
  output logic [31:0]          rdata_o,
  output logic                 error_o,

  output logic                 program_write_o,
  output logic [SlotWidth-1:0] program_address_o,
  output logic [63:0]          program_data_o,
  output logic [31:0]          program_length_o,
  output logic                 program_switch_o,
  input  logic                 active_bank_i,
  input  logic                 switch_pending_i
);
  logic [31:0] flip_q, flip_d, slot_q, slot_d, low_q, low_d, length_q, length_d;
  logic [31:0] rdata_q, rdata_d;
  logic        error_q, error_d;

  assign program_address_o = slot_q[SlotWidth-1:0];
  assign program_data_o    = {wdata_i, low_q};
  assign program_length_o  = length_q;
  assign rdata_o           = rdata_q;
  assign error_o           = error_q;

  always_comb begin
    flip_d           = flip_q;
    slot_d           = slot_q;
    low_d            = low_q;
    length_d         = length_q;
    rdata_d          = '0;
    error_d          = 1'b0;
    program_write_o  = 1'b0;
    program_switch_o = 1'b0;
    if (write_i) begin
      unique case (address_i)
        faisca_regs_pkg::DeviceFlip:           flip_d = wdata_i;
        faisca_regs_pkg::DeviceProgramAddress: slot_d = wdata_i;
        faisca_regs_pkg::DeviceProgramLow:     low_d = wdata_i;
        faisca_regs_pkg::DeviceProgramHigh: begin
          // A slot that the bank does not have is refused, never wrapped.
          program_write_o = slot_q < ProgramSlots;
          error_d         = !program_write_o;
          if (program_write_o) slot_d = slot_q + 32'd1;
        end
        faisca_regs_pkg::DeviceProgramLength: begin
          error_d = wdata_i > ProgramSlots;
          if (!error_d) length_d = wdata_i;
        end
        faisca_regs_pkg::DeviceProgramSwitch: program_switch_o = 1'b1;
        default: error_d = 1'b1;
      endcase
    end
    if (read_i) begin
      unique case (address_i)
        faisca_regs_pkg::DeviceId:                 rdata_d = faisca_regs_pkg::IdValue;
        faisca_regs_pkg::DeviceVersion:            rdata_d = faisca_regs_pkg::VersionValue;
        faisca_regs_pkg::DeviceFlip:               rdata_d = ~flip_q;
        faisca_regs_pkg::DeviceConfigEngines:      rdata_d = Engines;
        faisca_regs_pkg::DeviceConfigThreads:      rdata_d = Threads;
        faisca_regs_pkg::DeviceConfigProgramSlots: rdata_d = ProgramSlots;
        faisca_regs_pkg::DeviceConfigMemoryBytes:  rdata_d = MemoryBytes;
        faisca_regs_pkg::DeviceConfigStackBytes:   rdata_d = faisca_regs_pkg::StackBytes;
        faisca_regs_pkg::DeviceConfigDataBytes:    rdata_d = DataBytes;
        faisca_regs_pkg::DeviceConfigContextBytes: rdata_d = ContextBytes;
        faisca_regs_pkg::DeviceProgramAddress:     rdata_d = slot_q;
        faisca_regs_pkg::DeviceProgramLow:         rdata_d = low_q;
        faisca_regs_pkg::DeviceProgramLength:      rdata_d = length_q;
        faisca_regs_pkg::DeviceProgramStatus:
          rdata_d = {30'd0, switch_pending_i, active_bank_i};
        default: error_d = 1'b1;
      endcase
    end
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      flip_q   <= '0;
      slot_q   <= '0;
      low_q    <= '0;
      length_q <= '0;
      rdata_q  <= '0;
      error_q  <= 1'b0;
    end else begin
      flip_q   <= flip_d;
      slot_q   <= slot_d;
      low_q    <= low_d;
      length_q <= length_d;
      rdata_q  <= rdata_d;
      error_q  <= error_d;
    end
  end
endmodule
