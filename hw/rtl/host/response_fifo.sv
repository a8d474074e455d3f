// Two answers on their way to a bus channel, so that one can leave every cycle.
//
// push_i only when room_o. room_o counts an answer that leaves in this cycle as gone.
module response_fifo #(
  parameter int Width = 33
) (
  input  logic             clk_i,
  input  logic             rst_ni,
  input  logic             reserve_i,    // an answer will be pushed in the next cycle
  output logic             room_o,
  input  logic             push_i,
  input  logic [Width-1:0] data_i,
  output logic             valid_o,
  input  logic             ready_i,
  output logic [Width-1:0] data_o
);
  logic [1:0]       used_q, used_d;      // stored
  logic             reserved_q;
  logic [Width-1:0] head_q, head_d, tail_q, tail_d;
  logic             pop;

  assign valid_o = used_q != 2'd0;
  assign data_o  = head_q;
  assign pop     = valid_o && ready_i;
  assign room_o  = {1'b0, used_q} + {2'b00, reserved_q} - {2'b00, pop} < 3'd2;

  always_comb begin
    used_d = used_q + {1'b0, push_i} - {1'b0, pop};
    head_d = head_q;
    tail_d = tail_q;
    if (pop) head_d = tail_q;
    if (push_i) begin
      if (used_q == 2'd0 || (used_q == 2'd1 && pop)) head_d = data_i;
      else tail_d = data_i;
    end
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      used_q     <= '0;
      reserved_q <= 1'b0;
      head_q     <= '0;
      tail_q     <= '0;
    end else begin
      used_q     <= used_d;
      reserved_q <= reserve_i;
      head_q     <= head_d;
      tail_q     <= tail_d;
    end
  end
endmodule
