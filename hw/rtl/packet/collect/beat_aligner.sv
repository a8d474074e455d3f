// Lines of a slot to beats of a stream: the packet may begin at any byte of its first line.
//
// Lines come in order, at most one a cycle, gaps allowed. Latency: two cycles from line to beat,
// one line more if the packet is not aligned. One packet at a time: the next first line comes when
// busy_o is low.
//
//   lines (shift 20)   ....abcd efghijkl mnop....      each turned by 20 bytes, then joined
//   beats              abcdefgh ijklmnop
module beat_aligner (
  input  logic         clk_i,
  input  logic         rst_ni,
  input  logic         start_i,       // a packet: first byte and length
  input  logic [4:0]   shift_i,
  input  logic [10:0]  length_i,
  output logic         busy_o,
  input  logic         valid_i,
  input  logic [255:0] line_i,
  output logic         valid_o,
  output logic         first_o,
  output logic         last_o,
  output logic [4:0]   last_byte_o,   // with last_o: index of the last byte
  output logic [255:0] beat_o
);
  logic         busy_q, turned_valid_q, seen_q, began_q;
  logic [4:0]   shift_q, last_byte_q;
  logic [6:0]   lines_q;              // lines still to come
  logic [5:0]   beats_q;              // beats still to go, less one
  logic [255:0] turned, turned_q, previous_q;

  // Rotate by words, then by bytes.
  logic [255:0] by_words;
  always_comb begin
    unique case (shift_q[4:3])
      2'd0:    by_words = line_i;
      2'd1:    by_words = {line_i[63:0], line_i[255:64]};
      2'd2:    by_words = {line_i[127:0], line_i[255:128]};
      default: by_words = {line_i[191:0], line_i[255:192]};
    endcase
    unique case (shift_q[2:0])
      3'd0:    turned = by_words;
      3'd1:    turned = {by_words[7:0], by_words[255:8]};
      3'd2:    turned = {by_words[15:0], by_words[255:16]};
      3'd3:    turned = {by_words[23:0], by_words[255:24]};
      3'd4:    turned = {by_words[31:0], by_words[255:32]};
      3'd5:    turned = {by_words[39:0], by_words[255:40]};
      3'd6:    turned = {by_words[47:0], by_words[255:48]};
      default: turned = {by_words[55:0], by_words[255:56]};
    endcase
  end

  logic aligned, flush;
  assign aligned = shift_q == 5'd0;
  // The last beat may end within the line that the beat before began with.
  assign flush   = busy_q && !turned_valid_q && lines_q == 7'd0 && seen_q;
  assign valid_o = (turned_valid_q && (aligned || seen_q)) || flush;
  assign first_o = !began_q;
  assign last_o  = beats_q == 6'd0;
  assign last_byte_o = last_byte_q;
  assign busy_o  = busy_q;

  for (genvar i = 0; i < 32; i++) begin : gen_byte
    // Bytes of the line come first, then those of the next.
    assign beat_o[8*i +: 8] = (aligned || 6'(i) + {1'b0, shift_q} >= 6'd32) ?
                              turned_q[8*i +: 8] : previous_q[8*i +: 8];
  end

  logic [10:0] last_index;
  logic [11:0] end_in_lines;
  assign last_index   = length_i - 11'd1;
  assign end_in_lines = {1'b0, last_index} + {7'd0, shift_i};

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      busy_q         <= 1'b0;
      turned_valid_q <= 1'b0;
      seen_q         <= 1'b0;
      began_q        <= 1'b0;
      shift_q        <= '0;
      last_byte_q    <= '0;
      lines_q        <= '0;
      beats_q        <= '0;
    end else begin
      turned_valid_q <= valid_i;
      if (valid_i) lines_q <= lines_q - 7'd1;
      if (turned_valid_q) seen_q <= 1'b1;
      if (valid_o) begin
        began_q <= 1'b1;
        beats_q <= beats_q - 6'd1;
        if (last_o) busy_q <= 1'b0;
      end
      if (start_i) begin
        busy_q      <= 1'b1;
        seen_q      <= 1'b0;
        began_q     <= 1'b0;
        shift_q     <= shift_i;
        last_byte_q <= last_index[4:0];
        beats_q     <= last_index[10:5];
        lines_q     <= end_in_lines[11:5] + 7'd1;
      end
    end
  end

  always_ff @(posedge clk_i) begin
    if (valid_i) turned_q <= turned;
    if (turned_valid_q) previous_q <= turned_q;
  end

`ifndef SYNTHESIS
  always_ff @(posedge clk_i) begin
    if (rst_ni) begin
      assert (!start_i || !busy_q);
      assert (!valid_i || (busy_q && lines_q != 7'd0));
    end
  end
`endif
endmodule
