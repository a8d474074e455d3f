// Lookups that need no search: ARRAY, PERCPU_ARRAY, and the entries of DEVMAP and PROG_ARRAY.
//
// In in cycle 1 (from map_issue), answer in cycle 3. An entry is {16'd0, ports of the whole map for
// a broadcast, ports of this entry, 32 bits that are zero if the entry is empty}; the host writes
// it. A lookup of a DEVMAP gives the address of its value if the entry is not empty.
module map_direct (
  input  logic                       clk_i,
  input  logic                       rst_ni,
  input  map_unit_pkg::op_t          op_i,
  input  map_unit_pkg::descriptor_t  descriptor_i,
  output logic                       answer_valid_o,
  output logic [8:0]                 answer_to_o,
  output logic [63:0]                answer_r0_o,

  input  logic                       entry_write_i,
  input  logic [map_unit_pkg::EntryWidth-1:0] entry_address_i,
  input  logic [39:0]                entry_i,
  input  logic [5:0]                 entry_id_i,
  input  logic [7:0]                 entry_broadcast_i
);
  logic takes;
  assign takes = op_i.valid && op_i.direct &&
                 (op_i.op == map_pkg::OpLookup || op_i.op == map_pkg::OpEntry);

  logic        valid_q, valid_q2, good_q, good_q2, entry_q, entry_q2, devmap_q, devmap_q2;
  logic [8:0]  to_q, to_q2;
  logic [23:0] product_a_q, product_b_q, offset_q2;
  logic [3:0]  stride;
  logic [map_unit_pkg::EntryWidth-1:0] address_q;
  logic [39:0] entry;
  logic [7:0]  broadcasts [map_unit_pkg::Maps];
  logic [7:0]  broadcast_q, broadcast_q2;

  assign stride = 4'((descriptor_i.value_bytes + 7'd7) >> 3);

  sdp_ram #(.Width(40), .Words(1 << map_unit_pkg::EntryWidth)) u_entries (
    .clk_i     (clk_i),
    .read_i    (valid_q && (entry_q || devmap_q)),
    .raddress_i(address_q),
    .rdata_o   (entry),
    .write_i   (entry_write_i),
    .waddress_i(entry_address_i),
    .wdata_i   (entry_i)
  );

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      valid_q  <= 1'b0;
      valid_q2 <= 1'b0;
    end else begin
      valid_q  <= takes;
      valid_q2 <= valid_q;
    end
  end

  always_ff @(posedge clk_i) begin
    if (entry_write_i) broadcasts[entry_id_i] <= entry_broadcast_i;
    if (takes) begin
      good_q        <= !op_i.bad_key;
      entry_q       <= op_i.op == map_pkg::OpEntry;
      devmap_q      <= op_i.kind == map_pkg::TypeDevmap;
      to_q          <= {op_i.engine, op_i.txn};
      broadcast_q   <= broadcasts[op_i.id];
      address_q     <= descriptor_i.base[map_unit_pkg::EntryWidth-1:0] +
                       op_i.slot[map_unit_pkg::EntryWidth-1:0];
      product_a_q   <= (stride[0] ? {4'd0, op_i.slot, 3'd0} : 24'd0) +
                       (stride[1] ? {3'd0, op_i.slot, 4'd0} : 24'd0);
      product_b_q   <= descriptor_i.values +
                       (stride[2] ? {2'd0, op_i.slot, 5'd0} :
                        stride[3] ? {1'd0, op_i.slot, 6'd0} : 24'd0);
    end
    if (valid_q) begin
      good_q2      <= good_q;
      entry_q2     <= entry_q;
      devmap_q2    <= devmap_q;
      to_q2        <= to_q;
      broadcast_q2 <= broadcast_q;
      offset_q2    <= product_a_q + product_b_q;
    end
  end

  always_comb begin
    answer_r0_o = good_q2 ? {32'd0, 4'd3, 4'd0, offset_q2} : '0;
    if (devmap_q2 && entry[31:0] == '0) answer_r0_o = '0;
    if (entry_q2) answer_r0_o = {16'd0, broadcast_q2, good_q2 ? entry : 40'd0};
  end
  assign answer_valid_o = valid_q2;
  assign answer_to_o    = to_q2;

  // Entries of arrays, and what the index needs, are others' business.
  logic unused;
  assign unused = ^{op_i, descriptor_i};
endmodule
