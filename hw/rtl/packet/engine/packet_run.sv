// The life of a run: takes the next packet, keeps its bounds, and ends it at an exit or a fault.
//
// A run may start in the cycle in which the one before ends. What the next run must not see is
// cleaned between them, a line of 32 bytes a cycle: stack lines that were written become zero; the
// context's data pointers are written again. The last line is cleaned while the first instruction
// is being fetched, so a run that wrote one line of stack, or none, costs nothing.
//
//   cycle     0             1            2
//   execute   exit          -            first instruction
//   fetch     first slot
//   memory    context       last line    free for the program
module packet_run #(
  parameter int Versions = 16
) (
  input  logic                   clk_i,
  input  logic                   rst_ni,
  input  logic [2:0]             port_i,

  // Versions of programs, written by the host; which bank of each is active.
  input  logic                   describe_i,
  input  logic [3:0]             describe_index_i,
  input  logic [15:0]            describe_first_i,
  input  logic [15:0]            describe_end_i,
  input  logic [15:0]            describe_entry_i,
  input  logic [20:0]            describe_data_begin_i,  // in units of 8 bytes
  input  logic [20:0]            describe_data_end_i,
  input  logic [7:0]             banks_i,
  input  logic [19:0]            budget_i,               // cycles that a run may take

  // Slots.
  input  logic                   waiting_i,
  input  packet_pkg::arrival_t   arrival_i,
  output logic                   start_o,
  output logic                   end_o,
  output packet_pkg::outcome_t   outcome_o,
  output logic                   running_o,

  // Pipeline.
  output logic [15:0]            entry_o,       // with start_o, or of the program of a tail call
  output logic [15:0]            first_o,
  output logic [15:0]            last_o,        // one past the last slot
  output logic [23:0]            data_begin_o,
  output logic [23:0]            data_end_o,
  input  logic                   commit_i,
  input  logic                   exit_i,
  input  logic [31:0]            verdict_i,
  input  logic                   bad_i,
  input  logic                   out_of_program_i,
  input  logic                   call_overflow_i,
  input  logic [2:0]             memory_fault_i,

  // Helper unit.
  input  logic                   call_done_i,   // the call is over in this cycle
  input  logic                   bad_helper_i,
  input  logic                   tail_call_i,
  input  logic [2:0]             tail_program_i,
  output logic                   tail_o,        // go on at entry_o
  input  logic                   redirect_valid_i,
  input  logic [7:0]             redirect_ports_i,
  input  logic                   adjust_i,
  input  logic [10:0]            adjust_data_i,
  input  logic [10:0]            adjust_data_end_i,
  input  logic [10:0]            adjust_data_meta_i,
  output logic                   adjusting_o,   // the context is being written: no end of the call
  output logic [10:0]            data_o,
  output logic [10:0]            packet_end_o,
  output logic [10:0]            data_meta_o,

  // Local memory between runs.
  input  logic                   stack_write_i,
  input  logic [6:0]             stack_first_i,
  input  logic [6:0]             stack_last_i,
  output logic                   keep_write_o,
  output logic                   keep_clear_o,
  output logic [8:0]             keep_line_o,
  output logic [1:0]             keep_word_o,
  output logic [63:0]            keep_wdata_o
);
  localparam logic [10:0] Headroom = 11'd256;

  logic        running_q, started_q;
  logic [19:0] cycles_q;
  logic [10:0] data_q, packet_end_q, data_meta_q;

  // Version of the run.
  typedef struct packed {
    logic [15:0] first;
    logic [15:0] last;
    logic [15:0] entry;
    logic [20:0] data_begin;
    logic [20:0] data_end;
  } version_t;
  localparam int VersionBits = 90;
  logic [VersionBits-1:0] versions [Versions];
  version_t               version, version_q;

  assign tail_o = call_done_i && tail_call_i && !bad_helper_i;
  assign version = versions[tail_o ? {tail_program_i, banks_i[tail_program_i]} :
                                     arrival_i.version];
  always_ff @(posedge clk_i) begin
    if (describe_i) begin
      versions[describe_index_i] <= {describe_first_i, describe_end_i, describe_entry_i,
                                     describe_data_begin_i, describe_data_end_i};
    end
    if (start_o || tail_o) version_q <= version;
  end
  assign entry_o      = version.entry;
  assign first_o      = version_q.first;
  assign last_o       = version_q.last;
  assign data_begin_o = {version_q.data_begin, 3'd0};
  assign data_end_o   = {version_q.data_end, 3'd0};

  // The end of a run.
  logic       over_budget;
  logic [2:0] cause;
  assign over_budget = commit_i && cycles_q >= budget_i;
  always_comb begin
    cause = faisca_regs_pkg::FaultNone;
    if (memory_fault_i != faisca_regs_pkg::FaultNone) cause = memory_fault_i;
    else if (bad_i && out_of_program_i) cause = faisca_regs_pkg::FaultPcRange;
    else if (bad_i || (call_done_i && bad_helper_i)) begin
      cause = faisca_regs_pkg::FaultIllegalInstruction;
    end else if (call_overflow_i) cause = faisca_regs_pkg::FaultCallDepth;
    else if (over_budget) cause = faisca_regs_pkg::FaultBudget;
  end
  assign end_o     = running_q && (cause != faisca_regs_pkg::FaultNone || exit_i);
  assign running_o = running_q;
  always_comb begin
    outcome_o.verdict  = verdict_i[2:0];
    outcome_o.fault    = cause;
    outcome_o.ports    = redirect_valid_i ? redirect_ports_i : 8'd0;
    outcome_o.data     = data_q;
    outcome_o.data_end = packet_end_q;
    if (cause != faisca_regs_pkg::FaultNone || verdict_i > 32'd4) begin
      outcome_o.verdict = packet_pkg::XdpAborted;
    end
  end

  // Cleaning and the start of a run.
  logic       dirty_q, meta_dirty_q, one_left, idle;
  logic [6:0] clean_first_q, clean_last_q;
  logic [1:0] setup_q;      // words of the context that were never written, after reset
  logic [1:0] adjust_q;     // words of the context to write again

  assign idle     = !running_q || end_o;
  assign one_left = !dirty_q || clean_first_q == clean_last_q;
  assign start_o  = idle && waiting_i && one_left && !meta_dirty_q && setup_q == 2'd0;
  assign adjusting_o  = adjust_q != 2'd0;
  assign data_o       = data_q;
  assign packet_end_o = packet_end_q;
  assign data_meta_o  = data_meta_q;

  logic        clean_line, write_meta;
  logic [10:0] context_data, context_end, context_meta;
  assign clean_line   = dirty_q && !start_o && (idle || started_q);
  assign write_meta   = (idle && !start_o && !dirty_q && (meta_dirty_q || setup_q != 2'd0)) ||
                        (!idle && adjust_q == 2'd1);
  assign context_data = start_o ? Headroom : data_q;
  assign context_end  = start_o ? Headroom + arrival_i.length : packet_end_q;
  assign context_meta = idle ? Headroom : data_meta_q;

  always_comb begin
    keep_write_o = start_o || clean_line || write_meta || (!idle && adjust_q != 2'd0);
    keep_clear_o = clean_line;
    keep_line_o  = clean_line ? packet_pkg::StackLine | {2'd0, clean_first_q} :
                                packet_pkg::ContextLine;
    keep_word_o  = 2'd0;
    keep_wdata_o = {faisca_regs_pkg::MemoryBase | 32'(context_end),
                    faisca_regs_pkg::MemoryBase | 32'(context_data)};
    if (write_meta) begin
      keep_word_o  = 2'd1;
      keep_wdata_o = {32'(port_i) + 32'd1, faisca_regs_pkg::MemoryBase | 32'(context_meta)};
      if (setup_q == 2'd2) begin
        keep_word_o  = 2'd2;
        keep_wdata_o = '0;
      end
    end
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      running_q     <= 1'b0;
      started_q     <= 1'b0;
      cycles_q      <= '0;
      dirty_q       <= 1'b1;
      clean_first_q <= '0;
      clean_last_q  <= '1;
      meta_dirty_q  <= 1'b0;
      setup_q       <= 2'd2;
      adjust_q      <= '0;
      data_q        <= '0;
      packet_end_q  <= '0;
      data_meta_q   <= '0;
    end else begin
      running_q <= start_o || (running_q && !end_o);
      started_q <= start_o;
      cycles_q  <= start_o ? 20'd0 : cycles_q + 20'(cycles_q != '1);

      // The range of stack lines that are not zero.
      if (stack_write_i) begin
        dirty_q       <= 1'b1;
        clean_first_q <= (!dirty_q || stack_first_i < clean_first_q) ? stack_first_i :
                                                                       clean_first_q;
        clean_last_q  <= (!dirty_q || stack_last_i > clean_last_q) ? stack_last_i : clean_last_q;
      end else if (clean_line) begin
        clean_first_q <= clean_first_q + 7'd1;
        if (clean_first_q == clean_last_q) dirty_q <= 1'b0;
      end

      if (write_meta && idle) begin
        meta_dirty_q <= 1'b0;
        if (setup_q != 2'd0) setup_q <= setup_q - 2'd1;
      end else if (adjust_i) begin
        meta_dirty_q <= 1'b1;
      end

      if (end_o) adjust_q <= 2'd0;
      else if (adjust_i) adjust_q <= 2'd2;
      else if (adjust_q != 2'd0) adjust_q <= adjust_q - 2'd1;

      if (start_o) begin
        data_q       <= Headroom;
        data_meta_q  <= Headroom;
        packet_end_q <= Headroom + arrival_i.length;
      end else if (adjust_i) begin
        data_q       <= adjust_data_i;
        data_meta_q  <= adjust_data_meta_i;
        packet_end_q <= adjust_data_end_i;
      end
    end
  end

`ifndef SYNTHESIS
  always_ff @(posedge clk_i) begin
    if (rst_ni) begin
      assert (!(stack_write_i && clean_line));
      assert (!(start_o && (clean_line || write_meta)));
    end
  end
`endif
endmodule
