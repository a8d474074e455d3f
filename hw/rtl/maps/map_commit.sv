// The end of operations that change something, and of those that hold a bucket.
//
//   cycle 7   what is to be done; a slot is taken or given back
//   cycle 8   the slot is known
//   cycle 9   index, keys and filters are written; answer
//   cycle 11  the value goes to the data region
//   cycle 13  the bucket is free for others
//
// An engine that has its answer finds what it wrote: its next access reaches the data region in
// cycle 12 at the earliest. Throughput: one operation a cycle.
module map_commit (
  input  logic                                 clk_i,
  input  logic                                 rst_ni,
  input  map_unit_pkg::commit_t                commit_i,
  input  logic [255:0]                         key_i,
  input  map_unit_pkg::descriptor_t            descriptor_i,

  input  logic                                 define_i,
  input  logic [5:0]                           define_id_i,
  input  logic [5:0]                           query_id_i,
  output logic [13:0]                          used_o,
  output logic [13:0]                          fresh_o,
  output logic [map_unit_pkg::Maps-1:0]        evict_o,

  output logic [7:0]                           write_way_o,
  output logic                                 write_head_o,
  output logic [map_unit_pkg::BucketWidth-1:0] write_bucket_o,
  output logic [26:0]                          write_way_data_o,
  output logic [13:0]                          write_head_data_o,
  output logic                                 write_key_o,
  output logic [map_unit_pkg::SlotWidth-1:0]   write_key_slot_o,
  output logic [261:0]                         write_key_data_o,
  output logic                                 write_next_o,
  output logic [map_unit_pkg::SlotWidth-1:0]   write_next_slot_o,
  output logic [13:0]                          write_next_data_o,
  output logic                                 write_filter_o,
  output logic [7:0]                           write_filter_length_o,
  output logic [map_unit_pkg::FilterWidth-1:0] write_filter_index_o,
  output logic [3:0]                           write_filter_count_o,
  output logic                                 release_o,
  output logic [map_unit_pkg::TxnWidth-1:0]    release_txn_o,

  output logic                                 stamp_o,        // slot used now, or not any more
  output logic                                 stamp_used_o,
  output logic [map_unit_pkg::SlotWidth-1:0]   stamp_slot_o,

  output logic [map_unit_pkg::TxnCount-1:0]    retry_o,
  output logic                                 answer_valid_o,
  output logic [8:0]                           answer_to_o,
  output logic [31:0]                          answer_r0_o,

  output logic [map_unit_pkg::TxnWidth-1:0]    value_txn_o,    // cycle 10
  input  logic [511:0]                         value_i,
  output logic                                 value_valid_o,  // cycle 11
  output logic [23:0]                          value_offset_o,
  output logic [6:0]                           value_bytes_o,
  output logic [511:0]                         value_o
);
  localparam int Width = map_unit_pkg::SlotWidth;

  // Cycle 7.
  logic       is_update, is_delete, take, give, take_ok, writes_value;
  logic [3:0] ending;
  assign is_update = commit_i.valid && commit_i.op == map_pkg::OpUpdate;
  assign is_delete = commit_i.valid && commit_i.op == map_pkg::OpDelete;
  assign take = is_update && !commit_i.direct && !commit_i.bad_key && !commit_i.found &&
                (commit_i.flags == 3'd0 || commit_i.flags == 3'd1);
  assign give = is_delete && !commit_i.direct && !commit_i.bad_key && commit_i.found;

  always_comb begin
    ending       = map_unit_pkg::EndOk;
    writes_value = 1'b0;
    if (is_update) begin
      if (commit_i.flags > 3'd2) begin
        ending = map_unit_pkg::EndInvalid;
      end else if (commit_i.bad_key) begin
        ending = commit_i.direct ? map_unit_pkg::EndTooBig : map_unit_pkg::EndInvalid;
      end else if (commit_i.direct) begin
        writes_value = commit_i.flags != 3'd1;
        if (commit_i.flags == 3'd1) ending = map_unit_pkg::EndExists;
        if (commit_i.kind == map_pkg::TypeDevmap || commit_i.kind == map_pkg::TypeProgArray) begin
          ending       = map_unit_pkg::EndInvalid;    // the host's alone
          writes_value = 1'b0;
        end
      end else if (commit_i.found) begin
        writes_value = commit_i.flags != 3'd1;
        if (commit_i.flags == 3'd1) ending = map_unit_pkg::EndExists;
      end else if (commit_i.flags == 3'd2) begin
        ending = map_unit_pkg::EndNoEntry;
      end else if (take_ok) begin
        writes_value = 1'b1;
      end else begin
        ending = map_unit_pkg::EndTooBig;
        if (commit_i.kind == map_pkg::TypeLpmTrie) ending = map_unit_pkg::EndNoSpace;
        if (commit_i.kind == map_pkg::TypeLruHash) ending = map_unit_pkg::EndAgain;
      end
    end else if (is_delete) begin
      if (commit_i.direct || commit_i.bad_key) ending = map_unit_pkg::EndInvalid;
      else if (!commit_i.found) ending = map_unit_pkg::EndNoEntry;
    end else begin
      ending = commit_i.again ? map_unit_pkg::EndAgain : map_unit_pkg::EndLookup;
    end
  end

  logic [Width-1:0] new_slot;
  map_slots u_slots (
    .clk_i       (clk_i),
    .rst_ni      (rst_ni),
    .define_i    (define_i),
    .define_id_i (define_id_i),
    .take_i      (take),
    .give_i      (give),
    .id_i        (commit_i.id),
    .descriptor_i(descriptor_i),
    .give_slot_i (commit_i.slot[Width-1:0]),
    .take_ok_o   (take_ok),
    .slot_o      (new_slot),
    .query_id_i  (query_id_i),
    .used_o      (used_o),
    .fresh_o     (fresh_o),
    .evict_o     (evict_o)
  );

  // Cycle 8.
  map_unit_pkg::commit_t     w_q, x_q;
  logic [3:0]                w_ending_q, x_ending_q;
  logic                      w_inserts_q, x_inserts_q, w_removes_q, x_removes_q;
  logic                      w_value_q, x_value_q;
  logic [255:0]              w_key_q, x_key_q;
  map_unit_pkg::descriptor_t w_descriptor_q, x_descriptor_q;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      w_q         <= '0;
      x_q         <= '0;
      w_value_q   <= 1'b0;
      x_value_q   <= 1'b0;
      w_inserts_q <= 1'b0;
      x_inserts_q <= 1'b0;
      w_removes_q <= 1'b0;
      x_removes_q <= 1'b0;
      w_ending_q  <= '0;
      x_ending_q  <= '0;
    end else begin
      w_q.valid   <= commit_i.valid;
      x_q.valid   <= w_q.valid;
      w_inserts_q <= take && take_ok;
      w_removes_q <= give;
      w_value_q   <= writes_value;
      x_inserts_q <= w_inserts_q;
      x_removes_q <= w_removes_q;
      x_value_q   <= w_value_q;
      if (commit_i.valid) begin
        w_q        <= commit_i;
        w_ending_q <= ending;
      end
      if (w_q.valid) begin
        x_q        <= w_q;
        x_ending_q <= w_ending_q;
        if (w_inserts_q) x_q.slot <= {4'd0, new_slot};
      end
    end
  end
  always_ff @(posedge clk_i) begin
    if (commit_i.valid) begin
      w_key_q        <= key_i;
      w_descriptor_q <= descriptor_i;
    end
    if (w_q.valid) begin
      x_key_q        <= w_key_q;
      x_descriptor_q <= w_descriptor_q;
    end
  end

  // Cycle 9: a new key takes a free way of its bucket or becomes the first of its list.
  logic [Width-1:0] slot;
  logic             on_list;
  assign slot    = x_q.slot[Width-1:0];
  assign on_list = x_removes_q ? x_q.node : !x_q.state.free_valid;

  always_comb begin
    write_way_o       = '0;
    write_head_o      = 1'b0;
    write_next_o      = 1'b0;
    write_bucket_o    = x_q.hash[map_unit_pkg::BucketWidth-1:0];
    write_way_data_o  = {x_inserts_q, x_q.hash[map_unit_pkg::HashWidth-1 -: 13], slot};
    write_head_data_o = {1'b1, slot};
    write_next_slot_o = slot;
    write_next_data_o = {x_q.state.head_valid, x_q.state.head};
    // Also what was there: the bits behind a prefix may differ.
    write_key_o       = x_inserts_q || (x_value_q && !x_q.direct);
    write_key_slot_o  = slot;
    write_key_data_o  = {x_q.id, x_key_q};
    if (x_inserts_q) begin
      if (on_list) begin
        write_head_o = 1'b1;
        write_next_o = 1'b1;
      end else begin
        write_way_o[x_q.state.free_way] = 1'b1;
      end
    end
    if (x_removes_q) begin
      if (!on_list) begin
        write_way_o[x_q.way] = 1'b1;
      end else if (x_q.state.prev_valid) begin
        write_next_o      = 1'b1;
        write_next_slot_o = x_q.state.prev;
        write_next_data_o = {x_q.next_valid, x_q.next};
      end else begin
        write_head_o      = 1'b1;
        write_head_data_o = {x_q.next_valid, x_q.next};
      end
    end
  end

  // The filter's counter stays at 15 once it is there: from then on it may be too high.
  assign write_filter_o        = (x_inserts_q || x_removes_q) &&
                                 x_q.kind == map_pkg::TypeLpmTrie;
  assign write_filter_length_o = x_q.length;
  assign write_filter_index_o  = x_q.hash[map_unit_pkg::FilterWidth-1:0];
  assign write_filter_count_o  = (x_q.count == 4'd15) ? 4'd15 :
                                 x_inserts_q ? x_q.count + 4'd1 : x_q.count - 4'd1;

  assign stamp_o      = x_q.valid && (x_inserts_q || x_removes_q || (x_value_q && !x_q.direct));
  assign stamp_used_o = !x_removes_q;
  assign stamp_slot_o = slot;

  always_comb begin
    unique case (x_ending_q)
      map_unit_pkg::EndNoEntry: answer_r0_o = -32'd2;
      map_unit_pkg::EndTooBig:  answer_r0_o = -32'd7;
      map_unit_pkg::EndExists:  answer_r0_o = -32'd17;
      map_unit_pkg::EndInvalid: answer_r0_o = -32'd22;
      map_unit_pkg::EndNoSpace: answer_r0_o = -32'd28;
      map_unit_pkg::EndLookup:  answer_r0_o = x_q.r0;
      default:                  answer_r0_o = '0;
    endcase
  end
  assign answer_valid_o = x_q.valid && x_ending_q != map_unit_pkg::EndAgain;
  assign answer_to_o    = {x_q.engine, x_q.txn};

  // The lock is free in cycle 13: an LPM_TRIE's operation has read its filters three cycles before
  // it asks for the lock. One that starts over does so then.
  localparam int Delay = 4;
  logic [Delay-1:0]                                release_q, again_q;
  logic [Delay*map_unit_pkg::TxnWidth-1:0]         release_txn_q;
  assign release_o     = release_q[Delay-1];
  assign release_txn_o = release_txn_q[Delay*map_unit_pkg::TxnWidth-1 -: map_unit_pkg::TxnWidth];
  always_comb begin
    retry_o = '0;
    for (int t = 0; t < map_unit_pkg::TxnCount; t++) begin
      retry_o[t] = release_o && again_q[Delay-1] && release_txn_o == map_unit_pkg::TxnWidth'(t);
    end
  end
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      release_q     <= '0;
      again_q       <= '0;
      release_txn_q <= '0;
    end else begin
      release_q     <= {release_q[Delay-2:0], x_q.valid && x_q.release_lock};
      again_q       <= {again_q[Delay-2:0], x_ending_q == map_unit_pkg::EndAgain};
      release_txn_q <= {release_txn_q[(Delay-1)*map_unit_pkg::TxnWidth-1:0], x_q.txn};
    end
  end

  // Cycle 10: where the value is. A value takes one to eight words of eight bytes.
  logic                      y_value_q, z_value_q;
  logic [3:0]                stride;
  logic [23:0]               y_product_a_q, y_product_b_q;
  logic [6:0]                y_bytes_q;
  logic [map_unit_pkg::TxnWidth-1:0] y_txn_q;
  assign stride      = 4'((x_descriptor_q.value_bytes + 7'd7) >> 3);
  assign value_txn_o = y_txn_q;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      y_value_q <= 1'b0;
      z_value_q <= 1'b0;
    end else begin
      y_value_q <= x_q.valid && x_value_q;
      z_value_q <= y_value_q;
    end
  end
  always_ff @(posedge clk_i) begin
    if (x_value_q) begin
      y_txn_q       <= x_q.txn;
      y_bytes_q     <= x_descriptor_q.value_bytes;
      y_product_a_q <= (stride[0] ? {4'd0, x_q.slot, 3'd0} : 24'd0) +
                       (stride[1] ? {3'd0, x_q.slot, 4'd0} : 24'd0);
      y_product_b_q <= x_descriptor_q.values +
                       (stride[2] ? {2'd0, x_q.slot, 5'd0} :
                        stride[3] ? {1'd0, x_q.slot, 6'd0} : 24'd0);
    end
    if (y_value_q) begin
      value_offset_o <= y_product_a_q + y_product_b_q;
      value_bytes_o  <= y_bytes_q;
      value_o        <= value_i;
    end
  end
  assign value_valid_o = z_value_q;
endmodule
