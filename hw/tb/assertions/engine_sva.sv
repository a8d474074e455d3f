// What the engine's stages promise each other.
//
//  1. Execute never needs a loaded value that is still in the memory stage.
//  2. The register file's write port has one user.
//  3. No more instructions retire than the budget allows, and none outside a run.
//  4. The host has the regions only while nothing executes.
module engine_sva (
  input logic               clk_i,
  input logic               rst_ni,
  input logic               executing_i,
  input logic               run_in_progress_i,
  input logic [31:0]        budget_i,
  input logic [63:0]        retired_i,
  input logic               retire_valid_i,
  input logic               host_access_i,
  input logic               copy_i,
  input logic               init_write_i,
  input logic               writeback_write_i,
  input ebpf_pkg::execute_t execute_i,
  input ebpf_pkg::result_t  memory_result_i
);
  NoUseOfUnfinishedLoad: assert property (@(posedge clk_i) disable iff (!rst_ni)
    !(execute_i.valid && memory_result_i.valid && memory_result_i.is_load &&
      ((execute_i.control.reads_a && execute_i.ra == memory_result_i.rd) ||
       (execute_i.control.reads_b && execute_i.rb == memory_result_i.rd))))
    else $error("execute reads a register whose load is in the memory stage");
  OneRegisterWriter: assert property (@(posedge clk_i) disable iff (!rst_ni)
    {1'b0, copy_i} + {1'b0, init_write_i} + {1'b0, writeback_write_i} <= 2'd1)
    else $error("two writers of the register file in one cycle");
  BudgetHolds: assert property (@(posedge clk_i) disable iff (!rst_ni)
    run_in_progress_i |-> retired_i <= {32'd0, budget_i})
    else $error("more instructions retired than the budget");
  RetiresInRun: assert property (@(posedge clk_i) disable iff (!rst_ni)
    retire_valid_i |-> run_in_progress_i)
    else $error("an instruction retires outside a run");
  HostWaits: assert property (@(posedge clk_i) disable iff (!rst_ni)
    host_access_i |-> !executing_i)
    else $error("the host reaches the regions while instructions execute");

  // Only some fields of the structs are looked at.
  logic unused;
  assign unused = ^{execute_i, memory_result_i};
endmodule
