// Memory with one read and one write port: block RAM on an FPGA.
//
// Latency: rdata_o one cycle after read_i, held until the next read. A read that meets a write of
// the same word sees the old one. Contents after configuration are undefined.
module sdp_ram #(
  parameter int Width = 64,
  parameter int Words = 1024,
  localparam int AddressWidth = (Words > 1) ? $clog2(Words) : 1
) (
  input  logic                    clk_i,
  input  logic                    read_i,
  input  logic [AddressWidth-1:0] raddress_i,
  output logic [Width-1:0]        rdata_o,
  input  logic                    write_i,
  input  logic [AddressWidth-1:0] waddress_i,
  input  logic [Width-1:0]        wdata_i
);
  logic [Width-1:0] words [Words];

  always_ff @(posedge clk_i) begin
    if (write_i) words[waddress_i] <= wdata_i;
  end
  always_ff @(posedge clk_i) begin
    if (read_i) rdata_o <= words[raddress_i];
  end
endmodule
