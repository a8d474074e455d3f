// Hash of a key and a map id: simple tabulation. The key is cut into chunks of five bits; each
// chunk looks up its own table of random words and the results are added without carry. The tables
// are filled from a seed at start, so nobody who does not know the seed can choose keys that fall
// into one bucket. (Correctness never depends on it: see map_unit_pkg.)
//
// Combinational; one word of one table is written a cycle while fill_i is high.
module map_hash #(
  localparam int Chunks = 53                // 256 bits of key, 6 of map id, 3 zeros
) (
  input  logic                                   clk_i,
  input  logic                                   fill_i,
  input  logic [10:0]                            fill_index_i,    // {table, word}
  input  logic [map_unit_pkg::HashWidth-1:0]     fill_data_i,
  input  logic [255:0]                           key_i,
  input  logic [5:0]                             map_i,
  output logic [map_unit_pkg::HashWidth-1:0]     hash_o
);
  localparam int Width = map_unit_pkg::HashWidth;

  logic [Chunks*5-1:0]     bits;
  logic [Chunks*Width-1:0] parts;

  assign bits = {3'd0, map_i, key_i};

  for (genvar c = 0; c < Chunks; c++) begin : gen_table
    logic [Width-1:0] words [32];
    always_ff @(posedge clk_i) begin
      if (fill_i && fill_index_i[10:5] == 6'(c)) words[fill_index_i[4:0]] <= fill_data_i;
    end
    assign parts[c*Width +: Width] = words[bits[c*5 +: 5]];
  end

  always_comb begin
    hash_o = '0;
    for (int c = 0; c < Chunks; c++) hash_o = hash_o ^ parts[c*Width +: Width];
  end
endmodule
