// An engine's own memory: packet slots, stack and context, 512 lines of 32 bytes.
//
// Port A moves beats of 32 bytes. Port B is the program's: up to 8 bytes at any alignment every
// cycle, over two lines if need be, or a line of zeros. Latency of both reads: one cycle; b_rdata_o
// has the first byte lowest, bytes past the access are undefined.
module local_memory (
  input  logic         clk_i,

  input  logic         a_write_i,
  input  logic         a_read_i,
  input  logic [8:0]   a_line_i,
  input  logic [255:0] a_wdata_i,
  output logic [255:0] a_rdata_o,

  input  logic         b_read_i,
  input  logic         b_write_i,
  input  logic         b_clear_i,        // with b_write_i: the whole line becomes zero
  input  logic         b_wrap_i,         // the line after the last of a slot is its first
  input  logic [8:0]   b_line_i,
  input  logic [4:0]   b_byte_i,
  input  logic [1:0]   b_size_i,         // log2 of the bytes
  input  logic [63:0]  b_wdata_i,
  output logic [63:0]  b_rdata_o
);
  // Only an access that begins in the last word reaches the next line, in bank 0.
  logic [8:0]  next_line;
  logic [5:0]  low_next;
  logic [63:0] rotated, wdata;
  logic [15:0] enable;           // from the first word on
  logic [31:0] bank_enable;
  logic [7:0]  size_enable;

  assign low_next  = b_line_i[5:0] + 6'd1;
  assign next_line = {b_line_i[8:6] + 3'(!b_wrap_i && low_next == 6'd0), low_next};

  always_comb begin
    unique case (b_size_i)
      2'd0:    size_enable = 8'h01;
      2'd1:    size_enable = 8'h03;
      2'd2:    size_enable = 8'h0f;
      default: size_enable = 8'hff;
    endcase
    enable = {8'd0, size_enable} << b_byte_i[2:0];
    unique case (b_byte_i[4:3])
      2'd0:    bank_enable = {16'd0, enable};
      2'd1:    bank_enable = {8'd0, enable, 8'd0};
      2'd2:    bank_enable = {enable, 16'd0};
      default: bank_enable = {enable[7:0], 16'd0, enable[15:8]};
    endcase
    if (b_clear_i) bank_enable = '1;
    if (!b_write_i) bank_enable = '0;
  end

  // Bytes turn within the word: those that go into the second word come round to its low end.
  always_comb begin
    unique case (b_byte_i[2:0])
      3'd0:    rotated = b_wdata_i;
      3'd1:    rotated = {b_wdata_i[55:0], b_wdata_i[63:56]};
      3'd2:    rotated = {b_wdata_i[47:0], b_wdata_i[63:48]};
      3'd3:    rotated = {b_wdata_i[39:0], b_wdata_i[63:40]};
      3'd4:    rotated = {b_wdata_i[31:0], b_wdata_i[63:32]};
      3'd5:    rotated = {b_wdata_i[23:0], b_wdata_i[63:24]};
      3'd6:    rotated = {b_wdata_i[15:0], b_wdata_i[63:16]};
      default: rotated = {b_wdata_i[7:0], b_wdata_i[63:8]};
    endcase
    wdata = b_clear_i ? 64'd0 : rotated;
  end

  logic [255:0] lines;
  for (genvar i = 0; i < 4; i++) begin : gen_bank
    line_bank #(.Lines(512)) u_bank (
      .clk_i    (clk_i),
      .a_write_i(a_write_i),
      .a_read_i (a_read_i),
      .a_line_i (a_line_i),
      .a_wdata_i(a_wdata_i[64*i +: 64]),
      .a_rdata_o(a_rdata_o[64*i +: 64]),
      .b_read_i (b_read_i),
      .b_write_i(bank_enable[8*i +: 8]),
      .b_line_i ((i == 0 && b_byte_i[4:3] == 2'd3 && !b_clear_i) ? next_line : b_line_i),
      .b_wdata_i(wdata),
      .b_rdata_o(lines[64*i +: 64])
    );
  end

  logic [4:0]   byte_q;
  logic [119:0] pair;
  always_ff @(posedge clk_i) begin
    if (b_read_i) byte_q <= b_byte_i;
  end

  always_comb begin
    unique case (byte_q[4:3])
      2'd0:    pair = lines[119:0];
      2'd1:    pair = lines[183:64];
      2'd2:    pair = lines[247:128];
      default: pair = {lines[55:0], lines[255:192]};
    endcase
    b_rdata_o = pair[7'({byte_q[2:0], 3'd0}) +: 64];
  end
endmodule
