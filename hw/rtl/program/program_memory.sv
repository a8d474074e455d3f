// Double instruction memory: engines fetch from the active bank while the host fills the other.
//
// A switch request takes effect in the first cycle in which no engine has a run in progress, so a
// run sees one program from its first to its last instruction. The length moves with the bank.
// Latency: an instruction is there one cycle after its address and holds until the next fetch.
module program_memory #(
  parameter int Slots = 4096,
  localparam int AddressWidth = $clog2(Slots)
) (
  input  logic        clk_i,
  input  logic        rst_ni,

  // Host side: the inactive bank.
  input  logic                    write_i,
  input  logic [AddressWidth-1:0] write_address_i,
  input  logic [63:0]             write_data_i,
  input  logic [31:0]             write_length_i,
  input  logic                    switch_i,
  output logic                    active_bank_o,
  output logic                    switch_pending_o,

  // Engine side: the active bank.
  input  logic        run_in_progress_i,
  input  logic        fetch_i,
  input  logic [31:0] fetch_pc_i,
  output logic [63:0] instruction_o,
  output logic        out_of_program_o
);
  logic [63:0] slots [2*Slots];
  logic        bank_q, pending_q;
  logic [31:0] length_q;
  logic        do_switch;

  assign do_switch        = pending_q && !run_in_progress_i;
  assign active_bank_o    = bank_q;
  assign switch_pending_o = pending_q;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      bank_q           <= 1'b0;
      pending_q        <= 1'b0;
      length_q         <= '0;
      out_of_program_o <= 1'b1;
    end else begin
      pending_q <= switch_i || (pending_q && !do_switch);
      if (do_switch) begin
        bank_q   <= !bank_q;
        length_q <= write_length_i;
      end
      if (fetch_i) out_of_program_o <= fetch_pc_i >= length_q;
    end
  end

  always_ff @(posedge clk_i) begin
    if (write_i) slots[{!bank_q, write_address_i}] <= write_data_i;
    if (fetch_i) instruction_o <= slots[{bank_q, fetch_pc_i[AddressWidth-1:0]}];
  end

  if (Slots < 2 || (Slots & (Slots - 1)) != 0) begin : gen_bad_slots
    $error("program_memory: Slots must be a power of two, at least 2");
  end
endmodule
