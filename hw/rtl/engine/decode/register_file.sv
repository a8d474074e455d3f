// Registers: 64 words of 64 bits, two asynchronous reads and one write. LUT RAM on an FPGA.
//
// A read of the word that is written in the same cycle returns the new value; stored_a_o returns
// the old.
module register_file (
  input  logic        clk_i,
  input  logic [5:0]  address_a_i,
  output logic [63:0] data_a_o,
  output logic [63:0] stored_a_o,
  input  logic [5:0]  address_b_i,
  output logic [63:0] data_b_o,
  input  logic        write_i,
  input  logic [5:0]  write_address_i,
  input  logic [63:0] write_data_i
);
  logic [63:0] words [64];

  assign stored_a_o = words[address_a_i];
  assign data_a_o   = (write_i && write_address_i == address_a_i) ? write_data_i : stored_a_o;
  assign data_b_o   = (write_i && write_address_i == address_b_i) ? write_data_i :
                                                                    words[address_b_i];

  always_ff @(posedge clk_i) begin
    if (write_i) words[write_address_i] <= write_data_i;
  end
endmodule
