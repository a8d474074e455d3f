// One of the eight banks of the data region: every eighth word of eight bytes.
//
//   cycle 1   an access is taken, its word is read
//   cycle 2   the word, as the accesses before it leave it: the old value
//   cycle 3   the new value
//   cycle 4   it is written
//
// Every access goes all the way, so accesses take effect in the order in which they come, one a
// cycle, whatever they are. old_o is valid in cycle 3. Operands are in place within the word;
// enable_i says which bytes are meant.
module value_bank #(
  parameter int Words = 4096,
  localparam int AddressWidth = $clog2(Words)
) (
  input  logic                    clk_i,
  input  logic                    rst_ni,
  input  logic                    valid_i,
  input  logic [3:0]              op_i,          // map_pkg::Data*
  input  logic [AddressWidth-1:0] address_i,
  input  logic [7:0]              enable_i,
  input  logic [63:0]             operand_i,
  input  logic [63:0]             expected_i,    // DataCompareExchange
  output logic [63:0]             old_o
);
  typedef struct packed {
    logic                    valid;
    logic [3:0]              op;
    logic [AddressWidth-1:0] address;
    logic [7:0]              enable;
    logic [63:0]             operand;
    logic [63:0]             expected;
  } access_t;

  access_t     read_q, change_q;
  logic [63:0] word, old, old_q, mask, result, new_word, write_word_q, done_word_q;
  logic        write_q, writes, done_q;
  logic [AddressWidth-1:0] write_address_q, done_address_q;

  sdp_ram #(.Width(64), .Words(Words)) u_words (
    .clk_i     (clk_i),
    .read_i    (valid_i),
    .raddress_i(address_i),
    .rdata_o   (word),
    .write_i   (write_q),
    .waddress_i(write_address_q),
    .wdata_i   (write_word_q)
  );

  // The three accesses before this one may not have reached the memory when it was read.
  always_comb begin
    old = word;
    if (done_q && done_address_q == read_q.address) old = done_word_q;
    if (write_q && write_address_q == read_q.address) old = write_word_q;
    if (writes && change_q.address == read_q.address) old = new_word;
  end

  always_comb begin
    for (int b = 0; b < 8; b++) mask[b*8 +: 8] = {8{change_q.enable[b]}};
  end

  always_comb begin
    unique case (change_q.op)
      map_pkg::DataAdd, map_pkg::DataFetchAdd: result = old_q + change_q.operand;
      map_pkg::DataOr, map_pkg::DataFetchOr:   result = old_q | change_q.operand;
      map_pkg::DataAnd, map_pkg::DataFetchAnd: result = old_q & change_q.operand;
      map_pkg::DataXor, map_pkg::DataFetchXor: result = old_q ^ change_q.operand;
      default:                                 result = change_q.operand;
    endcase
    new_word = (old_q & ~mask) | (result & mask);
    writes   = change_q.valid && change_q.op != map_pkg::DataLoad;
    if (change_q.op == map_pkg::DataCompareExchange &&
        ((old_q ^ change_q.expected) & mask) != '0) writes = 1'b0;
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      read_q   <= '0;
      change_q <= '0;
      write_q  <= 1'b0;
      done_q   <= 1'b0;
    end else begin
      read_q.valid   <= valid_i;
      change_q.valid <= read_q.valid;
      write_q        <= writes;
      done_q         <= write_q;
      if (valid_i) begin
        read_q.op       <= op_i;
        read_q.address  <= address_i;
        read_q.enable   <= enable_i;
        read_q.operand  <= operand_i;
        read_q.expected <= expected_i;
      end
      if (read_q.valid) change_q <= read_q;
    end
  end

  always_ff @(posedge clk_i) begin
    if (read_q.valid) old_q <= old;
    if (writes) begin
      write_address_q <= change_q.address;
      write_word_q    <= new_word;
    end
    if (write_q) begin
      done_address_q <= write_address_q;
      done_word_q    <= write_word_q;
    end
  end
  assign old_o = old_q;
endmodule
