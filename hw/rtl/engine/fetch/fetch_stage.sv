// IF: walks the program counter and asks the instruction memory for the next slot.
//
// The instruction memory's output register is the stage's output, so the decode stage sees the slot
// of pc_o in the cycle after its address was given. A redirect drops what was fetched:
//
//   cycle      0        1        2        3
//   execute    branch   -        -        target
//   decode     b+1      -        target
//   fetch      b+2      target
module fetch_stage (
  input  logic        clk_i,
  input  logic        rst_ni,
  input  logic        start_i,        // begin at entry_pc_i
  input  logic [31:0] entry_pc_i,
  input  logic        stop_i,         // fetch no more until the next start
  input  logic        stall_i,        // decode keeps its slot
  input  logic        redirect_i,
  input  logic [31:0] target_i,

  output logic        fetch_o,        // to the instruction memory
  output logic [31:0] fetch_pc_o,
  output logic        valid_o,        // the memory's output is the slot of pc_o
  output logic [31:0] pc_o
);
  logic        running_q, running_d;
  logic        valid_q, valid_d;
  logic [31:0] next_q, next_d;
  logic [31:0] pc_q, pc_d;

  assign fetch_o    = running_q && !stall_i;
  assign fetch_pc_o = next_q;
  assign valid_o    = valid_q;
  assign pc_o       = pc_q;

  always_comb begin
    running_d = running_q;
    valid_d   = valid_q;
    next_d    = next_q;
    pc_d      = pc_q;
    if (fetch_o) begin
      valid_d = 1'b1;
      pc_d    = next_q;
      next_d  = next_q + 32'd1;
    end
    if (redirect_i) begin
      valid_d = 1'b0;
      next_d  = target_i;
    end
    if (start_i) begin
      running_d = 1'b1;
      valid_d   = 1'b0;
      next_d    = entry_pc_i;
    end
    if (stop_i) begin
      running_d = 1'b0;
      valid_d   = 1'b0;
    end
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      running_q <= 1'b0;
      valid_q   <= 1'b0;
      next_q    <= '0;
      pc_q      <= '0;
    end else begin
      running_q <= running_d;
      valid_q   <= valid_d;
      next_q    <= next_d;
      pc_q      <= pc_d;
    end
  end
endmodule
