// ID: joins the two slots of an lddw, reads registers, follows `ja` and branches marked as likely,
// and holds an instruction that needs what the one ahead is still loading.
//
// Physical registers: R0-R5 are 0-5; R6-R9 of frame f are 32 + 4*f to 35 + 4*f. R10 is not stored.
// A register that the run has not written reads as zero, R1 as the address of the context, so a run
// starts without clearing anything and sees nothing of the run before.
// Latency: one cycle, two for lddw and compare-and-exchange.
module packet_decode (
  input  logic        clk_i,
  input  logic        rst_ni,
  input  logic        start_i,          // a new run: no register is written
  input  logic        flush_i,          // a jump was taken in execute, or the run ends
  input  logic        stall_i,          // execute keeps its instruction
  input  logic [2:0]  frame_i,
  input  logic [15:0] first_i,          // the program's slots: [first, end)
  input  logic [15:0] end_i,

  input  logic        valid_i,          // from fetch
  input  logic [15:0] pc_i,
  input  logic [65:0] slot_i,
  output logic        stall_o,          // fetch must keep its slot
  output logic        jump_o,
  output logic [15:0] target_o,

  output logic [5:0]  ra_o,             // to the register file
  output logic [5:0]  rb_o,
  input  logic [63:0] a_i,
  input  logic [63:0] b_i,
  output logic [9:0]  known_o,          // R0-R9 of frame 0 that the run has written

  input  logic [63:0] a_forwarded_i,    // what execute knows of its operands while it waits
  input  logic [63:0] b_forwarded_i,
  output logic        valid_o,
  output packet_engine_pkg::issue_t issue_o,
  output logic [15:0] next_o,           // where the program goes on, and where it jumps to
  output logic [15:0] jump_target_o,
  output logic [15:0] offset_o,
  output logic [63:0] a_o,
  output logic [63:0] b_o
);
  packet_engine_pkg::issue_t next, issue_q;
  logic                      valid_q;
  ebpf_pkg::control_t        issued;
  logic [15:0]               following, target, following_q, target_q, offset_q;
  logic [63:0]               a_q, b_q;

  // First slot of an lddw, and first beat of a compare-and-exchange, waiting for their second.
  logic        half_q, half_d, beat_q, beat_d;
  logic [31:0] low_q;
  logic [3:0]  wide_rd_q;
  logic [9:0]  known_q, known_d;

  logic [63:0]        instruction;
  ebpf_pkg::control_t control, decoded, handed;
  logic               illegal, opens_wide, first_beat, load_use, moves;

  assign instruction = slot_i[63:0];
  decoder u_decoder (
    .instruction_i(instruction),
    .control_o    (decoded)
  );
  assign illegal    = slot_i[64];
  assign opens_wide = !half_q && instruction[7:0] == 8'h18;

  logic [3:0] dst, src;
  always_comb begin
    control    = decoded;
    dst        = instruction[11:8];
    src        = instruction[15:12];
    first_beat = 1'b0;
    if (half_q) begin
      control           = '0;
      control.op        = ebpf_pkg::AluMov;
      control.is_64     = 1'b1;
      control.writes_rd = 1'b1;
      control.rd        = wide_rd_q;
    end else begin
      unique case (decoded.unit)
        ebpf_pkg::UnitCallHelper: begin
          dst             = 4'd1;
          src             = 4'd2;
          control.use_imm = 1'b0;
          control.reads_a = 1'b1;
          control.reads_b = 1'b1;
        end
        ebpf_pkg::UnitExit: begin
          dst             = 4'd0;
          control.reads_a = 1'b1;
        end
        ebpf_pkg::UnitAtomic: begin
          if (decoded.op == ebpf_pkg::AtomicCompareExchange && !beat_q) begin
            first_beat        = 1'b1;
            src               = 4'd0;
            control.writes_rd = 1'b0;
          end
        end
        default: control = decoded;
      endcase
    end
    if (opens_wide) control.writes_rd = 1'b0;
  end

  assign ra_o = (dst >= 4'd6) ? {1'b1, frame_i, dst[1:0] - 2'd2} : {2'b00, dst};
  assign rb_o = (src >= 4'd6) ? {1'b1, frame_i, src[1:0] - 2'd2} : {2'b00, src};

  // Operands as far as they are known here.
  logic [15:0] readable;
  logic [63:0] a, b, frame_end;
  assign frame_end = {32'd0, faisca_regs_pkg::StackBase} + 64'({{1'b0, frame_i} + 4'd1, 9'd0});
  always_comb begin
    readable = {6'd0, known_q};
    if (frame_i != 3'd0) readable[9:6] = '1;
    a = readable[dst] ? a_i : 64'd0;
    if (dst == 4'd1 && !known_q[1]) a = {32'd0, faisca_regs_pkg::ContextBase};
    if (dst == ebpf_pkg::FramePointer) a = frame_end;
    b = readable[src] ? b_i : 64'd0;
    if (src == 4'd1 && !known_q[1]) b = {32'd0, faisca_regs_pkg::ContextBase};
    if (src == ebpf_pkg::FramePointer) b = frame_end;
    if (half_q) b = {instruction[63:32], low_q};
    else if (control.use_imm) b = {{32{instruction[63]}}, instruction[63:32]};
  end

  logic [15:0] displacement;
  logic        is_branch, long_jump;
  assign long_jump    = decoded.unit == ebpf_pkg::UnitCallLocal ||
                        (decoded.unit == ebpf_pkg::UnitJump && !decoded.is_64);
  assign displacement = long_jump ? instruction[47:32] : instruction[31:16];
  assign is_branch    = decoded.unit == ebpf_pkg::UnitBranch && slot_i[65];

  always_comb begin
    next                = '0;
    next.out_of_program = pc_i < first_i || pc_i >= end_i;
    next.bad            = next.out_of_program || (illegal && !half_q) ||
                          (half_q && instruction[31:0] != 32'd0);
    next.predicted      = is_branch && !half_q;
    next.expected       = first_beat;
    following           = pc_i + 16'd1;
    target              = following + displacement;
    next.helper         = {instruction[63:40] != 24'd0, instruction[39:32]};
    next.ra             = ra_o;
    next.rb             = rb_o;
    next.rd             = (control.rd >= 4'd6) ? {1'b1, frame_i, control.rd[1:0] - 2'd2} :
                                                 {2'b00, control.rd};
    handed              = control;
    handed.reads_a      = control.reads_a && dst != ebpf_pkg::FramePointer;
    handed.reads_b      = control.reads_b && src != ebpf_pkg::FramePointer && !half_q;
    next.control        = handed;
  end

  // Loads and fetching atomics have their result one stage later than others.
  logic late;
  assign issued   = issue_q.control;
  assign late     = valid_q && issued.writes_rd &&
                    (issued.unit == ebpf_pkg::UnitLoad || issued.unit == ebpf_pkg::UnitAtomic);
  assign load_use = valid_i && late &&
                    ((handed.reads_a && ra_o == issue_q.rd) ||
                     (handed.reads_b && rb_o == issue_q.rd));
  assign stall_o  = stall_i || load_use || (valid_i && first_beat && !next.bad);
  assign moves    = valid_i && !stall_i && !load_use && !flush_i;
  assign jump_o   = moves && !next.bad && !half_q &&
                    (decoded.unit == ebpf_pkg::UnitJump || is_branch);
  assign target_o = target;

  always_comb begin
    half_d  = half_q;
    beat_d  = beat_q;
    known_d = known_q;
    if (moves) begin
      half_d = opens_wide && !next.bad;
      beat_d = first_beat && !next.bad;
      if (control.writes_rd && control.rd < 4'd10 && (frame_i == 3'd0 || control.rd < 4'd6)) begin
        known_d[control.rd] = 1'b1;
      end
    end
    if (flush_i) begin
      half_d = 1'b0;
      beat_d = 1'b0;
    end
    if (start_i) known_d = '0;
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      half_q        <= 1'b0;
      beat_q        <= 1'b0;
      known_q       <= '0;
      valid_q       <= 1'b0;
    end else begin
      half_q  <= half_d;
      beat_q  <= beat_d;
      known_q <= known_d;
      if (flush_i) valid_q <= 1'b0;
      else if (!stall_i) valid_q <= moves;
    end
  end

  always_ff @(posedge clk_i) begin
    if (moves && opens_wide) begin
      low_q     <= instruction[63:32];
      wide_rd_q <= instruction[11:8];
    end
    if (stall_i) begin
      // The producers go on and leave the pipeline: keep what they have delivered.
      a_q <= a_forwarded_i;
      b_q <= b_forwarded_i;
    end else if (valid_i) begin
      issue_q     <= next;
      following_q <= following;
      target_q    <= target;
      offset_q    <= instruction[31:16];
      a_q         <= a;
      b_q         <= b;
    end
  end

  assign known_o = known_q;
  assign valid_o       = valid_q;
  assign issue_o       = issue_q;
  assign next_o        = following_q;
  assign jump_target_o = target_q;
  assign offset_o      = offset_q;
  assign a_o           = a_q;
  assign b_o           = b_q;
endmodule
