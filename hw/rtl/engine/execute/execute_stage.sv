// EX: computes, decides branches, checks and makes memory accesses, and finds every fault, so that
// an instruction that leaves this stage takes effect and one that faults has left no trace.
//
// Cycles per instruction: 1; multiply 4; atomic 3; local call 6; divide as the divider; a helper
// call waits for the host. Younger instructions wait meanwhile; older ones go on.
module execute_stage #(
  parameter int MemoryBytes  = 65536,
  parameter int DataBytes    = 262144,
  parameter int ContextBytes = 64
) (
  input  logic               clk_i,
  input  logic               rst_ni,
  input  logic               clear_i,           // a new run, or the end of one: drop what is here

  input  ebpf_pkg::execute_t execute_i,
  input  ebpf_pkg::result_t  writeback_i,
  output logic               stall_o,
  output logic [63:0]        a_forwarded_o,
  output logic [63:0]        b_forwarded_o,

  output logic               redirect_o,
  output logic [31:0]        target_o,
  output logic [2:0]         frame_o,

  // Run control.
  input  logic               budget_used_i,     // the instruction here may not retire
  output logic               commit_o,          // the instruction here takes effect
  output logic               exit_o,            // it ends the run
  output logic               fault_o,           // it does not take effect and ends the run
  output logic [2:0]         fault_cause_o,
  output logic [63:0]        fault_address_o,
  output logic               trap_o,            // a helper call waits for resume_i
  input  logic               resume_i,
  input  logic [63:0]        resume_r0_i,

  // Windows of the run, and the memory unit's port.
  input  logic [31:0]        memory_begin_i,
  input  logic [31:0]        memory_end_i,
  input  logic [31:0]        data_begin_i,
  input  logic [31:0]        data_end_i,
  output logic               memory_read_o,
  output logic               memory_write_o,
  output logic [3:0]         memory_region_o,
  output logic [27:0]        memory_offset_o,
  output logic [7:0]         memory_enable_o,
  output logic [63:0]        memory_wdata_o,
  input  logic [63:0]        memory_rdata_i,

  // A local call copies R6-R9 into the callee's frame, one a cycle.
  output logic               copy_o,
  output logic [5:0]         copy_from_o,
  output logic [5:0]         copy_to_o,
  input  logic [63:0]        r0_i,              // as of the last instruction written back

  output ebpf_pkg::result_t  result_o           // EX/MEM register
);
  localparam logic [2:0] LastMultiplyCycle = 3'd3;
  localparam logic [2:0] LastAtomicCycle   = 3'd2;
  localparam logic [2:0] FirstCopyCycle    = 3'd2;  // older results have reached the register file
  localparam logic [2:0] LastCopyCycle     = 3'd5;

  ebpf_pkg::control_t control;
  logic [3:0]         unit;
  assign control = execute_i.control;
  assign unit    = control.unit;

  // Operands.
  ebpf_pkg::result_t result_d, result_q;
  logic [63:0]       a, b, operand_b;

  forward u_forward_a (
    .reads_i    (control.reads_a),
    .register_i (execute_i.ra),
    .value_i    (execute_i.a),
    .memory_i   (result_q),
    .writeback_i(writeback_i),
    .value_o    (a)
  );
  forward u_forward_b (
    .reads_i    (control.reads_b),
    .register_i (execute_i.rb),
    .value_i    (execute_i.b),
    .memory_i   (result_q),
    .writeback_i(writeback_i),
    .value_o    (b)
  );
  assign operand_b     = control.use_imm ? execute_i.imm : b;
  assign a_forwarded_o = a;
  assign b_forwarded_o = b;

  // Units.
  logic [2:0]  count_q, count_d;   // cycles that the instruction has been here
  logic [63:0] alu_result, product, divide_result;
  logic        divide_start, divide_done, taken;

  alu u_alu (
    .op_i    (control.op),
    .is_64_i (control.is_64),
    .size_i  (control.size),
    .a_i     (a),
    .b_i     (operand_b),
    .result_o(alu_result)
  );

  branch_condition u_branch_condition (
    .op_i   (control.op),
    .is_64_i(control.is_64),
    .a_i    (a),
    .b_i    (operand_b),
    .taken_o(taken)
  );

  multiplier u_multiplier (
    .clk_i    (clk_i),
    .a_i      (a),
    .b_i      (operand_b),
    .product_o(product)
  );

  divider u_divider (
    .clk_i           (clk_i),
    .rst_ni          (rst_ni),
    .start_i         (divide_start),
    .is_64_i         (control.is_64),
    .is_signed_i     (control.is_signed),
    .want_remainder_i(control.want_remainder),
    .dividend_i      (a),
    .divisor_i       (operand_b),
    .done_o          (divide_done),
    .result_o        (divide_result)
  );

  // Address.
  logic        is_access, is_write, out_of_bounds, read_only;
  logic [63:0] address;
  logic [3:0]  region;

  assign is_access = unit == ebpf_pkg::UnitLoad || unit == ebpf_pkg::UnitStore ||
                     unit == ebpf_pkg::UnitAtomic;
  assign is_write  = unit == ebpf_pkg::UnitStore || unit == ebpf_pkg::UnitAtomic;
  assign address   = (unit == ebpf_pkg::UnitLoad ? b : a) +
                     {{48{execute_i.instruction[31]}}, execute_i.instruction[31:16]};

  address_check #(
    .MemoryBytes (MemoryBytes),
    .DataBytes   (DataBytes),
    .ContextBytes(ContextBytes)
  ) u_address_check (
    .address_i      (address),
    .size_i         (control.size),
    .write_i        (is_write),
    .memory_begin_i (memory_begin_i),
    .memory_end_i   (memory_end_i),
    .data_begin_i   (data_begin_i),
    .data_end_i     (data_end_i),
    .region_o       (region),
    .out_of_bounds_o(out_of_bounds),
    .read_only_o    (read_only)
  );

  // Faults, most important first. An instruction that got past its first cycle has none.
  logic [2:0] cause;
  logic [2:0] frame;
  logic       fault;

  always_comb begin
    cause = faisca_regs_pkg::FaultNone;
    if (budget_used_i) cause = faisca_regs_pkg::FaultBudget;
    else if (execute_i.out_of_program) cause = faisca_regs_pkg::FaultPcRange;
    else if (control.illegal) cause = faisca_regs_pkg::FaultIllegalInstruction;
    else if (control.writes_frame_pointer) cause = faisca_regs_pkg::FaultFramePointerWrite;
    else if (is_access && out_of_bounds) cause = faisca_regs_pkg::FaultOutOfBounds;
    else if (is_access && read_only) cause = faisca_regs_pkg::FaultReadOnly;
    else if (unit == ebpf_pkg::UnitCallLocal && frame == 3'd7) begin
      cause = faisca_regs_pkg::FaultCallDepth;
    end
  end

  assign fault           = execute_i.valid && cause != faisca_regs_pkg::FaultNone;
  assign fault_o         = fault;
  assign fault_cause_o   = cause;
  assign fault_address_o = (cause == faisca_regs_pkg::FaultOutOfBounds ||
                            cause == faisca_regs_pkg::FaultReadOnly) ? address : 64'd0;

  // Progress.
  logic good, busy, commit;
  assign good = execute_i.valid && !fault;

  always_comb begin
    unique case (unit)
      ebpf_pkg::UnitMultiply:   busy = count_q != LastMultiplyCycle;
      ebpf_pkg::UnitDivide:     busy = count_q == 3'd0 || !divide_done;
      ebpf_pkg::UnitAtomic:     busy = count_q != LastAtomicCycle;
      ebpf_pkg::UnitCallLocal:  busy = count_q != LastCopyCycle;
      ebpf_pkg::UnitCallHelper: busy = !resume_i;
      default:                  busy = 1'b0;
    endcase
  end

  assign commit       = good && !busy;
  assign stall_o      = good && busy;
  assign commit_o     = commit;
  assign divide_start = good && unit == ebpf_pkg::UnitDivide && count_q == 3'd0;
  assign trap_o       = good && unit == ebpf_pkg::UnitCallHelper;

  always_comb begin
    count_d = '0;
    if (stall_o && !clear_i) count_d = (count_q == 3'd7) ? 3'd7 : count_q + 3'd1;
  end

  // Memory port. An atomic reads in its first cycle and writes in its last.
  logic [63:0] old_q;
  logic [63:0] atomic_new, store_data;
  logic        atomic_store;
  logic [7:0]  size_enable;

  atomic_alu u_atomic_alu (
    .op_i      (control.op),
    .is_64_i   (control.is_64),
    .old_i     (old_q),
    .operand_i (b),
    .expected_i(r0_i),
    .new_o     (atomic_new),
    .store_o   (atomic_store)
  );

  always_comb begin
    unique case (control.size)
      2'd0:    size_enable = 8'h01;
      2'd1:    size_enable = 8'h03;
      2'd2:    size_enable = 8'h0f;
      default: size_enable = 8'hff;
    endcase
  end

  assign store_data      = (unit == ebpf_pkg::UnitAtomic) ? atomic_new : operand_b;
  assign memory_read_o   = good && count_q == 3'd0 &&
                           (unit == ebpf_pkg::UnitLoad || unit == ebpf_pkg::UnitAtomic);
  assign memory_write_o  = commit && (unit == ebpf_pkg::UnitStore ||
                                      (unit == ebpf_pkg::UnitAtomic && atomic_store));
  assign memory_region_o = region;
  assign memory_offset_o = address[27:0];
  assign memory_enable_o = size_enable;
  assign memory_wdata_o  = store_data;

  // Control flow.
  logic        is_return;
  logic [31:0] displacement, next_pc, return_pc;
  assign next_pc      = execute_i.pc + 32'd1;
  assign is_return    = unit == ebpf_pkg::UnitExit && frame != 3'd0;
  assign displacement = (unit == ebpf_pkg::UnitCallLocal ||
                         (unit == ebpf_pkg::UnitJump && !control.is_64)) ? execute_i.imm[31:0] :
                        {{16{execute_i.instruction[31]}}, execute_i.instruction[31:16]};
  assign target_o     = is_return ? return_pc : next_pc + displacement;
  assign redirect_o   = commit && (unit == ebpf_pkg::UnitJump || unit == ebpf_pkg::UnitCallLocal ||
                                   is_return || (unit == ebpf_pkg::UnitBranch && taken));
  assign exit_o       = commit && unit == ebpf_pkg::UnitExit && frame == 3'd0;
  assign frame_o      = frame;

  frame_stack u_frame_stack (
    .clk_i      (clk_i),
    .rst_ni     (rst_ni),
    .clear_i    (clear_i),
    .call_i     (commit && unit == ebpf_pkg::UnitCallLocal),
    .return_pc_i(next_pc),
    .return_i   (commit && is_return),
    .frame_o    (frame),
    .return_pc_o(return_pc)
  );

  logic [1:0] copy_index;
  logic [2:0] callee_frame;
  assign copy_index   = 2'(count_q - FirstCopyCycle);
  assign callee_frame = frame + 3'd1;
  assign copy_o       = good && unit == ebpf_pkg::UnitCallLocal && count_q >= FirstCopyCycle;
  assign copy_from_o  = {1'b1, frame, copy_index};
  assign copy_to_o    = {1'b1, callee_frame, copy_index};

  // Result.
  logic [63:0] mask;
  always_comb begin
    unique case (control.size)
      2'd0:    mask = 64'h0000_0000_0000_00ff;
      2'd1:    mask = 64'h0000_0000_0000_ffff;
      2'd2:    mask = 64'h0000_0000_ffff_ffff;
      default: mask = '1;
    endcase
    result_d                      = '0;
    result_d.valid                = commit && !clear_i;
    result_d.writes_rd            = control.writes_rd;
    result_d.rd_name              = control.rd;
    result_d.rd                   = execute_i.rd;
    result_d.is_load              = unit == ebpf_pkg::UnitLoad;
    result_d.is_signed            = control.is_signed;
    result_d.size                 = control.size;
    result_d.retire.pc            = execute_i.pc;
    result_d.retire.instruction   = execute_i.instruction;
    result_d.retire.writes_memory = memory_write_o;
    result_d.retire.address       = address[31:0];
    result_d.retire.data          = store_data & mask;
    result_d.retire.size          = control.size;
    unique case (unit)
      ebpf_pkg::UnitMultiply:   result_d.value = control.is_64 ? product : {32'd0, product[31:0]};
      ebpf_pkg::UnitDivide:     result_d.value = divide_result;
      ebpf_pkg::UnitAtomic:     result_d.value = old_q;
      ebpf_pkg::UnitCallHelper: result_d.value = resume_r0_i;
      default:                  result_d.value = alu_result;
    endcase
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      count_q  <= '0;
      result_q <= '0;
      old_q    <= '0;
    end else begin
      count_q  <= count_d;
      result_q <= result_d;
      old_q    <= control.is_64 ? memory_rdata_i : {32'd0, memory_rdata_i[31:0]};
    end
  end

  assign result_o = result_q;
endmodule
