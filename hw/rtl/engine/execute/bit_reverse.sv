// Bit 0 for bit 63 and so on: wires on an FPGA, written as halves that change places for the
// simulator.
module bit_reverse (
  input  logic [63:0] value_i,
  output logic [63:0] value_o
);
  logic [63:0] words, halves, bytes, nibbles, pairs;
  assign words   = {value_i[31:0], value_i[63:32]};
  assign halves  = ((words & 64'h0000ffff_0000ffff) << 16) |
                   ((words >> 16) & 64'h0000ffff_0000ffff);
  assign bytes   = ((halves & 64'h00ff00ff_00ff00ff) << 8) |
                   ((halves >> 8) & 64'h00ff00ff_00ff00ff);
  assign nibbles = ((bytes & 64'h0f0f0f0f_0f0f0f0f) << 4) | ((bytes >> 4) & 64'h0f0f0f0f_0f0f0f0f);
  assign pairs   = ((nibbles & 64'h33333333_33333333) << 2) |
                   ((nibbles >> 2) & 64'h33333333_33333333);
  assign value_o = ((pairs & 64'h55555555_55555555) << 1) | ((pairs >> 1) & 64'h55555555_55555555);
endmodule
