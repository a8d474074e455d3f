// One memory region as two banks of 64-bit words, even and odd, so that any 8 bytes in a row are
// one access whatever their alignment. The caller splits the bytes over the banks (memory_unit).
module region_memory #(
  parameter int Bytes = 4096,
  localparam int LineWidth = (Bytes > 16) ? $clog2(Bytes / 16) : 1
) (
  input  logic                 clk_i,
  input  logic                 read_i,
  input  logic                 write_i,
  input  logic [LineWidth-1:0] even_line_i,
  input  logic [LineWidth-1:0] odd_line_i,
  input  logic [7:0]           even_enable_i,
  input  logic [7:0]           odd_enable_i,
  input  logic [63:0]          even_wdata_i,
  input  logic [63:0]          odd_wdata_i,
  output logic [63:0]          even_rdata_o,
  output logic [63:0]          odd_rdata_o
);
  byte_ram #(.Words(Bytes / 16)) u_even (
    .clk_i        (clk_i),
    .read_i       (read_i),
    .write_i      (write_i),
    .byte_enable_i(even_enable_i),
    .address_i    (even_line_i),
    .wdata_i      (even_wdata_i),
    .rdata_o      (even_rdata_o)
  );

  byte_ram #(.Words(Bytes / 16)) u_odd (
    .clk_i        (clk_i),
    .read_i       (read_i),
    .write_i      (write_i),
    .byte_enable_i(odd_enable_i),
    .address_i    (odd_line_i),
    .wdata_i      (odd_wdata_i),
    .rdata_o      (odd_rdata_o)
  );

  if (Bytes < 32 || (Bytes & (Bytes - 1)) != 0) begin : gen_bad_bytes
    $error("region_memory: Bytes must be a power of two, at least 32");
  end
endmodule
