// EX: computes, decides branches, and makes the access of a load or store, which the memory stage
// checks in the next cycle. Multiply, divide and helper calls wait here for their unit.
//
// Cycles per instruction: 1; local call 6; multiply, divide, helper calls as their units say.
module packet_execute (
  input  logic        clk_i,
  input  logic        rst_ni,
  input  logic        clear_i,             // the run ends, or a new one begins

  input  logic        valid_i,             // from decode
  input  packet_engine_pkg::issue_t issue_i,
  input  logic [15:0] next_i,
  input  logic [15:0] jump_target_i,
  input  logic [15:0] offset_i,
  input  logic [63:0] a_i,
  input  logic [63:0] b_i,
  input  logic        memory_wait_i,       // the memory stage keeps its instruction
  input  logic        fault_i,             // ... or has found that the run ends
  input  logic        memory_writes_i,     // results on their way to the register file
  input  logic [5:0]  memory_rd_i,
  input  logic [63:0] memory_value_i,
  input  logic        write_valid_i,
  input  logic [5:0]  write_rd_i,
  input  logic [63:0] write_value_i,
  output logic        stall_o,
  output logic        commit_o,            // the instruction here leaves, for the activity report
  output logic [63:0] a_forwarded_o,
  output logic [63:0] b_forwarded_o,

  output logic        redirect_o,
  output logic [15:0] target_o,
  output logic [2:0]  frame_o,
  output logic        exit_o,
  output logic [31:0] verdict_o,
  output logic        bad_o,               // not an instruction that may execute
  output logic        call_overflow_o,

  // Multiply and divide, shared by the engines of a port.
  output logic        arithmetic_valid_o,  // until arithmetic_done_i
  input  logic        arithmetic_done_i,
  input  logic [63:0] arithmetic_result_i,

  // Helper unit.
  output logic        call_start_o,
  output logic        call_o,
  input  logic        call_done_i,
  input  logic [63:0] call_r0_i,
  input  logic        helper_valid_i,
  input  logic        helper_write_i,
  input  logic [63:0] helper_address_i,
  input  logic [1:0]  helper_size_i,
  input  logic [63:0] helper_wdata_i,
  output logic        helper_ready_o,

  // A local call copies R6-R9 into the callee's frame, one a cycle.
  output logic        copy_o,
  output logic [1:0]  copy_index_o,
  output logic [5:0]  copy_from_o,
  output logic [5:0]  copy_to_o,

  output logic        access_valid_o,      // to the memory stage, and its access
  output packet_engine_pkg::access_t access_o,
  output logic [63:0] value_o              // result, or what a store stores
);
  localparam logic [2:0] FirstCopyCycle = 3'd2;  // older results have reached the register file
  localparam logic [2:0] LastCopyCycle  = 3'd5;

  ebpf_pkg::control_t control;
  logic [3:0]         unit;
  logic [63:0]        a, b, alu_result;
  logic               taken;

  assign control = issue_i.control;
  assign unit    = control.unit;

  operand_forward u_forward_a (
    .reads_i       (control.reads_a),
    .register_i    (issue_i.ra),
    .value_i       (a_i),
    .memory_valid_i(memory_writes_i),
    .memory_rd_i   (memory_rd_i),
    .memory_value_i(memory_value_i),
    .write_valid_i (write_valid_i),
    .write_rd_i    (write_rd_i),
    .write_value_i (write_value_i),
    .value_o       (a)
  );
  operand_forward u_forward_b (
    .reads_i       (control.reads_b),
    .register_i    (issue_i.rb),
    .value_i       (b_i),
    .memory_valid_i(memory_writes_i),
    .memory_rd_i   (memory_rd_i),
    .memory_value_i(memory_value_i),
    .write_valid_i (write_valid_i),
    .write_rd_i    (write_rd_i),
    .write_value_i (write_value_i),
    .value_o       (b)
  );
  assign a_forwarded_o = a;
  assign b_forwarded_o = b;

  alu u_alu (
    .op_i    (control.op),
    .is_64_i (control.is_64),
    .size_i  (control.size),
    .a_i     (a),
    .b_i     (b),
    .result_o(alu_result)
  );

  branch_condition u_branch_condition (
    .op_i   (control.op),
    .is_64_i(control.is_64),
    .a_i    (a),
    .b_i    (b),
    .taken_o(taken)
  );

  // Progress.
  logic [2:0] count_q, frame;
  logic       good, busy, commit, called_q;

  assign good = valid_i && !issue_i.bad && !fault_i;
  always_comb begin
    unique case (unit)
      ebpf_pkg::UnitMultiply, ebpf_pkg::UnitDivide: busy = !arithmetic_done_i;
      ebpf_pkg::UnitCallLocal:                      busy = count_q != LastCopyCycle;
      ebpf_pkg::UnitCallHelper:                     busy = !call_done_i;
      default:                                      busy = 1'b0;
    endcase
  end
  assign commit             = good && !busy && !memory_wait_i;
  assign commit_o           = commit;
  assign stall_o            = (good && busy) || memory_wait_i;
  assign arithmetic_valid_o = good && (unit == ebpf_pkg::UnitMultiply ||
                                       unit == ebpf_pkg::UnitDivide);
  assign call_o             = good && unit == ebpf_pkg::UnitCallHelper;
  assign call_start_o       = call_o && !called_q && !memory_wait_i;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      count_q  <= '0;
      called_q <= 1'b0;
    end else begin
      count_q  <= (clear_i || !stall_o) ? 3'd0 :
                  (count_q == 3'd7 || memory_wait_i) ? count_q : count_q + 3'd1;
      called_q <= !clear_i && stall_o && (called_q || call_start_o);
    end
  end

  // Control flow.
  logic        is_return;
  logic [31:0] return_pc;
  assign is_return  = unit == ebpf_pkg::UnitExit && frame != 3'd0;
  always_comb begin
    redirect_o = 1'b0;
    target_o   = jump_target_i;
    unique case (unit)
      ebpf_pkg::UnitBranch: begin
        redirect_o = commit && taken != issue_i.predicted;
        if (issue_i.predicted) target_o = next_i;
      end
      ebpf_pkg::UnitCallLocal: redirect_o = commit;
      ebpf_pkg::UnitExit: begin
        redirect_o = commit && is_return;
        target_o   = return_pc[15:0];
      end
      default: redirect_o = 1'b0;
    endcase
  end
  assign exit_o          = commit && unit == ebpf_pkg::UnitExit && !is_return;
  assign verdict_o       = a[31:0];
  assign bad_o           = valid_i && issue_i.bad && !memory_wait_i;
  assign call_overflow_o = commit && unit == ebpf_pkg::UnitCallLocal && frame == 3'd7;
  assign frame_o         = frame;

  frame_stack u_frame_stack (
    .clk_i      (clk_i),
    .rst_ni     (rst_ni),
    .clear_i    (clear_i),
    .call_i     (commit && unit == ebpf_pkg::UnitCallLocal),
    .return_pc_i({16'd0, next_i}),
    .return_i   (commit && is_return),
    .frame_o    (frame),
    .return_pc_o(return_pc)
  );

  logic [2:0] callee_frame;
  assign copy_index_o = 2'(count_q - FirstCopyCycle);
  assign callee_frame = frame + 3'd1;
  assign copy_o       = good && unit == ebpf_pkg::UnitCallLocal && count_q >= FirstCopyCycle;
  assign copy_from_o  = {1'b1, frame, copy_index_o};
  assign copy_to_o    = {1'b1, callee_frame, copy_index_o};

  // Access: the program's own, or the helper unit's while a call waits.
  logic        by_helper;
  logic [63:0] base;
  logic [32:0] address;
  logic [31:0] low_address;

  assign by_helper      = call_o && helper_valid_i;
  assign helper_ready_o = call_o && !memory_wait_i;
  assign base           = (unit == ebpf_pkg::UnitLoad) ? b : a;
  assign address        = {1'b0, base[31:0]} + {{17{offset_i[15]}}, offset_i};
  assign low_address    = by_helper ? helper_address_i[31:0] : address[31:0];

  assign access_valid_o = (commit || (by_helper && !memory_wait_i)) && !clear_i;
  always_comb begin
    access_o           = '0;
    access_o.writes_rd = control.writes_rd && !by_helper;
    access_o.rd        = issue_i.rd;
    access_o.access    = by_helper || unit == ebpf_pkg::UnitLoad || unit == ebpf_pkg::UnitStore ||
                         unit == ebpf_pkg::UnitAtomic;
    access_o.store     = by_helper ? helper_write_i :
                         (unit == ebpf_pkg::UnitStore || unit == ebpf_pkg::UnitAtomic);
    access_o.atomic    = !by_helper && unit == ebpf_pkg::UnitAtomic;
    access_o.expected  = issue_i.expected;
    access_o.is_signed = control.is_signed && !by_helper;
    access_o.helper    = by_helper;
    access_o.size      = by_helper ? helper_size_i : control.size;
    access_o.high      = by_helper ? helper_address_i[63:32] != 32'd0 :
                                     (base[63:32] != 32'd0 || address[32]);
    access_o.address   = low_address;
    unique case (unit)
      ebpf_pkg::UnitMultiply, ebpf_pkg::UnitDivide: value_o = arithmetic_result_i;
      ebpf_pkg::UnitStore, ebpf_pkg::UnitAtomic:    value_o = b;
      ebpf_pkg::UnitCallHelper: value_o = by_helper ? helper_wdata_i : call_r0_i;
      default:                                      value_o = alu_result;
    endcase
    // The memory stage's operation: RFC 9669's imm[7:4] to map_pkg's codes.
    access_o.op = access_o.store ? map_pkg::DataStore : map_pkg::DataLoad;
    if (access_o.atomic) begin
      unique case (control.op)
        ebpf_pkg::AtomicAdd:      access_o.op = {control.fetch, 3'd2};
        ebpf_pkg::AtomicOr:       access_o.op = {control.fetch, 3'd3};
        ebpf_pkg::AtomicAnd:      access_o.op = {control.fetch, 3'd4};
        ebpf_pkg::AtomicXor:      access_o.op = {control.fetch, 3'd5};
        ebpf_pkg::AtomicExchange: access_o.op = map_pkg::DataExchange;
        default:                  access_o.op = map_pkg::DataCompareExchange;
      endcase
    end
  end
endmodule
