// The three rules of a ready/valid channel: valid holds until ready, the data stay, and nothing is
// valid in reset.
module stream_sva #(
  parameter int Width = 1
) (
  input logic             clk_i,
  input logic             rst_ni,
  input logic             valid_i,
  input logic             ready_i,
  input logic [Width-1:0] data_i
);
  ValidHolds: assert property (@(posedge clk_i) disable iff (!rst_ni)
    valid_i && !ready_i |=> valid_i)
    else $error("valid fell before ready");
  DataStable: assert property (@(posedge clk_i) disable iff (!rst_ni)
    valid_i && !ready_i |=> $stable(data_i))
    else $error("data changed before ready");
  IdleInReset: assert property (@(posedge clk_i) !rst_ni |-> !valid_i)
    else $error("valid in reset");
endmodule
