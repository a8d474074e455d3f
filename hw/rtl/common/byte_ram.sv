// Single-port RAM of 64-bit words with byte enables: block RAM on an FPGA.
//
// Latency: rdata_o holds the word of the last read from the next cycle until the next read.
// A cycle either reads or writes. Contents after configuration are undefined.
module byte_ram #(
  parameter int Words = 512,
  localparam int AddressWidth = (Words > 1) ? $clog2(Words) : 1
) (
  input  logic                    clk_i,
  input  logic                    read_i,
  input  logic                    write_i,
  input  logic [7:0]              byte_enable_i,
  input  logic [AddressWidth-1:0] address_i,
  input  logic [63:0]             wdata_i,
  output logic [63:0]             rdata_o
);
  logic [63:0] words [Words];

  always_ff @(posedge clk_i) begin
    if (write_i) begin
      for (int i = 0; i < 8; i++) begin
        if (byte_enable_i[i]) words[address_i][8*i +: 8] <= wdata_i[8*i +: 8];
      end
    end
    if (read_i) rdata_o <= words[address_i];
  end
endmodule
