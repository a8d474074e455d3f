// One scalar eBPF engine: IF ID EX MEM WB, in order, one instruction a cycle at best.
//
//   fetch ─▶ decode ─▶ execute ─▶ memory ─▶ write-back ─▶ retire port
//              ▲  registers  ▲│ memory unit │      │
//              └─────────────┴┴─ forwarding ┴──────┘
//
// Results are forwarded to execute from the two instructions ahead; a load's result costs its next
// user one cycle; a taken branch costs two. Between runs, and while a helper call waits, the host
// reads the registers and reads and writes the regions through host_*.
module engine #(
  parameter int MemoryBytes  = 65536,
  parameter int DataBytes    = 262144,
  parameter int ContextBytes = 64
) (
  input  logic         clk_i,
  input  logic         rst_ni,

  // Run control and its settings, see run_control.
  input  logic         start_i,
  input  logic         resume_i,
  input  logic         stop_i,
  input  logic [31:0]  entry_pc_i,
  input  logic [31:0]  budget_i,
  output logic [2:0]   entry_select_o,     // R1-R5 at the start
  input  logic [63:0]  entry_value_i,
  input  logic [63:0]  resume_r0_i,
  input  logic [31:0]  memory_begin_i,
  input  logic [31:0]  memory_end_i,
  input  logic [31:0]  data_begin_i,
  input  logic [31:0]  data_end_i,
  output logic [2:0]   state_o,
  output logic         executing_o,
  output logic         run_in_progress_o,
  output logic [2:0]   fault_cause_o,
  output logic [31:0]  fault_pc_o,
  output logic [63:0]  fault_address_o,
  output logic [31:0]  helper_id_o,
  output logic [63:0]  retired_o,
  output logic [63:0]  cycles_o,

  // Instruction memory.
  output logic         fetch_o,
  output logic [31:0]  fetch_pc_o,
  input  logic [63:0]  instruction_i,
  input  logic         out_of_program_i,

  // Host, only while !executing_o.
  input  logic         host_read_i,
  input  logic         host_write_i,
  input  logic [3:0]   host_region_i,
  input  logic [27:0]  host_offset_i,
  input  logic [3:0]   host_enable_i,
  input  logic [31:0]  host_wdata_i,
  output logic [31:0]  host_rdata_o,       // one cycle after host_read_i
  input  logic [3:0]   host_register_i,
  output logic [63:0]  host_register_o,

  // Retired instructions, in order, at most one a cycle.
  output logic         retire_valid_o,
  output logic [31:0]  retire_pc_o,
  output logic [63:0]  retire_instruction_o,
  output logic         retire_writes_register_o,
  output logic [3:0]   retire_register_o,
  output logic [63:0]  retire_value_o,
  output logic         retire_writes_memory_o,
  output logic [31:0]  retire_address_o,
  output logic [63:0]  retire_data_o,
  output logic [1:0]   retire_size_o       // log2 of the bytes
);
  // Control signals.
  logic        fetch_start, flush, clear, redirect, stall_execute, stall_decode;
  logic [31:0] target;
  logic [2:0]  frame;
  logic        commit, exit_run, fault, trap, budget_used, resume, pipeline_empty;
  logic [2:0]  fault_cause;
  logic [63:0] fault_address;

  // Stage registers.
  logic               fetched_valid;
  logic [31:0]        fetched_pc;
  ebpf_pkg::execute_t execute;
  ebpf_pkg::result_t  memory_result, writeback_result;

  // Register file ports.
  logic [5:0]  decode_ra, decode_rb, read_a;
  logic [63:0] data_a, stored_a, data_b, a_forwarded, b_forwarded;
  logic        copy, init_write, writeback_write, register_write;
  logic [5:0]  copy_from, copy_to, init_register, writeback_register, write_register;
  logic [63:0] init_value, writeback_value, write_value, r0;

  // Memory unit port.
  logic        execute_read, execute_write, memory_read, memory_write;
  logic [3:0]  execute_region, memory_region;
  logic [27:0] execute_offset, memory_offset;
  logic [7:0]  execute_enable, memory_enable;
  logic [63:0] execute_wdata, memory_wdata, memory_rdata;
  logic [7:0]  dirty_frames, stack_clear_line;
  logic        stack_clear;

  run_control u_run_control (
    .clk_i             (clk_i),
    .rst_ni            (rst_ni),
    .start_i           (start_i),
    .resume_i          (resume_i),
    .stop_i            (stop_i),
    .budget_i          (budget_i),
    .entry_select_o    (entry_select_o),
    .entry_value_i     (entry_value_i),
    .state_o           (state_o),
    .executing_o       (executing_o),
    .run_in_progress_o (run_in_progress_o),
    .fault_cause_o     (fault_cause_o),
    .fault_pc_o        (fault_pc_o),
    .fault_address_o   (fault_address_o),
    .retired_o         (retired_o),
    .cycles_o          (cycles_o),
    .fetch_start_o     (fetch_start),
    .flush_o           (flush),
    .clear_o           (clear),
    .dirty_frames_i    (dirty_frames),
    .stack_clear_o     (stack_clear),
    .stack_clear_line_o(stack_clear_line),
    .init_write_o      (init_write),
    .init_register_o   (init_register),
    .init_value_o      (init_value),
    .commit_i          (commit),
    .exit_i            (exit_run),
    .fault_i           (fault),
    .fault_cause_i     (fault_cause),
    .fault_pc_i        (execute.pc),
    .fault_address_i   (fault_address),
    .trap_i            (trap),
    .budget_used_o     (budget_used),
    .resume_o          (resume),
    .pipeline_empty_i  (pipeline_empty)
  );
  assign pipeline_empty = !memory_result.valid && !writeback_result.valid;
  assign helper_id_o    = execute.instruction[63:32];

  fetch_stage u_fetch_stage (
    .clk_i     (clk_i),
    .rst_ni    (rst_ni),
    .start_i   (fetch_start),
    .entry_pc_i(entry_pc_i),
    .stop_i    (flush),
    .stall_i   (stall_decode),
    .redirect_i(redirect),
    .target_i  (target),
    .fetch_o   (fetch_o),
    .fetch_pc_o(fetch_pc_o),
    .valid_o   (fetched_valid),
    .pc_o      (fetched_pc)
  );

  decode_stage u_decode_stage (
    .clk_i           (clk_i),
    .rst_ni          (rst_ni),
    .flush_i         (flush || redirect),
    .stall_i         (stall_execute),
    .frame_i         (frame),
    .valid_i         (fetched_valid),
    .pc_i            (fetched_pc),
    .instruction_i   (instruction_i),
    .out_of_program_i(out_of_program_i),
    .stall_o         (stall_decode),
    .ra_o            (decode_ra),
    .rb_o            (decode_rb),
    .a_i             (data_a),
    .b_i             (data_b),
    .a_forwarded_i   (a_forwarded),
    .b_forwarded_i   (b_forwarded),
    .execute_o       (execute)
  );

  // The register file's first read port serves the host and local calls while decode waits.
  logic [5:0] host_physical;
  assign host_physical = (host_register_i >= 4'd6) ? {1'b1, frame, host_register_i[1:0] - 2'd2} :
                                                     {2'b00, host_register_i};
  assign host_register_o = (host_register_i == ebpf_pkg::FramePointer) ?
                           {32'd0, faisca_regs_pkg::StackBase} + 64'({{1'b0, frame} + 4'd1, 9'd0}) :
                           stored_a;

  always_comb begin
    read_a = decode_ra;
    if (copy) read_a = copy_from;
    // In the cycle of a resume decode goes on already.
    if (!executing_o && !resume) read_a = host_physical;

    register_write = writeback_write;
    write_register = writeback_register;
    write_value    = writeback_value;
    if (copy) begin
      register_write = 1'b1;
      write_register = copy_to;
      write_value    = stored_a;
    end
    if (init_write) begin
      register_write = 1'b1;
      write_register = init_register;
      write_value    = init_value;
    end
  end

  register_file u_register_file (
    .clk_i          (clk_i),
    .address_a_i    (read_a),
    .data_a_o       (data_a),
    .stored_a_o     (stored_a),
    .address_b_i    (decode_rb),
    .data_b_o       (data_b),
    .write_i        (register_write),
    .write_address_i(write_register),
    .write_data_i   (write_value)
  );

  execute_stage #(
    .MemoryBytes (MemoryBytes),
    .DataBytes   (DataBytes),
    .ContextBytes(ContextBytes)
  ) u_execute_stage (
    .clk_i          (clk_i),
    .rst_ni         (rst_ni),
    .clear_i        (clear),
    .execute_i      (execute),
    .writeback_i    (writeback_result),
    .stall_o        (stall_execute),
    .a_forwarded_o  (a_forwarded),
    .b_forwarded_o  (b_forwarded),
    .redirect_o     (redirect),
    .target_o       (target),
    .frame_o        (frame),
    .budget_used_i  (budget_used),
    .commit_o       (commit),
    .exit_o         (exit_run),
    .fault_o        (fault),
    .fault_cause_o  (fault_cause),
    .fault_address_o(fault_address),
    .trap_o         (trap),
    .resume_i       (resume),
    .resume_r0_i    (resume_r0_i),
    .memory_begin_i (memory_begin_i),
    .memory_end_i   (memory_end_i),
    .data_begin_i   (data_begin_i),
    .data_end_i     (data_end_i),
    .memory_read_o  (execute_read),
    .memory_write_o (execute_write),
    .memory_region_o(execute_region),
    .memory_offset_o(execute_offset),
    .memory_enable_o(execute_enable),
    .memory_wdata_o (execute_wdata),
    .memory_rdata_i (memory_rdata),
    .copy_o         (copy),
    .copy_from_o    (copy_from),
    .copy_to_o      (copy_to),
    .r0_i           (r0),
    .result_o       (memory_result)
  );

  always_comb begin
    memory_read   = execute_read;
    memory_write  = execute_write;
    memory_region = execute_region;
    memory_offset = execute_offset;
    memory_enable = execute_enable;
    memory_wdata  = execute_wdata;
    if (!executing_o) begin
      memory_read   = host_read_i;
      memory_write  = host_write_i;
      memory_region = host_region_i;
      memory_offset = host_offset_i;
      memory_enable = {4'd0, host_enable_i};
      memory_wdata  = {32'd0, host_wdata_i};
    end
  end

  memory_unit #(
    .MemoryBytes (MemoryBytes),
    .DataBytes   (DataBytes),
    .ContextBytes(ContextBytes)
  ) u_memory_unit (
    .clk_i         (clk_i),
    .rst_ni        (rst_ni),
    .read_i        (memory_read),
    .write_i       (memory_write),
    .region_i      (memory_region),
    .offset_i      (memory_offset),
    .byte_enable_i (memory_enable),
    .wdata_i       (memory_wdata),
    .rdata_o       (memory_rdata),
    .clear_i       (stack_clear),
    .clear_line_i  (stack_clear_line),
    .dirty_frames_o(dirty_frames)
  );
  assign host_rdata_o = memory_rdata[31:0];

  memory_stage u_memory_stage (
    .clk_i   (clk_i),
    .rst_ni  (rst_ni),
    .flush_i (clear),
    .result_i(memory_result),
    .rdata_i (memory_rdata),
    .result_o(writeback_result)
  );

  ebpf_pkg::retire_t retire;

  writeback_stage u_writeback_stage (
    .clk_i                   (clk_i),
    .rst_ni                  (rst_ni),
    .result_i                (writeback_result),
    .write_o                 (writeback_write),
    .register_o              (writeback_register),
    .value_o                 (writeback_value),
    .clear_r0_i              (clear),
    .r0_o                    (r0),
    .retire_valid_o          (retire_valid_o),
    .retire_writes_register_o(retire_writes_register_o),
    .retire_register_o       (retire_register_o),
    .retire_o                (retire)
  );
  assign retire_pc_o            = retire.pc;
  assign retire_instruction_o   = retire.instruction;
  assign retire_value_o         = writeback_value;
  assign retire_writes_memory_o = retire.writes_memory;
  assign retire_address_o       = retire.address;
  assign retire_data_o          = retire.data;
  assign retire_size_o          = retire.size;
endmodule
