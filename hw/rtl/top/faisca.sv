// The device: an AXI4-Lite register window over engines, each with its double instruction memory.
//
// Window: block DEVICE at 0, block ENGINE of engine n at EngineBase + n * EngineStride; map in
// docs/reference/registers.md. event_o is high while an engine waits for the host (trapped, exited,
// faulted). The retire port reports every instruction that took effect, engine n in the n-th part
// of each vector. One engine of one thread is what exists today; the parameters fix the shape of
// ports and registers.
module faisca #(
  parameter int Engines      = 1,
  parameter int Threads      = 1,
  parameter int ProgramSlots = faisca_regs_pkg::DefaultProgramSlots,
  parameter int MemoryBytes  = faisca_regs_pkg::DefaultMemoryBytes,
  parameter int DataBytes    = faisca_regs_pkg::DefaultDataBytes,
  parameter int ContextBytes = faisca_regs_pkg::DefaultContextBytes
) (
  input  logic                  clk_i,
  input  logic                  rst_ni,

  input  logic                  s_axil_awvalid,
  output logic                  s_axil_awready,
  input  logic [15:0]           s_axil_awaddr,
  input  logic                  s_axil_wvalid,
  output logic                  s_axil_wready,
  input  logic [31:0]           s_axil_wdata,
  input  logic [3:0]            s_axil_wstrb,
  output logic                  s_axil_bvalid,
  input  logic                  s_axil_bready,
  output logic [1:0]            s_axil_bresp,
  input  logic                  s_axil_arvalid,
  output logic                  s_axil_arready,
  input  logic [15:0]           s_axil_araddr,
  output logic                  s_axil_rvalid,
  input  logic                  s_axil_rready,
  output logic [31:0]           s_axil_rdata,
  output logic [1:0]            s_axil_rresp,

  output logic [Engines-1:0]    event_o,

  output logic [Engines-1:0]    retire_valid_o,
  output logic [Engines*32-1:0] retire_pc_o,
  output logic [Engines*64-1:0] retire_instruction_o,
  output logic [Engines-1:0]    retire_writes_register_o,
  output logic [Engines*4-1:0]  retire_register_o,
  output logic [Engines*64-1:0] retire_value_o,
  output logic [Engines-1:0]    retire_writes_memory_o,
  output logic [Engines*32-1:0] retire_address_o,
  output logic [Engines*64-1:0] retire_data_o,
  output logic [Engines*2-1:0]  retire_size_o
);
  localparam int SlotWidth = $clog2(ProgramSlots);

  if (Engines != 1) begin : gen_bad_engines
    $error("faisca: Engines must be 1, others are not supported yet");
  end
  if (Threads != 1) begin : gen_bad_threads
    $error("faisca: Threads must be 1, others are not supported yet");
  end
  if (MemoryBytes > 2**28 || DataBytes > 2**28 || ContextBytes > 2**28) begin : gen_bad_region
    $error("faisca: a region has at most 2**28 bytes");
  end

  // Bus accesses, by block.
  logic        bus_write, bus_read, bus_error;
  logic [15:0] bus_address;
  logic [31:0] bus_wdata, bus_rdata;
  logic [3:0]  bus_strobe;
  logic [3:0]  block, block_q;
  logic        no_block_q;

  axil_slave #(.AddressWidth(16)) u_axil_slave (
    .clk_i         (clk_i),
    .rst_ni        (rst_ni),
    .s_axil_awvalid(s_axil_awvalid),
    .s_axil_awready(s_axil_awready),
    .s_axil_awaddr (s_axil_awaddr),
    .s_axil_wvalid (s_axil_wvalid),
    .s_axil_wready (s_axil_wready),
    .s_axil_wdata  (s_axil_wdata),
    .s_axil_wstrb  (s_axil_wstrb),
    .s_axil_bvalid (s_axil_bvalid),
    .s_axil_bready (s_axil_bready),
    .s_axil_bresp  (s_axil_bresp),
    .s_axil_arvalid(s_axil_arvalid),
    .s_axil_arready(s_axil_arready),
    .s_axil_araddr (s_axil_araddr),
    .s_axil_rvalid (s_axil_rvalid),
    .s_axil_rready (s_axil_rready),
    .s_axil_rdata  (s_axil_rdata),
    .s_axil_rresp  (s_axil_rresp),
    .write_o       (bus_write),
    .read_o        (bus_read),
    .address_o     (bus_address),
    .wdata_o       (bus_wdata),
    .strobe_o      (bus_strobe),
    .rdata_i       (bus_rdata),
    .error_i       (bus_error)
  );
  assign block = bus_address[15:12];

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      block_q    <= '0;
      no_block_q <= 1'b0;
    end else begin
      block_q    <= block;
      no_block_q <= 32'(block) > Engines;
    end
  end

  logic [31:0]           device_rdata;
  logic                  device_error;
  logic [Engines*32-1:0] engine_rdata;
  logic [Engines-1:0]    engine_error;

  always_comb begin
    bus_rdata = (block_q == 4'd0) ? device_rdata : 32'd0;
    bus_error = (block_q == 4'd0) ? device_error : no_block_q;
    for (int i = 0; i < Engines; i++) begin
      if (32'(block_q) == i + 1) begin
        bus_rdata = engine_rdata[32*i +: 32];
        bus_error = engine_error[i];
      end
    end
  end

  // Program loading: every engine's memory gets the same words.
  logic                 program_write, program_switch;
  logic [SlotWidth-1:0] program_address;
  logic [63:0]          program_data;
  logic [31:0]          program_length;
  logic [Engines-1:0]   active_bank, switch_pending, run_in_progress;

  device_registers #(
    .Engines     (Engines),
    .Threads     (Threads),
    .ProgramSlots(ProgramSlots),
    .MemoryBytes (MemoryBytes),
    .DataBytes   (DataBytes),
    .ContextBytes(ContextBytes)
  ) u_device_registers (
    .clk_i            (clk_i),
    .rst_ni           (rst_ni),
    .write_i          (bus_write && block == 4'd0),
    .read_i           (bus_read && block == 4'd0),
    .address_i        (bus_address[11:0]),
    .wdata_i          (bus_wdata),
    .rdata_o          (device_rdata),
    .error_o          (device_error),
    .program_write_o  (program_write),
    .program_address_o(program_address),
    .program_data_o   (program_data),
    .program_length_o (program_length),
    .program_switch_o (program_switch),
    .active_bank_i    (active_bank[0]),
    .switch_pending_i (switch_pending[0])
  );

  for (genvar e = 0; e < Engines; e++) begin : gen_engine
    logic         start, resume, stop, executing;
    logic [31:0]  entry_pc, budget, memory_begin, memory_end, data_begin, data_end;
    logic [2:0]   entry_select;
    logic [63:0]  entry_value, resume_r0, fault_address, retired, cycles;
    logic [2:0]   state, fault_cause;
    logic [31:0]  fault_pc, helper_id;
    logic         region_read, region_write;
    logic [3:0]   region, region_enable, register_name;
    logic [27:0]  region_offset;
    logic [31:0]  region_wdata, region_rdata;
    logic [63:0]  register_value, instruction;
    logic         fetch, out_of_program;
    logic [31:0]  fetch_pc;

    assign event_o[e] = state == faisca_regs_pkg::StateTrapped ||
                        state == faisca_regs_pkg::StateExited ||
                        state == faisca_regs_pkg::StateFaulted;

    engine_registers #(
      .MemoryBytes (MemoryBytes),
      .DataBytes   (DataBytes),
      .ContextBytes(ContextBytes)
    ) u_engine_registers (
      .clk_i            (clk_i),
      .rst_ni           (rst_ni),
      .write_i          (bus_write && 32'(block) == e + 1),
      .read_i           (bus_read && 32'(block) == e + 1),
      .address_i        (bus_address[11:0]),
      .wdata_i          (bus_wdata),
      .strobe_i         (bus_strobe),
      .rdata_o          (engine_rdata[32*e +: 32]),
      .error_o          (engine_error[e]),
      .start_o          (start),
      .resume_o         (resume),
      .stop_o           (stop),
      .entry_pc_o       (entry_pc),
      .budget_o         (budget),
      .entry_select_i   (entry_select),
      .entry_value_o    (entry_value),
      .resume_r0_o      (resume_r0),
      .memory_begin_o   (memory_begin),
      .memory_end_o     (memory_end),
      .data_begin_o     (data_begin),
      .data_end_o       (data_end),
      .state_i          (state),
      .executing_i      (executing),
      .run_in_progress_i(run_in_progress[e]),
      .fault_cause_i    (fault_cause),
      .fault_pc_i       (fault_pc),
      .fault_address_i  (fault_address),
      .helper_id_i      (helper_id),
      .retired_i        (retired),
      .cycles_i         (cycles),
      .region_read_o    (region_read),
      .region_write_o   (region_write),
      .region_o         (region),
      .region_offset_o  (region_offset),
      .region_enable_o  (region_enable),
      .region_wdata_o   (region_wdata),
      .region_rdata_i   (region_rdata),
      .register_o       (register_name),
      .register_i       (register_value)
    );

    program_memory #(.Slots(ProgramSlots)) u_program_memory (
      .clk_i            (clk_i),
      .rst_ni           (rst_ni),
      .write_i          (program_write),
      .write_address_i  (program_address),
      .write_data_i     (program_data),
      .write_length_i   (program_length),
      .switch_i         (program_switch),
      .active_bank_o    (active_bank[e]),
      .switch_pending_o (switch_pending[e]),
      .run_in_progress_i(|run_in_progress),
      .fetch_i          (fetch),
      .fetch_pc_i       (fetch_pc),
      .instruction_o    (instruction),
      .out_of_program_o (out_of_program)
    );

    engine #(
      .MemoryBytes (MemoryBytes),
      .DataBytes   (DataBytes),
      .ContextBytes(ContextBytes)
    ) u_engine (
      .clk_i                   (clk_i),
      .rst_ni                  (rst_ni),
      .start_i                 (start),
      .resume_i                (resume),
      .stop_i                  (stop),
      .entry_pc_i              (entry_pc),
      .budget_i                (budget),
      .entry_select_o          (entry_select),
      .entry_value_i           (entry_value),
      .resume_r0_i             (resume_r0),
      .memory_begin_i          (memory_begin),
      .memory_end_i            (memory_end),
      .data_begin_i            (data_begin),
      .data_end_i              (data_end),
      .state_o                 (state),
      .executing_o             (executing),
      .run_in_progress_o       (run_in_progress[e]),
      .fault_cause_o           (fault_cause),
      .fault_pc_o              (fault_pc),
      .fault_address_o         (fault_address),
      .helper_id_o             (helper_id),
      .retired_o               (retired),
      .cycles_o                (cycles),
      .fetch_o                 (fetch),
      .fetch_pc_o              (fetch_pc),
      .instruction_i           (instruction),
      .out_of_program_i        (out_of_program),
      .host_read_i             (region_read),
      .host_write_i            (region_write),
      .host_region_i           (region),
      .host_offset_i           (region_offset),
      .host_enable_i           (region_enable),
      .host_wdata_i            (region_wdata),
      .host_rdata_o            (region_rdata),
      .host_register_i         (register_name),
      .host_register_o         (register_value),
      .retire_valid_o          (retire_valid_o[e]),
      .retire_pc_o             (retire_pc_o[32*e +: 32]),
      .retire_instruction_o    (retire_instruction_o[64*e +: 64]),
      .retire_writes_register_o(retire_writes_register_o[e]),
      .retire_register_o       (retire_register_o[4*e +: 4]),
      .retire_value_o          (retire_value_o[64*e +: 64]),
      .retire_writes_memory_o  (retire_writes_memory_o[e]),
      .retire_address_o        (retire_address_o[32*e +: 32]),
      .retire_data_o           (retire_data_o[64*e +: 64]),
      .retire_size_o           (retire_size_o[2*e +: 2])
    );
  end
endmodule
