// LPM_TRIE: finds the length of the prefix to look up.
//
// Every length of a window of 32 has a filter: counters of the prefixes that hash to them. A zero
// says that no prefix of this length begins the key, so the longest length whose counter is not
// zero is the only one worth a look in the index; its hash is the index's hash. A counter that
// counts others leads to a pass for nothing, never to a wrong answer.
//
// Timing: in in cycle 1, out in cycle 4 (combinational from registers). exact_i asks for one length
// alone, whatever its counter.
module map_prefix (
  input  logic                               clk_i,
  input  logic                               rst_ni,

  input  logic                               valid_i,
  input  logic [5:0]                         id_i,
  input  logic [223:0]                       data_i,       // bytes of the prefix, first lowest
  input  logic [2:0]                         window_i,
  input  logic [7:0]                         cap_i,        // no longer than this
  input  logic                               exact_i,
  input  logic                               default_i,    // the map has a prefix of length 0

  output logic                               found_o,
  output logic [7:0]                         length_o,
  output logic [map_unit_pkg::HashWidth-1:0] hash_o,
  output logic [3:0]                         count_o,      // exact: the length's counter

  input  logic                               clear_i,      // start: zero one row of all filters
  input  logic                               write_i,
  input  logic [7:0]                         write_length_i,
  input  logic [map_unit_pkg::FilterWidth-1:0] write_index_i,
  input  logic [3:0]                         write_count_i
);
  localparam int Width = map_unit_pkg::HashWidth;
  localparam int Index = map_unit_pkg::FilterWidth;

  // Bits of the window, most significant first.
  logic [223:0] bits;
  always_comb begin
    for (int i = 0; i < 224; i++) bits[i] = data_i[(i / 8) * 8 + 7 - i % 8];
  end

  // What a bit adds to the hash: something for being there, something for being set.
  function automatic logic [Width-1:0] term(input int place, input logic set);
    term = map_unit_pkg::matrix_row(512 + place) ^
           (set ? map_unit_pkg::matrix_row(768 + place) : '0);
  endfunction

  logic [Width-1:0]    base_d, base_q, base_q2, base_q3;
  logic [31:0]         word_d, word_q, word_q2, word_q3;
  logic [32*Index-1:0] index_d, index_q;

  always_comb begin
    base_d = '0;
    for (int w = 0; w < map_unit_pkg::Windows; w++)
      if (window_i == 3'(w)) base_d = base_d ^ map_unit_pkg::matrix_row(1024 + w);
    for (int i = 0; i < 6; i++) if (id_i[i]) base_d = base_d ^ map_unit_pkg::matrix_row(1040 + i);
    for (int w = 0; w < map_unit_pkg::Windows - 1; w++) begin
      if (window_i > 3'(w)) begin
        for (int i = 0; i < 32; i++)
          if (bits[w*32 + i]) base_d = base_d ^ map_unit_pkg::matrix_row(w * 32 + i);
      end
    end
    word_d = '0;
    for (int w = 0; w < map_unit_pkg::Windows; w++)
      if (window_i == 3'(w)) word_d = bits[w*32 +: 32];
  end

  logic [Width-1:0] running;
  always_comb begin
    running = base_d;
    for (int i = 0; i < 32; i++) begin
      running = running ^ term(i, word_d[i]);
      index_d[i*Index +: Index] = running[Index-1:0];
    end
  end

  logic       valid_q, valid_q2;
  logic [2:0] window_q, window_q2, window_q3;
  logic [7:0] cap_q, cap_q2;
  logic       exact_q, exact_q2, default_q, default_q2;

  // Cycle 2: the filters' addresses. Cycle 3: their counters.
  logic [32*4-1:0] counters;
  for (genvar f = 0; f < 32; f++) begin : gen_filter
    logic write;
    assign write = clear_i || (write_i && write_length_i != '0 &&
                               5'(write_length_i - 8'd1) == 5'(f));
    sdp_ram #(.Width(4), .Words(1 << Index)) u_counters (
      .clk_i     (clk_i),
      .read_i    (valid_q),
      .raddress_i(index_q[f*Index +: Index]),
      .rdata_o   (counters[f*4 +: 4]),
      .write_i   (write),
      .waddress_i(write_index_i),
      .wdata_i   (clear_i ? 4'd0 : write_count_i)
    );
  end

  logic [31:0] candidates_d, candidates_q, longer;
  logic        zero_d, zero_q;
  logic [3:0]  count_d;
  logic [7:0]  lowest;
  assign lowest = {window_q2, 5'd0} + 8'd1;

  // Lengths that are asked for: from lowest to cap, or cap alone.
  always_comb begin
    count_d = '0;
    for (int i = 0; i < 32; i++) begin
      if (exact_q2) candidates_d[i] = cap_q2 == lowest + 8'(i);
      else candidates_d[i] = counters[i*4 +: 4] != '0 && cap_q2 >= lowest + 8'(i);
      if (cap_q2[4:0] == 5'(i + 1)) count_d = counters[i*4 +: 4];
    end
    zero_d = window_q2 == '0 && (exact_q2 ? cap_q2 == '0 : default_q2);
  end

  // Cycle 4: all places up to the longest candidate's.
  logic any_longer;
  always_comb begin
    any_longer = 1'b0;
    for (int i = 31; i >= 0; i--) begin
      any_longer = any_longer | candidates_q[i];
      longer[i]  = any_longer;
    end
  end

  always_comb begin
    hash_o   = base_q3;
    length_o = {window_q3, 5'd0};
    for (int i = 0; i < 32; i++) begin
      if (longer[i]) hash_o = hash_o ^ term(i, word_q3[i]);
    end
    for (int i = 0; i < 32; i++) if (candidates_q[i]) length_o = {window_q3, 5'd0} + 8'(i + 1);
  end
  assign found_o = candidates_q != '0 || zero_q;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      valid_q  <= 1'b0;
      valid_q2 <= 1'b0;
    end else begin
      valid_q  <= valid_i;
      valid_q2 <= valid_q;
    end
  end

  always_ff @(posedge clk_i) begin
    if (valid_i) begin
      base_q    <= base_d;
      word_q    <= word_d;
      index_q   <= index_d;
      window_q  <= window_i;
      cap_q     <= cap_i;
      exact_q   <= exact_i;
      default_q <= default_i;
    end
    if (valid_q) begin
      base_q2    <= base_q;
      word_q2    <= word_q;
      window_q2  <= window_q;
      cap_q2     <= cap_q;
      exact_q2   <= exact_q;
      default_q2 <= default_q;
    end
    if (valid_q2) begin
      base_q3      <= base_q2;
      word_q3      <= word_q2;
      window_q3    <= window_q2;
      candidates_q <= candidates_d;
      zero_q       <= zero_d;
      count_o      <= count_d;
    end
  end
endmodule
