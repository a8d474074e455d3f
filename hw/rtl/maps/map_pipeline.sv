// The index's part of the map unit: from the hash of a key to the slot that has it.
//
//   cycle 1   issue: key and hash                (map_issue, map_hash, outside)
//   cycle 2   row: the bucket is read            LPM_TRIE joins here two cycles later (map_prefix)
//   cycle 3   tags are compared; locks
//   cycle 4   a way is chosen, its slot is read
//   cycle 5   keys are compared
//   cycle 6   answer, or what to do next
//
// A lookup that its first pass answers is out in cycle 6, on an LPM_TRIE in cycle 8; one in the way
// of an LPM_TRIE's is up to two cycles later. All others: see map_unit_pkg. What changes something
// goes on to map_commit.
module map_pipeline (
  input  logic                                clk_i,
  input  logic                                rst_ni,

  input  map_unit_pkg::op_t                   op_i,          // cycle 1
  input  logic [map_unit_pkg::HashWidth-1:0]  hash_i,
  input  logic [255:0]                        key_i,
  input  logic                                default_i,     // the map has a prefix of length 0

  output logic [map_unit_pkg::TxnWidth-1:0]   compare_txn_o,
  input  logic [255:0]                        compare_key_i,

  output logic [map_unit_pkg::TxnCount-1:0]   retry_o,
  output logic                                state_write_o,
  output logic [map_unit_pkg::TxnWidth-1:0]   state_txn_o,
  output map_unit_pkg::state_t                state_o,

  output logic                                answer_valid_o,
  output logic [8:0]                          answer_to_o,
  output logic [31:0]                         answer_r0_o,
  output logic [255:0]                        answer_key_o,  // OpSlot

  output map_unit_pkg::commit_t               commit_o,
  output logic [255:0]                        commit_key_o,
  output map_unit_pkg::descriptor_t           commit_descriptor_o,

  output logic                                touch_o,       // a lookup of LRU_HASH has found this
  output logic [map_unit_pkg::SlotWidth-1:0]  touch_slot_o,

  output logic                                used_read_o,   // OpSlot: is the slot used?
  output logic [map_unit_pkg::SlotWidth-1:0]  used_slot_o,
  input  logic                                used_i,        // one cycle later

  input  logic                                define_i,
  input  logic [5:0]                          define_id_i,
  input  map_unit_pkg::descriptor_t           define_descriptor_i,

  // Changes, from map_commit.
  input  logic                                clear_i,       // start: zero row clear_row_i
  input  logic [11:0]                         clear_row_i,
  input  logic [7:0]                          write_way_i,
  input  logic                                write_head_i,
  input  logic [map_unit_pkg::BucketWidth-1:0] write_bucket_i,
  input  logic [26:0]                         write_way_data_i,
  input  logic [13:0]                         write_head_data_i,
  input  logic                                write_key_i,
  input  logic [map_unit_pkg::SlotWidth-1:0]  write_key_slot_i,
  input  logic [261:0]                        write_key_data_i,
  input  logic                                write_next_i,
  input  logic [map_unit_pkg::SlotWidth-1:0]  write_next_slot_i,
  input  logic [13:0]                         write_next_data_i,
  input  logic                                write_filter_i,
  input  logic [7:0]                          write_filter_length_i,
  input  logic [map_unit_pkg::FilterWidth-1:0] write_filter_index_i,
  input  logic [3:0]                          write_filter_count_i,
  input  logic                                release_i,
  input  logic [map_unit_pkg::TxnWidth-1:0]   release_txn_i
);
  localparam int HashWidth = map_unit_pkg::HashWidth;
  localparam int TagWidth  = map_unit_pkg::TagWidth;
  localparam int SlotWidth = map_unit_pkg::SlotWidth;
  localparam int Ways      = map_unit_pkg::Ways;

  // Cycle 2: everything but LPM_TRIE, whose operations take two cycles more to get here.
  logic is_prefix, enters, enters_prefix;
  map_unit_pkg::op_t h_d, h_q, f_q, g_q, e_q, e;
  assign is_prefix     = op_i.kind == map_pkg::TypeLpmTrie && op_i.op != map_unit_pkg::OpSlot;
  assign enters        = op_i.valid && !is_prefix &&
                         (!op_i.direct || op_i.op == map_pkg::OpUpdate ||
                          op_i.op == map_pkg::OpDelete);
  assign enters_prefix = op_i.valid && is_prefix;

  always_comb begin
    h_d       = op_i;
    h_d.valid = enters;
    h_d.hash  = hash_i;
  end

  logic                 prefix_found;
  logic [7:0]           prefix_length;
  logic [HashWidth-1:0] prefix_hash;
  logic [3:0]           prefix_count;
  map_prefix u_prefix (
    .clk_i         (clk_i),
    .rst_ni        (rst_ni),
    .valid_i       (enters_prefix),
    .id_i          (op_i.id),
    .data_i        (key_i[255:32]),
    .window_i      (op_i.state.window),
    .cap_i         (op_i.state.cap),
    .exact_i       (op_i.state.exact),
    .default_i     (default_i),
    .found_o       (prefix_found),
    .length_o      (prefix_length),
    .hash_o        (prefix_hash),
    .count_o       (prefix_count),
    .clear_i       (clear_i),
    .write_i       (write_filter_i),
    .write_length_i(write_filter_length_i),
    .write_index_i (clear_i ? clear_row_i : write_filter_index_i),
    .write_count_i (write_filter_count_i)
  );

  always_comb begin
    e              = e_q;
    e.hash         = prefix_hash;
    e.length       = prefix_length;
    e.count        = prefix_count;
    e.no_candidate = !prefix_found;
  end

  // The two streams meet: LPM_TRIE first, the others wait in order.
  map_unit_pkg::op_t wait0_q, wait1_q, r;
  always_comb begin
    r = h_q;
    if (wait0_q.valid) r = wait0_q;
    if (e_q.valid) r = e;
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      h_q     <= '0;
      f_q     <= '0;
      g_q     <= '0;
      e_q     <= '0;
      wait0_q <= '0;
      wait1_q <= '0;
    end else begin
      h_q <= h_d;
      f_q.valid <= enters_prefix;
      g_q.valid <= f_q.valid;
      e_q.valid <= g_q.valid;
      if (enters_prefix) f_q <= op_i;
      if (f_q.valid) g_q <= f_q;
      if (g_q.valid) e_q <= g_q;
      if (e_q.valid) begin
        if (h_q.valid && !wait0_q.valid) wait0_q <= h_q;
        if (h_q.valid && wait0_q.valid) wait1_q <= h_q;
      end else if (wait0_q.valid) begin
        wait0_q <= wait1_q.valid ? wait1_q : h_q;
        wait1_q <= wait1_q.valid ? h_q : '0;
      end
    end
  end

  // Cycle 3: the row is there.
  map_unit_pkg::op_t p_q;
  logic [Ways*27-1:0] row;
  logic [13:0]        head;
  logic               needs_lock, go;

  map_index u_index (
    .clk_i         (clk_i),
    .read_i        (r.valid),
    .read_bucket_i (r.hash[map_unit_pkg::BucketWidth-1:0]),
    .row_o         (row),
    .head_o        (head),
    .write_way_i   (clear_i ? '1 : write_way_i),
    .write_head_i  (clear_i || write_head_i),
    .write_bucket_i(clear_i ? clear_row_i[map_unit_pkg::BucketWidth-1:0] : write_bucket_i),
    .way_i         (clear_i ? '0 : write_way_data_i),
    .head_i        (clear_i ? '0 : write_head_data_i)
  );

  logic indexed;     // this pass looks something up
  assign indexed    = !p_q.direct && !p_q.bad_key && !p_q.no_candidate &&
                      p_q.op != map_unit_pkg::OpSlot;
  assign needs_lock = p_q.valid && indexed &&
                      (map_unit_pkg::is_mutator(p_q.op) || p_q.state.need_lock);

  logic [map_unit_pkg::TxnCount-1:0] wake;
  map_locks u_locks (
    .clk_i        (clk_i),
    .rst_ni       (rst_ni),
    .check_i      (needs_lock),
    .txn_i        (p_q.txn),
    .bucket_i     (p_q.hash[map_unit_pkg::BucketWidth-1:0]),
    .go_o         (go),
    .release_i    (release_i),
    .release_txn_i(release_txn_i),
    .wake_o       (wake)
  );

  logic [Ways-1:0]           hits, m_matches_q, m_used_q;
  logic [Ways*SlotWidth-1:0] m_slots_q;
  logic [13:0]               m_head_q;
  logic                      m_indexed_q;
  map_unit_pkg::op_t         m_q;

  always_comb begin
    for (int w = 0; w < Ways; w++)
      hits[w] = row[w*27 + 26] &&
                   row[w*27 + 13 +: TagWidth] == p_q.hash[HashWidth-1 -: TagWidth];
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      p_q <= '0;
      m_q <= '0;
    end else begin
      p_q.valid <= r.valid;
      if (r.valid) p_q <= r;
      m_q.valid <= p_q.valid && (go || !needs_lock);
      if (p_q.valid) begin
        m_q       <= p_q;
        m_q.valid <= go || !needs_lock;
      end
    end
  end
  always_ff @(posedge clk_i) begin
    if (p_q.valid) begin
      m_indexed_q <= indexed;
      m_head_q    <= head;
      m_matches_q <= hits & ~p_q.state.tried;
      for (int w = 0; w < Ways; w++) begin
        m_used_q[w]                         <= row[w*27 + 26];
        m_slots_q[w*SlotWidth +: SlotWidth] <= row[w*27 +: SlotWidth];
      end
    end
  end

  // Cycle 4: which slot to look at.
  logic [2:0]             way;
  logic [SlotWidth-1:0]   way_slot;
  logic                   looks, free_valid;
  logic [2:0]             free_way;
  logic [SlotWidth+3:0]   slot;
  logic [255:0]           comparand, mask;

  always_comb begin
    way      = '0;
    way_slot = '0;
    for (int w = Ways - 1; w >= 0; w--) begin
      if (m_matches_q[w]) begin
        way      = 3'(w);
        way_slot = m_slots_q[w*SlotWidth +: SlotWidth];
      end
    end
    free_valid = m_used_q != '1;
    free_way   = '0;
    for (int w = Ways - 1; w >= 0; w--) if (!m_used_q[w]) free_way = 3'(w);

    looks = m_indexed_q && m_matches_q != '0;
    slot  = {4'd0, way_slot};
    if (m_indexed_q && m_q.state.node) begin
      looks = 1'b1;
      slot  = {4'd0, m_q.state.cur};
    end
    if (!m_indexed_q) begin
      looks = m_q.op == map_unit_pkg::OpSlot;
      slot  = m_q.slot;
    end
  end

  // A prefix is compared with its own length and without the bits behind it.
  assign compare_txn_o = m_q.txn;
  always_comb begin
    mask = '1;
    for (int i = 0; i < 224; i++) begin
      if (m_q.kind == map_pkg::TypeLpmTrie)
        mask[32 + (i / 8) * 8 + 7 - i % 8] = 8'(i) < m_q.length;
    end
    comparand = compare_key_i;
    if (m_q.kind == map_pkg::TypeLpmTrie) comparand[31:0] = {24'd0, m_q.length};
  end

  map_unit_pkg::descriptor_t descriptors [map_unit_pkg::Maps];
  always_ff @(posedge clk_i) begin
    if (define_i) descriptors[define_id_i] <= define_descriptor_i;
  end

  assign used_read_o = m_q.valid && m_q.op == map_unit_pkg::OpSlot;
  assign used_slot_o = slot[SlotWidth-1:0];

  // Cycle 5.
  map_unit_pkg::op_t         k_q;
  map_unit_pkg::descriptor_t k_descriptor_q;
  logic [255:0]              k_comparand_q, k_mask_q;
  logic [261:0]              stored;
  logic [13:0]               stored_next;
  logic                      k_looks_q, k_more_q, k_free_valid_q;
  logic [2:0]                k_way_q, k_free_way_q;
  logic [Ways-1:0]           k_upto_q;
  logic [13:0]               k_head_q;

  sdp_ram #(.Width(262), .Words(map_unit_pkg::Slots)) u_keys (
    .clk_i     (clk_i),
    .read_i    (m_q.valid && looks),
    .raddress_i(slot[SlotWidth-1:0]),
    .rdata_o   (stored),
    .write_i   (write_key_i),
    .waddress_i(write_key_slot_i),
    .wdata_i   (write_key_data_i)
  );
  sdp_ram #(.Width(14), .Words(map_unit_pkg::Slots)) u_nexts (
    .clk_i     (clk_i),
    .read_i    (m_q.valid && looks),
    .raddress_i(slot[SlotWidth-1:0]),
    .rdata_o   (stored_next),
    .write_i   (write_next_i),
    .waddress_i(write_next_slot_i),
    .wdata_i   (write_next_data_i)
  );

  always_ff @(posedge clk_i) begin
    if (m_q.valid) begin
      k_descriptor_q <= descriptors[m_q.id];
      k_comparand_q  <= comparand;
      k_mask_q       <= mask;
      k_looks_q      <= looks;
      k_way_q        <= way;
      k_upto_q       <= (Ways'(2) << way) - Ways'(1);
      k_more_q       <= (m_matches_q & (m_matches_q - Ways'(1))) != '0;
      k_free_valid_q <= free_valid;
      k_free_way_q   <= free_way;
      k_head_q       <= m_head_q;
    end
  end

  // Cycle 6.
  localparam int Parts = 16;
  map_unit_pkg::op_t         c_q;
  map_unit_pkg::descriptor_t c_descriptor_q;
  logic [Parts:0]            equal, c_equal_q;
  logic                      c_looks_q, c_more_q, c_free_valid_q, c_used_q;
  logic [2:0]                c_way_q, c_free_way_q;
  logic [Ways-1:0]           c_upto_q;
  logic [13:0]               c_head_q, c_next_q;
  logic [23:0]               c_product_a_q, c_product_b_q;
  logic [255:0]              c_stored_q, c_key_q;
  logic [3:0]                stride;

  // A value takes whole words of eight bytes, one to eight of them: times four at most in each.
  assign stride = 4'((k_descriptor_q.value_bytes + 7'd7) >> 3);
  always_comb begin
    for (int i = 0; i < Parts; i++)
      equal[i] = ((stored[i*16 +: 16] ^ k_comparand_q[i*16 +: 16]) & k_mask_q[i*16 +: 16]) == '0;
    equal[Parts] = stored[261:256] == k_q.id;
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      k_q <= '0;
      c_q <= '0;
    end else begin
      k_q.valid <= m_q.valid;
      c_q.valid <= k_q.valid;
      if (m_q.valid) begin
        k_q      <= m_q;
        k_q.slot <= slot;
      end
      if (k_q.valid) c_q <= k_q;
    end
  end
  always_ff @(posedge clk_i) begin
    if (k_q.valid) begin
      c_descriptor_q <= k_descriptor_q;
      c_equal_q      <= equal;
      c_looks_q      <= k_looks_q;
      c_more_q       <= k_more_q;
      c_way_q        <= k_way_q;
      c_upto_q       <= k_upto_q;
      c_free_valid_q <= k_free_valid_q;
      c_free_way_q   <= k_free_way_q;
      c_head_q       <= k_head_q;
      c_next_q       <= stored_next;
      c_used_q       <= used_i;
      c_product_a_q  <= (stride[0] ? {4'd0, k_q.slot, 3'd0} : 24'd0) +
                        (stride[1] ? {3'd0, k_q.slot, 4'd0} : 24'd0);
      c_product_b_q  <= k_descriptor_q.values +
                        (stride[2] ? {2'd0, k_q.slot, 5'd0} :
                         stride[3] ? {1'd0, k_q.slot, 6'd0} : 24'd0);
      if (k_q.op == map_unit_pkg::OpSlot) c_stored_q <= stored[255:0];
      if (map_unit_pkg::is_mutator(k_q.op)) c_key_q <= k_comparand_q;
    end
  end

  logic        mutator, found, locked, more, list, list_valid;
  logic [12:0] list_slot;
  logic [31:0] pointer;
  logic [7:0]  next_cap, below;           // below: the longest length of the next window
  assign mutator    = map_unit_pkg::is_mutator(c_q.op);
  assign found      = c_looks_q && c_equal_q == '1;
  assign locked     = c_q.state.need_lock || (mutator && !c_q.direct && !c_q.bad_key);
  assign list_valid = c_q.state.node ? c_next_q[13] : c_head_q[13];
  assign list_slot  = c_q.state.node ? c_next_q[12:0] : c_head_q[12:0];
  assign more       = !c_q.state.node && c_more_q;
  assign list       = !more && list_valid;
  assign pointer    = {4'd3, 4'd0, c_product_a_q + c_product_b_q};
  assign below      = {c_q.state.window, 5'd0};
  assign next_cap   = !c_q.no_candidate ? c_q.length - 8'd1 :
                      (c_q.state.cap < below) ? c_q.state.cap : below;

  // What comes next: an answer, the end in map_commit, or another pass.
  logic ends, again, is_prefix_c, more_prefixes;
  map_unit_pkg::state_t next;
  assign is_prefix_c   = c_q.kind == map_pkg::TypeLpmTrie;
  assign more_prefixes = is_prefix_c && (c_q.no_candidate ? c_q.state.window != '0
                                                          : c_q.length != '0);

  always_comb begin
    next = c_q.state;
    ends    = 1'b1;
    again   = 1'b0;
    if (!c_q.state.node) begin
      next.free_valid = c_free_valid_q;
      next.free_way   = c_free_way_q;
      next.head_valid = c_head_q[13];
      next.head       = c_head_q[12:0];
    end
    if (c_q.op == map_unit_pkg::OpSlot || c_q.direct || c_q.bad_key || found) begin
      ends = 1'b1;
    end else if (!c_q.no_candidate && (more || list)) begin
      again = 1'b1;
      ends  = 1'b0;
      if (!locked) begin
        // Somebody may change the bucket meanwhile: hold it, and start over.
        next.need_lock = 1'b1;
        next.exact     = 1'b1;
        next.cap       = c_q.length;
      end else if (more) begin
        next.tried = c_q.state.tried | c_upto_q;
      end else begin
        next.node       = 1'b1;
        next.prev_valid = c_q.state.node;
        next.prev       = c_q.state.cur;
        next.cur        = list_slot;
      end
    end else if (!mutator && more_prefixes) begin
      // Not this length: the next shorter one. A lock is given back first, by map_commit.
      again          = !locked;
      ends           = locked;
      next        = '0;
      next.cap    = next_cap;
      next.window = (next_cap == '0) ? 3'd0 : 3'((next_cap - 8'd1) >> 5);
    end
    // LRU_HASH may have to start over after map_commit.
    state_o = (ends && mutator) ? '0 : next;
  end

  logic commits;
  assign commits        = c_q.valid && ends && (mutator || locked);
  assign state_write_o  = c_q.valid;
  assign state_txn_o    = c_q.txn;
  assign answer_valid_o = c_q.valid && ends && !commits;
  assign answer_to_o    = {c_q.engine, c_q.txn};
  assign answer_r0_o    = (c_q.op == map_unit_pkg::OpSlot) ? {31'd0, c_used_q} :
                          found ? pointer : 32'd0;
  assign answer_key_o   = c_stored_q;
  assign touch_o        = c_q.valid && found && c_q.kind == map_pkg::TypeLruHash && !mutator;
  assign touch_slot_o   = c_q.slot[SlotWidth-1:0];

  always_comb begin
    retry_o = wake;
    for (int t = 0; t < map_unit_pkg::TxnCount; t++)
      if (c_q.valid && again && c_q.txn == map_unit_pkg::TxnWidth'(t)) retry_o[t] = 1'b1;
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      commit_o <= '0;
    end else begin
      commit_o.valid <= commits;
      if (commits) begin
        commit_o.release_lock <= locked;
        commit_o.txn          <= c_q.txn;
        commit_o.engine       <= c_q.engine;
        commit_o.op           <= c_q.op;
        commit_o.flags        <= c_q.flags;
        commit_o.id           <= c_q.id;
        commit_o.kind         <= c_q.kind;
        commit_o.direct       <= c_q.direct;
        commit_o.bad_key      <= c_q.bad_key;
        commit_o.found        <= found;
        commit_o.node         <= c_q.state.node;
        commit_o.way          <= c_way_q;
        commit_o.slot         <= c_q.slot;
        commit_o.hash         <= c_q.hash;
        commit_o.length       <= c_q.length;
        commit_o.count        <= c_q.count;
        commit_o.next_valid   <= c_next_q[13];
        commit_o.next         <= c_next_q[12:0];
        commit_o.r0           <= found ? pointer : 32'd0;
        commit_o.state        <= c_q.state.node ? c_q.state : next;
        commit_o.again        <= !mutator && !found && more_prefixes;
      end
    end
  end
  always_ff @(posedge clk_i) begin
    if (commits) begin
      commit_key_o        <= c_key_q;
      commit_descriptor_o <= c_descriptor_q;
    end
  end
endmodule
