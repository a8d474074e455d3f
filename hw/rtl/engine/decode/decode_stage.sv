// ID: joins the two slots of an lddw, decodes, reads registers, and holds an instruction that needs
// the result of a load one place ahead.
//
// Physical registers: R0-R5 are 0-5; R6-R9 of frame f are 32 + 4*f to 35 + 4*f, so that a local
// call keeps its caller's. R10 is not stored: it is the end of the frame in the stack region.
// Latency: one cycle, two for lddw. The execute register keeps its instruction while stall_i.
module decode_stage (
  input  logic               clk_i,
  input  logic               rst_ni,
  input  logic               flush_i,           // a jump was taken, or the run ends
  input  logic               stall_i,           // execute keeps its instruction
  input  logic [2:0]         frame_i,

  input  logic               valid_i,           // from fetch
  input  logic [31:0]        pc_i,
  input  logic [63:0]        instruction_i,
  input  logic               out_of_program_i,
  output logic               stall_o,           // fetch must keep its slot

  output logic [5:0]         ra_o,              // to the register file
  output logic [5:0]         rb_o,
  input  logic [63:0]        a_i,
  input  logic [63:0]        b_i,

  input  logic [63:0]        a_forwarded_i,     // what execute knows of its operands while it waits
  input  logic [63:0]        b_forwarded_i,
  output ebpf_pkg::execute_t execute_o
);
  // First slot of an lddw, waiting for its second.
  logic        half_q, half_d;
  logic [63:0] half_instruction_q, half_instruction_d;
  logic [31:0] half_pc_q, half_pc_d;

  logic [63:0]        slot;
  ebpf_pkg::control_t control;
  ebpf_pkg::execute_t next, execute_q;
  logic               opens_wide, second_half_bad, load_use;

  assign slot = half_q ? half_instruction_q : instruction_i;

  decoder u_decoder (
    .instruction_i(slot),
    .control_o    (control)
  );

  // An illegal first slot goes on alone, and faults.
  assign opens_wide = valid_i && !half_q && !out_of_program_i && instruction_i[2:0] == 3'd0 &&
                      !control.illegal;
  assign second_half_bad = half_q && instruction_i[31:0] != 32'd0;

  logic [3:0] dst, src;
  assign dst  = slot[11:8];
  assign src  = slot[15:12];
  assign ra_o = (dst >= 4'd6) ? {1'b1, frame_i, dst[1:0] - 2'd2} : {2'b00, dst};
  assign rb_o = (src >= 4'd6) ? {1'b1, frame_i, src[1:0] - 2'd2} : {2'b00, src};

  logic [63:0] frame_end;
  assign frame_end = {32'd0, faisca_regs_pkg::StackBase} +
                     64'({{1'b0, frame_i} + 4'd1, 9'd0});

  always_comb begin
    next                 = '0;
    next.valid           = valid_i && !opens_wide;
    next.out_of_program  = out_of_program_i;
    next.pc              = half_q ? half_pc_q : pc_i;
    next.instruction     = slot;
    next.control         = control;
    next.control.illegal = control.illegal || second_half_bad;
    next.control.reads_a = control.reads_a && dst != ebpf_pkg::FramePointer;
    next.control.reads_b = control.reads_b && src != ebpf_pkg::FramePointer;
    next.ra              = ra_o;
    next.rb              = rb_o;
    next.rd              = (control.rd >= 4'd6) ? {1'b1, frame_i, control.rd[1:0] - 2'd2} :
                                                  {2'b00, control.rd};
    next.a               = (dst == ebpf_pkg::FramePointer) ? frame_end : a_i;
    next.b               = (src == ebpf_pkg::FramePointer) ? frame_end : b_i;
    next.imm             = half_q ? {instruction_i[63:32], slot[63:32]} :
                                    {{32{slot[63]}}, slot[63:32]};
  end

  assign load_use = next.valid && execute_q.valid && execute_q.control.unit == ebpf_pkg::UnitLoad &&
                    ((next.control.reads_a && next.ra == execute_q.rd) ||
                     (next.control.reads_b && next.rb == execute_q.rd));
  assign stall_o  = stall_i || load_use;

  always_comb begin
    half_d             = half_q;
    half_instruction_d = half_instruction_q;
    half_pc_d          = half_pc_q;
    if (opens_wide && !stall_o) begin
      half_d             = 1'b1;
      half_instruction_d = instruction_i;
      half_pc_d          = pc_i;
    end else if (valid_i && !stall_o) begin
      half_d = 1'b0;
    end
    if (flush_i) half_d = 1'b0;
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      half_q             <= 1'b0;
      half_instruction_q <= '0;
      half_pc_q          <= '0;
      execute_q          <= '0;
    end else begin
      half_q             <= half_d;
      half_instruction_q <= half_instruction_d;
      half_pc_q          <= half_pc_d;
      if (flush_i) begin
        execute_q.valid <= 1'b0;
      end else if (stall_i) begin
        // The producers go on and leave the pipeline: keep what they have delivered.
        execute_q.a <= a_forwarded_i;
        execute_q.b <= b_forwarded_i;
      end else begin
        execute_q       <= next;
        execute_q.valid <= next.valid && !load_use;
      end
    end
  end

  assign execute_o = execute_q;
endmodule
