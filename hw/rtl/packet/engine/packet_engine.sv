// A packet engine: one scalar eBPF pipeline with its packet slots, its copy of the resident
// programs and its helper unit.
//
//   slots ─▶ run ─▶ fetch ─▶ decode ─▶ execute ─▶ memory ─▶ write-back
//                                         │▲         │▲
//                              helper unit, arithmetic, data region
//
// Instructions take effect in order, one a cycle at best. Lost cycles: load-use 1, taken branch 2,
// `ja` and branches marked as likely 1, start of a run 1.
module packet_engine #(
  parameter int Slots        = 4,
  parameter int ProgramSlots = 4096
) (
  input  logic                   clk_i,
  input  logic                   rst_ni,
  input  logic [7:0]             engine_i,     // constants, see maps/README.md
  input  logic [2:0]             port_i,
  input  logic [63:0]            time_ns_i,

  // Host: program store, versions.
  input  logic                   program_write_i,
  input  logic [15:0]            program_address_i,
  input  logic [65:0]            program_data_i,
  input  logic                   describe_i,
  input  logic [3:0]             describe_index_i,
  input  logic [15:0]            describe_first_i,
  input  logic [15:0]            describe_end_i,
  input  logic [15:0]            describe_entry_i,
  input  logic [20:0]            describe_data_begin_i,
  input  logic [20:0]            describe_data_end_i,
  input  logic [7:0]             banks_i,
  input  logic [19:0]            budget_i,

  // Ingress.
  output logic                   free_o,
  input  logic                   beat_i,
  input  logic                   first_i,
  input  logic                   last_i,
  input  logic                   bad_i,
  input  packet_pkg::arrival_t   arrival_i,
  input  logic [255:0]           beat_data_i,

  // Collector.
  output logic                   ready_o,
  output logic                   bad_o,
  output packet_pkg::outcome_t   outcome_o,
  output packet_pkg::arrival_t   leaving_o,
  input  logic                   release_i,
  input  logic                   read_i,
  input  logic [5:0]             read_line_i,
  output logic                   read_taken_o,  // no beat came in instead
  output logic [255:0]           read_data_o,   // next cycle

  // Arithmetic unit of the port.
  output logic                   arithmetic_valid_o,
  output logic                   arithmetic_divide_o,
  output logic                   arithmetic_is_64_o,
  output logic                   arithmetic_is_signed_o,
  output logic                   arithmetic_remainder_o,
  output logic [63:0]            arithmetic_a_o,
  output logic [63:0]            arithmetic_b_o,
  input  logic                   arithmetic_done_i,
  input  logic [63:0]            arithmetic_result_i,

  // Map unit.
  output logic                   map_valid_o,
  output logic                   map_last_o,
  output logic [2:0]             map_op_o,
  output logic [5:0]             map_id_o,
  output logic [2:0]             map_flags_o,
  output logic [63:0]            map_data_o,
  input  logic                   map_ready_i,
  input  logic                   map_rvalid_i,
  input  logic [63:0]            map_r0_i,
  output logic                   data_valid_o,
  output logic [3:0]             data_op_o,
  output logic [1:0]             data_size_o,
  output logic [23:0]            data_offset_o,
  output logic [63:0]            data_wdata_o,
  input  logic                   data_ready_i,
  input  logic                   data_rvalid_i,
  input  logic [63:0]            data_rdata_i,
  input  logic                   define_i,
  input  logic [5:0]             define_id_i,
  input  logic [4:0]             define_type_i,
  input  logic [5:0]             define_key_bytes_i,
  input  logic [6:0]             define_value_bytes_i,

  output logic [2:0]             activity_o     // packet_pkg::Act*
);
  localparam int SlotWidth = $clog2(Slots);

  logic [8:0]           fill_line;
  logic                 waiting, start, ending, running;
  packet_pkg::arrival_t next_arrival;
  packet_pkg::outcome_t outcome;
  logic [SlotWidth-1:0] run_slot, out_slot;
  logic [6:0]           arrived;

  slot_ring #(.Slots(Slots)) u_slot_ring (
    .clk_i      (clk_i),
    .rst_ni     (rst_ni),
    .free_o     (free_o),
    .beat_i     (beat_i),
    .first_i    (first_i),
    .last_i     (last_i),
    .bad_i      (bad_i),
    .arrival_i  (arrival_i),
    .fill_line_o(fill_line),
    .waiting_o  (waiting),
    .arrival_o  (next_arrival),
    .start_i    (start),
    .run_slot_o (run_slot),
    .arrived_o  (arrived),
    .end_i      (ending),
    .outcome_i  (outcome),
    .ready_o    (ready_o),
    .bad_o      (bad_o),
    .outcome_o  (outcome_o),
    .leaving_o  (leaving_o),
    .out_slot_o (out_slot),
    .release_i  (release_i)
  );

  // Run control.
  logic [15:0] entry, first, last;
  logic [23:0] data_begin, data_end;
  logic        commit, exit_run, bad, call_overflow, call_done, tail;
  logic [31:0] verdict;
  logic [2:0]  memory_fault, tail_program;
  logic        bad_helper, tail_call, redirect_valid, adjust, adjusting;
  logic [7:0]  redirect_ports;
  logic [10:0] adjust_data, adjust_data_end, adjust_data_meta, packet_data, packet_end, packet_meta;
  logic        stack_write, keep_write, keep_clear;
  logic [6:0]  stack_first, stack_last;
  logic [8:0]  keep_line;
  logic [1:0]  keep_word;
  logic [63:0] keep_wdata;

  packet_engine_pkg::issue_t  issue;
  packet_engine_pkg::access_t access;
  ebpf_pkg::control_t         control;
  logic        issue_valid, access_valid, forward_valid, write_valid;
  logic [15:0] issue_next, issue_target, issue_offset;
  logic [63:0] issue_a, issue_b, access_value, forward_value, write_value;
  logic [5:0]  forward_rd, write_rd;
  assign control = issue.control;

  packet_run u_packet_run (
    .clk_i                (clk_i),
    .rst_ni               (rst_ni),
    .port_i               (port_i),
    .describe_i           (describe_i),
    .describe_index_i     (describe_index_i),
    .describe_first_i     (describe_first_i),
    .describe_end_i       (describe_end_i),
    .describe_entry_i     (describe_entry_i),
    .describe_data_begin_i(describe_data_begin_i),
    .describe_data_end_i  (describe_data_end_i),
    .banks_i              (banks_i),
    .budget_i             (budget_i),
    .waiting_i            (waiting),
    .arrival_i            (next_arrival),
    .start_o              (start),
    .end_o                (ending),
    .outcome_o            (outcome),
    .running_o            (running),
    .entry_o              (entry),
    .first_o              (first),
    .last_o               (last),
    .data_begin_o         (data_begin),
    .data_end_o           (data_end),
    .commit_i             (commit),
    .exit_i               (exit_run),
    .verdict_i            (verdict),
    .bad_i                (bad),
    .out_of_program_i     (issue.out_of_program),
    .call_overflow_i      (call_overflow),
    .memory_fault_i       (memory_fault),
    .call_done_i          (call_done),
    .bad_helper_i         (bad_helper),
    .tail_call_i          (tail_call),
    .tail_program_i       (tail_program),
    .tail_o               (tail),
    .redirect_valid_i     (redirect_valid),
    .redirect_ports_i     (redirect_ports),
    .adjust_i             (adjust),
    .adjust_data_i        (adjust_data),
    .adjust_data_end_i    (adjust_data_end),
    .adjust_data_meta_i   (adjust_data_meta),
    .adjusting_o          (adjusting),
    .data_o               (packet_data),
    .packet_end_o         (packet_end),
    .data_meta_o          (packet_meta),
    .stack_write_i        (stack_write),
    .stack_first_i        (stack_first),
    .stack_last_i         (stack_last),
    .keep_write_o         (keep_write),
    .keep_clear_o         (keep_clear),
    .keep_line_o          (keep_line),
    .keep_word_o          (keep_word),
    .keep_wdata_o         (keep_wdata)
  );

  // Fetch and decode.
  logic        fetch, fetched, stall_decode, stall_execute, jump, redirect, flush;
  logic [15:0] fetch_pc, fetched_pc, jump_target, execute_target, target;
  logic [65:0] slot;
  logic [2:0]  frame;
  logic [9:0]  known;
  logic [5:0]  decode_ra, decode_rb, copy_from, copy_to;
  logic [63:0] register_a, register_b, decode_a, a, b;
  logic        copy;
  logic [1:0]  copy_index;

  assign flush  = redirect || tail || ending || start;
  assign target = tail ? entry : redirect ? execute_target : jump_target;

  instruction_store #(.Slots(ProgramSlots)) u_instruction_store (
    .clk_i          (clk_i),
    .write_i        (program_write_i),
    .write_address_i(program_address_i[$clog2(ProgramSlots)-1:0]),
    .write_data_i   (program_data_i),
    .fetch_i        (fetch),
    .fetch_address_i(fetch_pc[$clog2(ProgramSlots)-1:0]),
    .slot_o         (slot)
  );

  packet_fetch u_packet_fetch (
    .clk_i     (clk_i),
    .rst_ni    (rst_ni),
    .start_i   (start),
    .entry_i   (entry),
    .stop_i    (ending),
    .stall_i   (stall_decode),
    .redirect_i(redirect || tail || jump),
    .target_i  (target),
    .fetch_o   (fetch),
    .fetch_pc_o(fetch_pc),
    .valid_o   (fetched),
    .pc_o      (fetched_pc)
  );

  packet_decode u_packet_decode (
    .clk_i        (clk_i),
    .rst_ni       (rst_ni),
    .start_i      (start),
    .flush_i      (flush),
    .stall_i      (stall_execute),
    .frame_i      (frame),
    .first_i      (first),
    .end_i        (last),
    .valid_i      (fetched),
    .pc_i         (fetched_pc),
    .slot_i       (slot),
    .stall_o      (stall_decode),
    .jump_o       (jump),
    .target_o     (jump_target),
    .ra_o         (decode_ra),
    .rb_o         (decode_rb),
    .a_i          (register_a),
    .b_i          (register_b),
    .known_o      (known),
    .a_forwarded_i(a),
    .b_forwarded_i(b),
    .valid_o      (issue_valid),
    .issue_o      (issue),
    .next_o       (issue_next),
    .jump_target_o(issue_target),
    .offset_o     (issue_offset),
    .a_o          (issue_a),
    .b_o          (issue_b)
  );

  // Registers. While a call waits their read ports give its later arguments.
  logic        call, args_select;
  logic [5:0]  read_a, read_b;
  logic [63:0] stored_a, copied;

  always_comb begin
    read_a = decode_ra;
    read_b = decode_rb;
    if (call && !call_done) begin
      read_a = args_select ? 6'd5 : 6'd3;
      read_b = 6'd4;
    end
    if (copy) read_a = copy_from;
    // R6-R9 of frame 0 that were never written must not carry an earlier run's values.
    copied = (frame == 3'd0 && !known[4'd6 + 4'(copy_index)]) ? 64'd0 : stored_a;
  end

  register_file u_register_file (
    .clk_i          (clk_i),
    .address_a_i    (read_a),
    .data_a_o       (decode_a),
    .stored_a_o     (stored_a),
    .address_b_i    (read_b),
    .data_b_o       (register_b),
    .write_i        (copy || write_valid),
    .write_address_i(copy ? copy_to : write_rd),
    .write_data_i   (copy ? copied : write_value)
  );
  assign register_a = decode_a;

  // Execute.
  logic        memory_wait, wait_data, call_start, helper_done, done_q, helper_busy;
  logic [63:0] helper_r0, helper_address, helper_wdata, helper_rdata;
  logic        helper_valid, helper_write, helper_ready, helper_rvalid;
  logic [1:0]  helper_size;

  packet_execute u_packet_execute (
    .clk_i              (clk_i),
    .rst_ni             (rst_ni),
    .clear_i            (ending || start),
    .valid_i            (issue_valid),
    .issue_i            (issue),
    .next_i             (issue_next),
    .jump_target_i      (issue_target),
    .offset_i           (issue_offset),
    .a_i                (issue_a),
    .b_i                (issue_b),
    .memory_wait_i      (memory_wait),
    .fault_i            (memory_fault != faisca_regs_pkg::FaultNone),
    .memory_writes_i    (forward_valid),
    .memory_rd_i        (forward_rd),
    .memory_value_i     (forward_value),
    .write_valid_i      (write_valid),
    .write_rd_i         (write_rd),
    .write_value_i      (write_value),
    .stall_o            (stall_execute),
    .commit_o           (commit),
    .a_forwarded_o      (a),
    .b_forwarded_o      (b),
    .redirect_o         (redirect),
    .target_o           (execute_target),
    .frame_o            (frame),
    .exit_o             (exit_run),
    .verdict_o          (verdict),
    .bad_o              (bad),
    .call_overflow_o    (call_overflow),
    .arithmetic_valid_o (arithmetic_valid_o),
    .arithmetic_done_i  (arithmetic_done_i),
    .arithmetic_result_i(arithmetic_result_i),
    .call_start_o       (call_start),
    .call_o             (call),
    .call_done_i        (call_done),
    .call_r0_i          (helper_r0),
    .helper_valid_i     (helper_valid),
    .helper_write_i     (helper_write),
    .helper_address_i   (helper_address),
    .helper_size_i      (helper_size),
    .helper_wdata_i     (helper_wdata),
    .helper_ready_o     (helper_ready),
    .copy_o             (copy),
    .copy_index_o       (copy_index),
    .copy_from_o        (copy_from),
    .copy_to_o          (copy_to),
    .access_valid_o     (access_valid),
    .access_o           (access),
    .value_o            (access_value)
  );
  assign arithmetic_divide_o    = control.unit == ebpf_pkg::UnitDivide;
  assign arithmetic_is_64_o     = control.is_64;
  assign arithmetic_is_signed_o = control.is_signed;
  assign arithmetic_remainder_o = control.want_remainder;
  assign arithmetic_a_o         = a;
  assign arithmetic_b_o         = b;

  // A call ends when its helper is done, the context is up to date and memory does not wait. What
  // moves the packet's bounds ends a cycle later at the earliest: the context is written then.
  logic adjusts;
  assign adjusts     = issue.helper == 9'd44 || issue.helper == 9'd54 || issue.helper == 9'd65;
  assign helper_busy = adjusting || memory_wait;
  assign call_done   = call && ((helper_done && !adjusts) || done_q) && !helper_busy;
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) done_q <= 1'b0;
    else done_q <= call && (helper_done || done_q) && !call_done && !ending;
  end

  helper_unit u_helper_unit (
    .clk_i               (clk_i),
    .rst_ni              (rst_ni),
    .engine_i            (engine_i),
    .port_i              (port_i),
    .clear_i             (ending),
    .start_i             (call_start),
    .helper_id_i         ({23'd0, issue.helper}),
    .r1_i                (a),
    .r2_i                (b),
    .args_select_o       (args_select),
    .args_a_i            (decode_a),
    .args_b_i            (register_b),
    .done_o              (helper_done),
    .r0_o                (helper_r0),
    .bad_helper_o        (bad_helper),
    .tail_call_o         (tail_call),
    .tail_program_o      (tail_program),
    .memory_valid_o      (helper_valid),
    .memory_write_o      (helper_write),
    .memory_address_o    (helper_address),
    .memory_size_o       (helper_size),
    .memory_wdata_o      (helper_wdata),
    .memory_ready_i      (helper_ready),
    .memory_rvalid_i     (helper_rvalid),
    .memory_rdata_i      (helper_rdata),
    .data_i              (packet_data),
    .data_end_i          (packet_end),
    .data_meta_i         (packet_meta),
    .adjust_o            (adjust),
    .data_o              (adjust_data),
    .data_end_o          (adjust_data_end),
    .data_meta_o         (adjust_data_meta),
    .redirect_valid_o    (redirect_valid),
    .redirect_ports_o    (redirect_ports),
    .time_ns_i           (time_ns_i),
    .map_valid_o         (map_valid_o),
    .map_last_o          (map_last_o),
    .map_op_o            (map_op_o),
    .map_id_o            (map_id_o),
    .map_flags_o         (map_flags_o),
    .map_data_o          (map_data_o),
    .map_ready_i         (map_ready_i),
    .map_rvalid_i        (map_rvalid_i),
    .map_r0_i            (map_r0_i),
    .define_i            (define_i),
    .define_id_i         (define_id_i),
    .define_type_i       (define_type_i),
    .define_key_bytes_i  (define_key_bytes_i),
    .define_value_bytes_i(define_value_bytes_i)
  );

  // Memory.
  logic        local_read, local_write, local_clear, local_wrap;
  logic [8:0]  local_line;
  logic [4:0]  local_byte;
  logic [1:0]  local_size;
  logic [63:0] local_wdata, local_rdata;

  packet_memory u_packet_memory (
    .clk_i          (clk_i),
    .rst_ni         (rst_ni),
    .clear_i        (ending || start),
    .valid_i        (access_valid),
    .access_i       (access),
    .value_i        (access_value),
    .forward_valid_o(forward_valid),
    .forward_rd_o   (forward_rd),
    .forward_value_o(forward_value),
    .write_valid_o  (write_valid),
    .write_rd_o     (write_rd),
    .write_value_o  (write_value),
    .wait_o         (memory_wait),
    .wait_data_o    (wait_data),
    .fault_o        (memory_fault),
    .slot_i         (2'(run_slot)),
    .arrived_i      (arrived),
    .packet_begin_i (packet_meta),
    .packet_end_i   (packet_end),
    .data_begin_i   (data_begin),
    .data_end_i     (data_end),
    .keep_write_i   (keep_write),
    .keep_clear_i   (keep_clear),
    .keep_line_i    (keep_line),
    .keep_word_i    (keep_word),
    .keep_wdata_i   (keep_wdata),
    .stack_write_o  (stack_write),
    .stack_first_o  (stack_first),
    .stack_last_o   (stack_last),
    .local_read_o   (local_read),
    .local_write_o  (local_write),
    .local_clear_o  (local_clear),
    .local_wrap_o   (local_wrap),
    .local_line_o   (local_line),
    .local_byte_o   (local_byte),
    .local_size_o   (local_size),
    .local_wdata_o  (local_wdata),
    .local_rdata_i  (local_rdata),
    .data_valid_o   (data_valid_o),
    .data_op_o      (data_op_o),
    .data_size_o    (data_size_o),
    .data_offset_o  (data_offset_o),
    .data_wdata_o   (data_wdata_o),
    .data_ready_i   (data_ready_i),
    .data_rvalid_i  (data_rvalid_i),
    .data_rdata_i   (data_rdata_i),
    .helper_rvalid_o(helper_rvalid),
    .helper_rdata_o (helper_rdata)
  );

  assign read_taken_o = !beat_i;
  local_memory u_local_memory (
    .clk_i    (clk_i),
    .a_write_i(beat_i),
    .a_read_i (read_i && !beat_i),
    .a_line_i (beat_i ? fill_line : {1'b0, 2'(out_slot), read_line_i}),
    .a_wdata_i(beat_data_i),
    .a_rdata_o(read_data_o),
    .b_read_i (local_read),
    .b_write_i(local_write),
    .b_clear_i(local_clear),
    .b_wrap_i (local_wrap),
    .b_line_i (local_line),
    .b_byte_i (local_byte),
    .b_size_i (local_size),
    .b_wdata_i(local_wdata),
    .b_rdata_o(local_rdata)
  );

  // Where the cycle went.
  logic branch_q, load_use_q;
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      branch_q   <= 1'b0;
      load_use_q <= 1'b0;
    end else begin
      branch_q   <= !start && (redirect || jump || (branch_q && !fetched));
      load_use_q <= fetched && stall_decode && !stall_execute;
    end
  end
  always_comb begin
    activity_o = packet_pkg::ActOther;
    if (!running) activity_o = packet_pkg::ActIdle;
    else if (commit) activity_o = packet_pkg::ActIssue;
    else if (wait_data) activity_o = packet_pkg::ActData;
    else if (memory_wait) activity_o = packet_pkg::ActBeat;
    else if (call) activity_o = packet_pkg::ActCall;
    else if (!issue_valid && load_use_q) activity_o = packet_pkg::ActLoadUse;
    else if (!issue_valid && branch_q) activity_o = packet_pkg::ActBranch;
  end
endmodule
