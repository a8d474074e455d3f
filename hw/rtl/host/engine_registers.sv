// Block ENGINE of the register map: settings and commands of runs, what came of them, and the
// window into registers and regions. Latency: the answer to an access comes in the next cycle.
module engine_registers #(
  parameter int MemoryBytes  = 65536,
  parameter int DataBytes    = 262144,
  parameter int ContextBytes = 64
) (
  input  logic         clk_i,
  input  logic         rst_ni,

  input  logic         write_i,
  input  logic         read_i,
  input  logic [11:0]  address_i,
  input  logic [31:0]  wdata_i,
  input  logic [3:0]   strobe_i,
  output logic [31:0]  rdata_o,
  output logic         error_o,

  output logic         start_o,
  output logic         resume_o,
  output logic         stop_o,
  output logic [31:0]  entry_pc_o,
  output logic [31:0]  budget_o,
  input  logic [2:0]   entry_select_i,     // 1-5: that argument register
  output logic [63:0]  entry_value_o,
  output logic [63:0]  resume_r0_o,
  output logic [31:0]  memory_begin_o,
  output logic [31:0]  memory_end_o,
  output logic [31:0]  data_begin_o,
  output logic [31:0]  data_end_o,
  input  logic [2:0]   state_i,
  input  logic         executing_i,
  input  logic         run_in_progress_i,
  input  logic [2:0]   fault_cause_i,
  input  logic [31:0]  fault_pc_i,
  input  logic [63:0]  fault_address_i,
  input  logic [31:0]  helper_id_i,
  input  logic [63:0]  retired_i,
  input  logic [63:0]  cycles_i,

  output logic         region_read_o,
  output logic         region_write_o,
  output logic [3:0]   region_o,
  output logic [27:0]  region_offset_o,
  output logic [3:0]   region_enable_o,
  output logic [31:0]  region_wdata_o,
  input  logic [31:0]  region_rdata_i,
  output logic [3:0]   register_o,
  input  logic [63:0]  register_i
);
  localparam logic [9:0] EntryWords    = 10'd10;
  localparam logic [9:0] RegisterWords = 10'd22;

  logic [31:0]  entry_pc_q, entry_pc_d, budget_q, budget_d;
  logic [31:0]  memory_begin_q, memory_begin_d, memory_end_q, memory_end_d;
  logic [31:0]  data_begin_q, data_begin_d, data_end_q, data_end_d;
  logic [31:0]  entry_low [8];   // by register number
  logic [31:0]  entry_high [8];
  logic         entry_write;
  logic [31:0]  entry_word;
  logic [63:0]  resume_q, resume_d;
  logic [31:0]  region_address_q, region_address_d;
  logic [31:0]  rdata_q, rdata_d;
  logic         error_q, error_d;
  logic         from_region_q, from_region_d;

  // Array registers: which word, and whether the offset is in the array.
  logic [9:0] word;
  logic [9:0] entry_index, register_index;
  logic       in_entry, in_registers;
  assign word           = address_i[11:2];
  assign entry_index    = word - faisca_regs_pkg::EngineEntryR[11:2];
  assign register_index = word - faisca_regs_pkg::EngineR[11:2];
  assign in_entry       = address_i[1:0] == 2'd0 && entry_index < EntryWords;
  assign in_registers   = address_i[1:0] == 2'd0 && register_index < RegisterWords;
  assign register_o     = register_index[4:1];

  // The word at REGION_ADDRESS. The host may write the context region.
  logic [3:0] host_region;
  logic       host_out_of_bounds, host_read_only;
  address_check #(
    .MemoryBytes (MemoryBytes),
    .DataBytes   (DataBytes),
    .ContextBytes(ContextBytes)
  ) u_address_check (
    .address_i      ({32'd0, region_address_q}),
    .size_i         (2'd2),
    .write_i        (1'b0),
    .memory_begin_i (32'd0),
    .memory_end_i   ('1),
    .data_begin_i   (32'd0),
    .data_end_i     ('1),
    .region_o       (host_region),
    .out_of_bounds_o(host_out_of_bounds),
    .read_only_o    (host_read_only)
  );
  logic region_ok;
  assign region_ok       = !executing_i && !host_out_of_bounds && !host_read_only;
  assign region_o        = host_region;
  assign region_offset_o = region_address_q[27:0];
  assign region_enable_o = strobe_i;
  assign region_wdata_o  = wdata_i;

  always_comb begin
    entry_pc_d       = entry_pc_q;
    budget_d         = budget_q;
    memory_begin_d   = memory_begin_q;
    memory_end_d     = memory_end_q;
    data_begin_d     = data_begin_q;
    data_end_d       = data_end_q;
    entry_write      = 1'b0;
    resume_d         = resume_q;
    region_address_d = region_address_q;
    rdata_d          = '0;
    error_d          = 1'b0;
    from_region_d    = 1'b0;
    start_o          = 1'b0;
    resume_o         = 1'b0;
    stop_o           = 1'b0;
    region_read_o    = 1'b0;
    region_write_o   = 1'b0;

    if (write_i) begin
      unique case (address_i)
        faisca_regs_pkg::EngineControl: begin
          start_o  = wdata_i[faisca_regs_pkg::EngineControlStartBit] && !run_in_progress_i;
          resume_o = wdata_i[faisca_regs_pkg::EngineControlResumeBit] &&
                     state_i == faisca_regs_pkg::StateTrapped;
          stop_o   = wdata_i[faisca_regs_pkg::EngineControlStopBit];
          error_d  = !(start_o || resume_o || stop_o);
        end
        faisca_regs_pkg::EngineEntryPc:       entry_pc_d = wdata_i;
        faisca_regs_pkg::EngineBudget:        budget_d = wdata_i;
        faisca_regs_pkg::EngineMemoryBegin:   memory_begin_d = wdata_i;
        faisca_regs_pkg::EngineMemoryEnd:     memory_end_d = wdata_i;
        faisca_regs_pkg::EngineDataBegin:     data_begin_d = wdata_i;
        faisca_regs_pkg::EngineDataEnd:       data_end_d = wdata_i;
        faisca_regs_pkg::EngineResumeR0Low:   resume_d[31:0] = wdata_i;
        faisca_regs_pkg::EngineResumeR0High:  resume_d[63:32] = wdata_i;
        faisca_regs_pkg::EngineRegionAddress: region_address_d = {wdata_i[31:2], 2'b00};
        faisca_regs_pkg::EngineRegionData: begin
          region_write_o = region_ok;
          error_d        = !region_ok;
          if (region_ok) region_address_d = region_address_q + 32'd4;
        end
        default: begin
          entry_write = in_entry;
          error_d     = !in_entry;
        end
      endcase
    end

    if (read_i) begin
      unique case (address_i)
        faisca_regs_pkg::EngineStatus:           rdata_d = {29'd0, state_i};
        faisca_regs_pkg::EngineEntryPc:          rdata_d = entry_pc_q;
        faisca_regs_pkg::EngineBudget:           rdata_d = budget_q;
        faisca_regs_pkg::EngineMemoryBegin:      rdata_d = memory_begin_q;
        faisca_regs_pkg::EngineMemoryEnd:        rdata_d = memory_end_q;
        faisca_regs_pkg::EngineDataBegin:        rdata_d = data_begin_q;
        faisca_regs_pkg::EngineDataEnd:          rdata_d = data_end_q;
        faisca_regs_pkg::EngineResumeR0Low:      rdata_d = resume_q[31:0];
        faisca_regs_pkg::EngineResumeR0High:     rdata_d = resume_q[63:32];
        faisca_regs_pkg::EngineFaultCause:       rdata_d = {29'd0, fault_cause_i};
        faisca_regs_pkg::EngineFaultPc:          rdata_d = fault_pc_i;
        faisca_regs_pkg::EngineFaultAddressLow:  rdata_d = fault_address_i[31:0];
        faisca_regs_pkg::EngineFaultAddressHigh: rdata_d = fault_address_i[63:32];
        faisca_regs_pkg::EngineHelperId:         rdata_d = helper_id_i;
        faisca_regs_pkg::EngineRetiredLow:       rdata_d = retired_i[31:0];
        faisca_regs_pkg::EngineRetiredHigh:      rdata_d = retired_i[63:32];
        faisca_regs_pkg::EngineCyclesLow:        rdata_d = cycles_i[31:0];
        faisca_regs_pkg::EngineCyclesHigh:       rdata_d = cycles_i[63:32];
        faisca_regs_pkg::EngineRegionAddress:    rdata_d = region_address_q;
        faisca_regs_pkg::EngineRegionData: begin
          region_read_o = region_ok;
          from_region_d = region_ok;
          error_d       = !region_ok;
          if (region_ok) region_address_d = region_address_q + 32'd4;
        end
        default: begin
          error_d = !in_entry && (!in_registers || executing_i);
          if (in_registers && !executing_i) begin
            rdata_d = register_index[0] ? register_i[63:32] : register_i[31:0];
          end
          if (in_entry) rdata_d = entry_word;
        end
      endcase
    end
  end

  // R1 is word 0 and 1 of ENTRY_R.
  logic [2:0] entry_register;
  assign entry_register = entry_index[3:1] + 3'd1;
  assign entry_word     = entry_index[0] ? entry_high[entry_register] : entry_low[entry_register];
  assign entry_value_o  = {entry_high[entry_select_i], entry_low[entry_select_i]};

  always_ff @(posedge clk_i) begin
    if (entry_write && !entry_index[0]) entry_low[entry_register] <= wdata_i;
    if (entry_write && entry_index[0]) entry_high[entry_register] <= wdata_i;
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      entry_pc_q       <= '0;
      budget_q         <= '0;
      memory_begin_q   <= '0;
      memory_end_q     <= '0;
      data_begin_q     <= '0;
      data_end_q       <= '0;
      resume_q         <= '0;
      region_address_q <= '0;
      rdata_q          <= '0;
      error_q          <= 1'b0;
      from_region_q    <= 1'b0;
    end else begin
      entry_pc_q       <= entry_pc_d;
      budget_q         <= budget_d;
      memory_begin_q   <= memory_begin_d;
      memory_end_q     <= memory_end_d;
      data_begin_q     <= data_begin_d;
      data_end_q       <= data_end_d;
      resume_q         <= resume_d;
      region_address_q <= region_address_d;
      rdata_q          <= rdata_d;
      error_q          <= error_d;
      from_region_q    <= from_region_d;
    end
  end

  assign rdata_o         = from_region_q ? region_rdata_i : rdata_q;
  assign error_o         = error_q;
  assign entry_pc_o      = entry_pc_q;
  assign budget_o        = budget_q;
  assign memory_begin_o  = memory_begin_q;
  assign memory_end_o    = memory_end_q;
  assign data_begin_o    = data_begin_q;
  assign data_end_o      = data_end_q;
  assign resume_r0_o     = resume_q;
endmodule
