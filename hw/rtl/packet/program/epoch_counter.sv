// How many packets of each epoch are in a port. When none of the old epoch is left on any port, the
// program version that a switch replaced can be overwritten.
module epoch_counter #(
  parameter int Limit = 32,
  localparam int Width = $clog2(Limit + 1)
) (
  input  logic       clk_i,
  input  logic       rst_ni,
  input  logic       enter_i,
  input  logic       enter_epoch_i,
  input  logic       leave_i,
  input  logic       leave_epoch_i,
  output logic [1:0] in_flight_o
);
  logic [Width-1:0] count_q [2];

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      count_q[0] <= '0;
      count_q[1] <= '0;
    end else begin
      for (int i = 0; i < 2; i++) begin
        count_q[i] <= count_q[i] + Width'(enter_i && 32'(enter_epoch_i) == i) -
                      Width'(leave_i && 32'(leave_epoch_i) == i);
      end
    end
  end
  assign in_flight_o = {count_q[1] != '0, count_q[0] != '0};
endmodule
