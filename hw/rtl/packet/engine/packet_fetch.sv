// IF: walks the program counter. A run's first slot is fetched in the cycle of its start; the
// target of a jump in the cycle after.
//
//   cycle      0        1        2        3
//   execute    branch   -        -        target     taken: two cycles lost
//   decode     b+1      -        target
//   fetch      b+2      target
module packet_fetch (
  input  logic        clk_i,
  input  logic        rst_ni,
  input  logic        start_i,        // a run begins at entry_i
  input  logic [15:0] entry_i,
  input  logic        stop_i,         // fetch no more until the next start
  input  logic        stall_i,        // decode keeps its slot
  input  logic        redirect_i,
  input  logic [15:0] target_i,

  output logic        fetch_o,        // to the instruction store
  output logic [15:0] fetch_pc_o,
  output logic        valid_o,        // the store's output is the slot of pc_o
  output logic [15:0] pc_o
);
  logic        running_q, running_d, valid_q, valid_d;
  logic [15:0] next_q, next_d, pc_q, pc_d;

  assign fetch_o    = start_i || (running_q && !stall_i);
  assign fetch_pc_o = start_i ? entry_i : next_q;
  assign valid_o    = valid_q;
  assign pc_o       = pc_q;

  always_comb begin
    running_d = running_q;
    valid_d   = valid_q;
    next_d    = next_q;
    pc_d      = pc_q;
    if (fetch_o) begin
      valid_d = 1'b1;
      pc_d    = fetch_pc_o;
      next_d  = fetch_pc_o + 16'd1;
    end
    if (redirect_i) begin
      valid_d = 1'b0;
      next_d  = target_i;
    end
    if (stop_i) begin
      running_d = 1'b0;
      valid_d   = 1'b0;
    end
    if (start_i) begin
      running_d = 1'b1;
      valid_d   = 1'b1;
      next_d    = entry_i + 16'd1;
    end
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      running_q <= 1'b0;
      valid_q   <= 1'b0;
    end else begin
      running_q <= running_d;
      valid_q   <= valid_d;
    end
  end

  always_ff @(posedge clk_i) begin
    next_q <= next_d;
    pc_q   <= pc_d;
  end
endmodule
