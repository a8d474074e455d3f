// The life of a run: zero the stack, set the registers, execute, and stop at an exit, a fault or a
// helper call.
//
//   Idle ─start▶ Clear ─▶ Init ─▶ Run ─exit, fault▶ Drain ─▶ Exited, Faulted ─start▶ Clear
//                                 │ ▲
//                       helper call └─resume─ Trapped          stop: from anywhere to Idle
//
// Clear takes 32 cycles for each stack frame that an earlier run wrote; Init takes 10. A stop or
// the end of a run is reported only when every retired instruction has been written back.
module run_control (
  input  logic        clk_i,
  input  logic        rst_ni,

  input  logic        start_i,            // commands; the register block knows when they may come
  input  logic        resume_i,
  input  logic        stop_i,
  input  logic [31:0] budget_i,
  output logic [2:0]  entry_select_o,     // the argument register whose value is entry_value_i
  input  logic [63:0] entry_value_i,
  output logic [2:0]  state_o,            // regs State*
  output logic        executing_o,        // the host may not touch registers and regions
  output logic        run_in_progress_o,
  output logic [2:0]  fault_cause_o,
  output logic [31:0] fault_pc_o,
  output logic [63:0] fault_address_o,
  output logic [63:0] retired_o,
  output logic [63:0] cycles_o,

  output logic        fetch_start_o,
  output logic        flush_o,            // drop everything that has not executed
  output logic        clear_o,            // a new run: frames, R0

  input  logic [7:0]  dirty_frames_i,
  output logic        stack_clear_o,
  output logic [7:0]  stack_clear_line_o,
  output logic        init_write_o,
  output logic [5:0]  init_register_o,
  output logic [63:0] init_value_o,

  input  logic        commit_i,           // from execute
  input  logic        exit_i,
  input  logic        fault_i,
  input  logic [2:0]  fault_cause_i,
  input  logic [31:0] fault_pc_i,
  input  logic [63:0] fault_address_i,
  input  logic        trap_i,
  output logic        budget_used_o,
  output logic        resume_o,
  input  logic        pipeline_empty_i    // nothing between execute and write-back
);
  localparam logic [3:0] StIdle    = 4'd0;
  localparam logic [3:0] StClear   = 4'd1;
  localparam logic [3:0] StInit    = 4'd2;
  localparam logic [3:0] StRun     = 4'd3;
  localparam logic [3:0] StDrain   = 4'd4;
  localparam logic [3:0] StTrapped = 4'd5;
  localparam logic [3:0] StExited  = 4'd6;
  localparam logic [3:0] StFaulted = 4'd7;

  localparam logic [3:0] LastInit = 4'd9;

  logic [3:0]  state_q, state_d;
  logic [4:0]  line_q, line_d;
  logic [3:0]  init_q, init_d;
  logic [2:0]  cause_q, cause_d;
  logic [31:0] fault_pc_q, fault_pc_d;
  logic [63:0] fault_address_q, fault_address_d;
  logic [63:0] retired_q, retired_d;
  logic [63:0] cycles_q, cycles_d;

  assign executing_o       = state_q == StClear || state_q == StInit || state_q == StRun ||
                             state_q == StDrain;
  assign run_in_progress_o = executing_o || state_q == StTrapped;
  assign budget_used_o     = retired_q == {32'd0, budget_i};

  // The lowest frame that needs zeroing.
  logic [2:0] frame;
  always_comb begin
    frame = '0;
    for (int i = 7; i >= 0; i--) begin
      if (dirty_frames_i[i]) frame = 3'(i);
    end
  end
  assign stack_clear_o      = state_q == StClear && dirty_frames_i != 8'd0;
  assign stack_clear_line_o = {frame, line_q};

  assign init_write_o    = state_q == StInit;
  assign init_register_o = (init_q >= 4'd6) ? {4'b1000, init_q[1:0] - 2'd2} : {2'b00, init_q};
  assign entry_select_o  = init_q[2:0];
  assign init_value_o    = (init_q >= 4'd1 && init_q <= 4'd5) ? entry_value_i : 64'd0;

  always_comb begin
    state_d         = state_q;
    line_d          = line_q;
    init_d          = init_q;
    cause_d         = cause_q;
    fault_pc_d      = fault_pc_q;
    fault_address_d = fault_address_q;
    retired_d       = retired_q + 64'(commit_i);
    cycles_d        = cycles_q + 64'(executing_o);
    fetch_start_o   = 1'b0;
    flush_o         = 1'b0;
    clear_o         = 1'b0;
    resume_o        = 1'b0;
    unique case (state_q)
      StClear: begin
        line_d = line_q + 5'd1;
        if (dirty_frames_i == 8'd0) begin
          state_d = StInit;
          line_d  = '0;
          init_d  = '0;
        end
      end
      StInit: begin
        init_d = init_q + 4'd1;
        if (init_q == LastInit) begin
          state_d       = StRun;
          fetch_start_o = 1'b1;
        end
      end
      StRun: begin
        if (fault_i) begin
          state_d         = StDrain;
          flush_o         = 1'b1;
          cause_d         = fault_cause_i;
          fault_pc_d      = fault_pc_i;
          fault_address_d = fault_address_i;
        end else if (exit_i) begin
          state_d = StDrain;
          flush_o = 1'b1;
        end else if (trap_i && pipeline_empty_i) begin
          state_d    = StTrapped;
          fault_pc_d = fault_pc_i;
        end
      end
      StDrain: begin
        if (pipeline_empty_i) begin
          state_d = (cause_q == faisca_regs_pkg::FaultNone) ? StExited : StFaulted;
        end
      end
      StTrapped: begin
        if (resume_i) begin
          state_d  = StRun;
          resume_o = 1'b1;
        end
      end
      default: state_d = state_q;
    endcase
    if (start_i) begin
      state_d         = StClear;
      line_d          = '0;
      cause_d         = faisca_regs_pkg::FaultNone;
      fault_pc_d      = '0;
      fault_address_d = '0;
      retired_d       = '0;
      cycles_d        = '0;
      clear_o         = 1'b1;
    end
    if (stop_i) begin
      state_d = StIdle;
      flush_o = 1'b1;
      clear_o = 1'b1;
    end
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      state_q         <= StIdle;
      line_q          <= '0;
      init_q          <= '0;
      cause_q         <= faisca_regs_pkg::FaultNone;
      fault_pc_q      <= '0;
      fault_address_q <= '0;
      retired_q       <= '0;
      cycles_q        <= '0;
    end else begin
      state_q         <= state_d;
      line_q          <= line_d;
      init_q          <= init_d;
      cause_q         <= cause_d;
      fault_pc_q      <= fault_pc_d;
      fault_address_q <= fault_address_d;
      retired_q       <= retired_d;
      cycles_q        <= cycles_d;
    end
  end

  always_comb begin
    unique case (state_q)
      StIdle:    state_o = faisca_regs_pkg::StateIdle;
      StTrapped: state_o = faisca_regs_pkg::StateTrapped;
      StExited:  state_o = faisca_regs_pkg::StateExited;
      StFaulted: state_o = faisca_regs_pkg::StateFaulted;
      default:   state_o = faisca_regs_pkg::StateRunning;
    endcase
  end

  assign fault_cause_o   = cause_q;
  assign fault_pc_o      = fault_pc_q;
  assign fault_address_o = fault_address_q;
  assign retired_o       = retired_q;
  assign cycles_o        = cycles_q;
endmodule
