// The buckets: eight ways of {valid, tag, slot} and the head of a list, in block RAM.
//
// Read: row_o one cycle after read_i, from the block RAM. Write: any of the ways, and the head, of
// one bucket a cycle. A read that meets a write of the same bucket sees the old row.
module map_index (
  input  logic                                     clk_i,
  input  logic                                     read_i,
  input  logic [map_unit_pkg::BucketWidth-1:0]     read_bucket_i,
  output logic [map_unit_pkg::Ways*27-1:0]         row_o,          // {valid, tag, slot} each
  output logic [13:0]                              head_o,         // {valid, slot}

  input  logic [map_unit_pkg::Ways-1:0]            write_way_i,
  input  logic                                     write_head_i,
  input  logic [map_unit_pkg::BucketWidth-1:0]     write_bucket_i,
  input  logic [26:0]                              way_i,
  input  logic [13:0]                              head_i
);
  for (genvar w = 0; w < map_unit_pkg::Ways; w++) begin : gen_way
    logic [26:0] words [map_unit_pkg::Buckets];
    logic [26:0] word_q;
    always_ff @(posedge clk_i) begin
      if (write_way_i[w]) words[write_bucket_i] <= way_i;
    end
    always_ff @(posedge clk_i) begin
      if (read_i) word_q <= words[read_bucket_i];
    end
    assign row_o[w*27 +: 27] = word_q;
  end

  logic [13:0] heads [map_unit_pkg::Buckets];
  always_ff @(posedge clk_i) begin
    if (write_head_i) heads[write_bucket_i] <= head_i;
  end
  always_ff @(posedge clk_i) begin
    if (read_i) head_o <= heads[read_bucket_i];
  end
endmodule
