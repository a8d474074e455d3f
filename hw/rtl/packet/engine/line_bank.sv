// One of the four 64-bit banks of an engine's local memory: block RAM with two ports.
//
// Port A moves whole words of packet beats, port B the program's bytes. Data of a read is there in
// the next cycle and holds. Both ports may use the same word in one cycle only if both read.
module line_bank #(
  parameter int Lines = 512,
  localparam int LineWidth = $clog2(Lines)
) (
  input  logic                 clk_i,
  input  logic                 a_write_i,
  input  logic                 a_read_i,      // not with a_write_i
  input  logic [LineWidth-1:0] a_line_i,
  input  logic [63:0]          a_wdata_i,
  output logic [63:0]          a_rdata_o,
  input  logic                 b_read_i,
  input  logic [7:0]           b_write_i,     // byte enables
  input  logic [LineWidth-1:0] b_line_i,
  input  logic [63:0]          b_wdata_i,
  output logic [63:0]          b_rdata_o
);
  logic [63:0] words [Lines];

  always_ff @(posedge clk_i) begin
    if (a_write_i) words[a_line_i] <= a_wdata_i;
    if (a_read_i) a_rdata_o <= words[a_line_i];
  end

  always_ff @(posedge clk_i) begin
    for (int i = 0; i < 8; i++) begin
      if (b_write_i[i]) words[b_line_i][8*i +: 8] <= b_wdata_i[8*i +: 8];
    end
    if (b_read_i) b_rdata_o <= words[b_line_i];
  end
endmodule
