// A run sees one bank of the program memory from start to end.
module program_memory_sva (
  input logic clk_i,
  input logic rst_ni,
  input logic run_in_progress_i,
  input logic active_bank_i
);
  BankHoldsInRun: assert property (@(posedge clk_i) disable iff (!rst_ni)
    run_in_progress_i |=> $stable(active_bank_i))
    else $error("the bank changed under a run");
endmodule
