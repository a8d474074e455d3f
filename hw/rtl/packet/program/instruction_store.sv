// One engine's copy of all resident programs: block RAM of 66-bit slots, written by the host while
// the engine fetches. Every version of a program has its own slots, so a fetch never meets a write.
//
// Latency: a slot is there one cycle after fetch_i and holds until the next fetch.
module instruction_store #(
  parameter int Slots = 4096,
  localparam int AddressWidth = $clog2(Slots)
) (
  input  logic                    clk_i,
  input  logic                    write_i,
  input  logic [AddressWidth-1:0] write_address_i,
  input  logic [65:0]             write_data_i,     // {likely, illegal, instruction}
  input  logic                    fetch_i,
  input  logic [AddressWidth-1:0] fetch_address_i,
  output logic [65:0]             slot_o
);
  logic [65:0] slots [Slots];

  always_ff @(posedge clk_i) begin
    if (write_i) slots[write_address_i] <= write_data_i;
    if (fetch_i) slot_o <= slots[fetch_address_i];
  end

  if (Slots < 2 || (Slots & (Slots - 1)) != 0 || Slots > 65536) begin : gen_bad_slots
    $error("instruction_store: Slots must be a power of two, at most 65536");
  end
endmodule
