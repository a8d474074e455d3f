// The map unit: all maps of the device and the data region, for all engines and the host. Contract:
// hw/rtl/maps/README.md; design: docs/design/0018-map-unit.md.
//
// One operation begins in every cycle. Cycles from an engine's last beat to its answer, if nobody
// else wants the same cycle: ARRAY, PERCPU_ARRAY and entries 3; HASH and LRU_HASH 6; LPM_TRIE 8;
// update and delete 9, on an LPM_TRIE 11. Loads from the data region take 3.
module map_unit #(
  parameter int Ports          = 4,
  parameter int EnginesPerPort = 8,
  parameter int DataBytes      = 262144,
  localparam int E             = Ports * EnginesPerPort
) (
  input  logic                clk_i,
  input  logic                rst_ni,

  input  logic [E-1:0]        map_valid_i,
  input  logic [E-1:0]        map_last_i,
  input  logic [E*3-1:0]      map_op_i,
  input  logic [E*6-1:0]      map_id_i,
  input  logic [E*3-1:0]      map_flags_i,
  input  logic [E*64-1:0]     map_data_i,
  output logic [E-1:0]        map_ready_o,
  output logic [E-1:0]        map_rvalid_o,
  output logic [Ports*64-1:0] map_r0_o,

  input  logic [E-1:0]        data_valid_i,
  input  logic [E*4-1:0]      data_op_i,
  input  logic [E*2-1:0]      data_size_i,
  input  logic [E*24-1:0]     data_offset_i,
  input  logic [E*64-1:0]     data_wdata_i,
  output logic [E-1:0]        data_ready_o,
  output logic [E-1:0]        data_rvalid_o,
  output logic [Ports*64-1:0] data_rdata_o,

  output logic                define_o,
  output logic [5:0]          define_id_o,
  output logic [4:0]          define_type_o,
  output logic [5:0]          define_key_bytes_o,
  output logic [6:0]          define_value_bytes_o,

  input  logic                write_i,
  input  logic                read_i,
  input  logic [11:0]         address_i,
  input  logic [31:0]         wdata_i,
  output logic [31:0]         rdata_o,
  output logic                error_o
);
  localparam int Count = map_unit_pkg::PortCount;
  localparam int Host  = map_unit_pkg::HostPort;
  localparam int N     = EnginesPerPort;

  // Start: every memory that says what is valid is cleared, the hash gets its tables. Both take
  // 4,096 cycles; until then no request is taken.
  logic [12:0] start_q;
  logic        ready;
  logic [31:0] random_q, random_a, random_b;
  assign ready    = start_q[12];
  assign random_a = random_q ^ (random_q << 13);
  assign random_b = random_a ^ (random_a >> 17);
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      start_q  <= '0;
      random_q <= 32'h6a09e667;
    end else if (!ready) begin
      start_q  <= start_q + 13'd1;
      random_q <= random_b ^ (random_b << 5);
    end
  end

  // Definitions.
  logic                      define;
  logic [5:0]                define_id;
  map_unit_pkg::descriptor_t define_descriptor;
  assign define_o             = define;
  assign define_id_o          = define_id;
  assign define_type_o        = define_descriptor.kind;
  assign define_key_bytes_o   = define_descriptor.key_bytes;
  assign define_value_bytes_o = define_descriptor.value_bytes;

  // Requests: one concentrator for each port, and the host's.
  logic [Count-1:0]     pending_next, consume, frees;
  logic [Count*3-1:0]   op, flags, engine, index, free_index;
  logic [Count*6-1:0]   id, key_bytes;
  logic [Count*256-1:0] keys;
  logic [Count*512-1:0] values;

  for (genvar p = 0; p < Ports; p++) begin : gen_port
    map_port #(.Engines(N)) u_port (
      .clk_i             (clk_i),
      .rst_ni            (rst_ni),
      .enable_i          (ready),
      .valid_i           (map_valid_i[p*N +: N]),
      .last_i            (map_last_i[p*N +: N]),
      .op_i              (map_op_i[p*N*3 +: N*3]),
      .id_i              (map_id_i[p*N*6 +: N*6]),
      .flags_i           (map_flags_i[p*N*3 +: N*3]),
      .data_i            (map_data_i[p*N*64 +: N*64]),
      .ready_o           (map_ready_o[p*N +: N]),
      .define_i          (define),
      .define_id_i       (define_id),
      .define_key_bytes_i(define_descriptor.key_bytes),
      .free_i            (frees[p]),
      .free_index_i      (free_index[p*3 +: 3]),
      .pending_next_o    (pending_next[p]),
      .consume_i         (consume[p]),
      .op_o              (op[p*3 +: 3]),
      .id_o              (id[p*6 +: 6]),
      .flags_o           (flags[p*3 +: 3]),
      .engine_o          (engine[p*3 +: 3]),
      .index_o           (index[p*3 +: 3]),
      .key_bytes_o       (key_bytes[p*6 +: 6]),
      .key_o             (keys[p*256 +: 256]),
      .value_o           (values[p*512 +: 512])
    );
  end
  for (genvar p = Ports; p < Host; p++) begin : gen_no_port
    assign pending_next[p]       = 1'b0;
    assign op[p*3 +: 3]          = '0;
    assign id[p*6 +: 6]          = '0;
    assign flags[p*3 +: 3]       = '0;
    assign engine[p*3 +: 3]      = '0;
    assign index[p*3 +: 3]       = '0;
    assign key_bytes[p*6 +: 6]   = '0;
    assign keys[p*256 +: 256]    = '0;
    assign values[p*512 +: 512]  = '0;
  end

  // Issue.
  map_unit_pkg::op_t         issued;
  map_unit_pkg::descriptor_t issued_descriptor;
  map_unit_pkg::state_t      state;
  logic [255:0]              issued_key, compare_key;
  logic [511:0]              commit_value;
  logic [map_unit_pkg::TxnCount-1:0] retry_pipeline, retry_commit;
  logic [map_unit_pkg::TxnWidth-1:0] state_txn, compare_txn, value_txn;
  logic                      state_write;
  map_issue #(.Engines(N), .CpuShift($clog2(E))) u_issue (
    .clk_i              (clk_i),
    .rst_ni             (rst_ni),
    .pending_next_i     (pending_next),
    .consume_o          (consume),
    .op_i               (op),
    .id_i               (id),
    .flags_i            (flags),
    .engine_i           (engine),
    .index_i            (index),
    .key_bytes_i        (key_bytes),
    .key_i              (keys),
    .value_i            (values),
    .retry_i            (retry_pipeline | retry_commit),
    .state_write_i      (state_write),
    .state_txn_i        (state_txn),
    .state_i            (state),
    .define_i           (define),
    .define_id_i        (define_id),
    .define_descriptor_i(define_descriptor),
    .compare_txn_i      (compare_txn),
    .compare_key_o      (compare_key),
    .value_txn_i        (value_txn),
    .value_o            (commit_value),
    .op_o               (issued),
    .descriptor_o       (issued_descriptor),
    .key_o              (issued_key)
  );

  logic [map_unit_pkg::HashWidth-1:0] hash;
  map_hash u_hash (
    .clk_i       (clk_i),
    .fill_i      (!ready),
    .fill_index_i(start_q[10:0]),
    .fill_data_i (random_q[31 -: map_unit_pkg::HashWidth]),
    .key_i       (issued_key),
    .map_i       (issued.id),
    .hash_o      (hash)
  );

  // Lookups without search.
  logic        entry_write, direct_valid;
  logic [5:0]  entry_id;
  logic [8:0]  direct_to;
  logic [63:0] direct_r0;
  map_direct u_direct (
    .clk_i            (clk_i),
    .rst_ni           (rst_ni),
    .op_i             (issued),
    .descriptor_i     (issued_descriptor),
    .answer_valid_o   (direct_valid),
    .answer_to_o      (direct_to),
    .answer_r0_o      (direct_r0),
    .entry_write_i    (entry_write),
    .entry_address_i  (keys_host[map_unit_pkg::EntryWidth-1:0]),
    .entry_i          (values_host[39:0]),
    .entry_id_i       (entry_id),
    .entry_broadcast_i(values_host[71:64])
  );

  // The index.
  logic [63:0]                default_q;      // maps with a prefix of length 0
  logic                       lookup_valid, touch, used_read, used;
  logic [8:0]                 lookup_to;
  logic [31:0]                lookup_r0;
  logic [255:0]               slot_key, commit_key;
  map_unit_pkg::commit_t      commit;
  map_unit_pkg::descriptor_t  commit_descriptor;
  logic [map_unit_pkg::SlotWidth-1:0] touch_slot, used_slot, write_key_slot, write_next_slot;
  logic [7:0]                 write_way;
  logic                       write_head, write_key, write_next, write_filter, release_lock;
  logic [map_unit_pkg::BucketWidth-1:0] write_bucket;
  logic [26:0]                write_way_data;
  logic [13:0]                write_head_data, write_next_data;
  logic [261:0]               write_key_data;
  logic [7:0]                 write_filter_length;
  logic [map_unit_pkg::FilterWidth-1:0] write_filter_index;
  logic [3:0]                 write_filter_count;
  logic [map_unit_pkg::TxnWidth-1:0] release_txn;
  map_pipeline u_pipeline (
    .clk_i                (clk_i),
    .rst_ni               (rst_ni),
    .op_i                 (issued),
    .hash_i               (hash),
    .key_i                (issued_key),
    .default_i            (default_q[issued.id]),
    .compare_txn_o        (compare_txn),
    .compare_key_i        (compare_key),
    .retry_o              (retry_pipeline),
    .state_write_o        (state_write),
    .state_txn_o          (state_txn),
    .state_o              (state),
    .answer_valid_o       (lookup_valid),
    .answer_to_o          (lookup_to),
    .answer_r0_o          (lookup_r0),
    .answer_key_o         (slot_key),
    .commit_o             (commit),
    .commit_key_o         (commit_key),
    .commit_descriptor_o  (commit_descriptor),
    .touch_o              (touch),
    .touch_slot_o         (touch_slot),
    .used_read_o          (used_read),
    .used_slot_o          (used_slot),
    .used_i               (used),
    .define_i             (define),
    .define_id_i          (define_id),
    .define_descriptor_i  (define_descriptor),
    .clear_i              (!ready),
    .clear_row_i          (start_q[11:0]),
    .write_way_i          (write_way),
    .write_head_i         (write_head),
    .write_bucket_i       (write_bucket),
    .write_way_data_i     (write_way_data),
    .write_head_data_i    (write_head_data),
    .write_key_i          (write_key),
    .write_key_slot_i     (write_key_slot),
    .write_key_data_i     (write_key_data),
    .write_next_i         (write_next),
    .write_next_slot_i    (write_next_slot),
    .write_next_data_i    (write_next_data),
    .write_filter_i       (write_filter),
    .write_filter_length_i(write_filter_length),
    .write_filter_index_i (write_filter_index),
    .write_filter_count_i (write_filter_count),
    .release_i            (release_lock),
    .release_txn_i        (release_txn)
  );

  // A prefix of length 0 has no filter: once a map had one, lookups that find nothing else ask.
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      default_q <= '0;
    end else begin
      if (write_filter && write_filter_length == '0) default_q[write_key_data[261:256]] <= 1'b1;
      if (define) default_q[define_id] <= 1'b0;
    end
  end

  // Changes.
  logic [5:0]  query_id, host_query_id, sweeper_query_id;
  logic [13:0] used_slots, fresh_slots;
  logic [63:0] evict;
  logic        stamp, stamp_used, change_valid, value_valid, clearing;
  logic [8:0]  change_to;
  logic [31:0] change_r0;
  logic [map_unit_pkg::SlotWidth-1:0] stamp_slot;
  logic [23:0] value_offset;
  logic [6:0]  value_bytes;
  logic [511:0] value;
  map_commit u_commit (
    .clk_i                (clk_i),
    .rst_ni               (rst_ni),
    .commit_i             (commit),
    .key_i                (commit_key),
    .descriptor_i         (commit_descriptor),
    .define_i             (define),
    .define_id_i          (define_id),
    .query_id_i           (query_id),
    .used_o               (used_slots),
    .fresh_o              (fresh_slots),
    .evict_o              (evict),
    .write_way_o          (write_way),
    .write_head_o         (write_head),
    .write_bucket_o       (write_bucket),
    .write_way_data_o     (write_way_data),
    .write_head_data_o    (write_head_data),
    .write_key_o          (write_key),
    .write_key_slot_o     (write_key_slot),
    .write_key_data_o     (write_key_data),
    .write_next_o         (write_next),
    .write_next_slot_o    (write_next_slot),
    .write_next_data_o    (write_next_data),
    .write_filter_o       (write_filter),
    .write_filter_length_o(write_filter_length),
    .write_filter_index_o (write_filter_index),
    .write_filter_count_o (write_filter_count),
    .release_o            (release_lock),
    .release_txn_o        (release_txn),
    .stamp_o              (stamp),
    .stamp_used_o         (stamp_used),
    .stamp_slot_o         (stamp_slot),
    .retry_o              (retry_commit),
    .answer_valid_o       (change_valid),
    .answer_to_o          (change_to),
    .answer_r0_o          (change_r0),
    .value_txn_o          (value_txn),
    .value_i              (commit_value),
    .value_valid_o        (value_valid),
    .value_offset_o       (value_offset),
    .value_bytes_o        (value_bytes),
    .value_o              (value)
  );

  // Answers.
  logic        host_rvalid;
  logic [2:0]  host_who;
  logic [63:0] host_r0;
  map_answers #(.Ports(Ports), .Engines(N)) u_answers (
    .clk_i         (clk_i),
    .rst_ni        (rst_ni),
    .lookup_valid_i(lookup_valid),
    .lookup_to_i   (lookup_to),
    .lookup_r0_i   (lookup_r0),
    .direct_valid_i(direct_valid),
    .direct_to_i   (direct_to),
    .direct_r0_i   (direct_r0),
    .change_valid_i(change_valid),
    .change_to_i   (change_to),
    .change_r0_i   (change_r0),
    .rvalid_o      (map_rvalid_o),
    .r0_o          (map_r0_o),
    .host_rvalid_o (host_rvalid),
    .host_engine_o (host_who),
    .host_r0_o     (host_r0),
    .free_o        (frees),
    .free_index_o  (free_index)
  );

  // The host and the sweeper.
  logic         sweep_request, sweep_taken, sweep_answer, clear;
  logic [2:0]   sweep_op;
  logic [5:0]   sweep_id;
  logic [255:0] sweep_key, keys_host;
  logic [511:0] values_host;
  logic         data_valid, data_store, data_ready, data_rvalid;
  logic [23:0]  data_offset;
  logic [63:0]  data_wdata, data_rdata;
  assign query_id = clearing || evict != '0 ? sweeper_query_id : host_query_id;
  map_host u_host (
    .clk_i              (clk_i),
    .rst_ni             (rst_ni),
    .ready_i            (ready),
    .write_i            (write_i),
    .read_i             (read_i),
    .address_i          (address_i),
    .wdata_i            (wdata_i),
    .rdata_o            (rdata_o),
    .error_o            (error_o),
    .define_o           (define),
    .define_id_o        (define_id),
    .define_descriptor_o(define_descriptor),
    .entry_write_o      (entry_write),
    .entry_id_o         (entry_id),
    .entry_key_o        (keys_host),
    .entry_value_o      (values_host),
    .pending_next_o     (pending_next[Host]),
    .consume_i          (consume[Host]),
    .op_o               (op[Host*3 +: 3]),
    .id_o               (id[Host*6 +: 6]),
    .flags_o            (flags[Host*3 +: 3]),
    .who_o              (engine[Host*3 +: 3]),
    .key_bytes_o        (key_bytes[Host*6 +: 6]),
    .key_o              (keys[Host*256 +: 256]),
    .value_o            (values[Host*512 +: 512]),
    .rvalid_i           (host_rvalid),
    .rwho_i             (host_who),
    .r0_i               (host_r0),
    .slot_key_i         (slot_key),
    .sweep_request_i    (sweep_request),
    .sweep_op_i         (sweep_op),
    .sweep_id_i         (sweep_id),
    .sweep_key_i        (sweep_key),
    .sweep_taken_o      (sweep_taken),
    .sweep_answer_o     (sweep_answer),
    .clear_o            (clear),
    .clearing_i         (clearing),
    .query_id_o         (host_query_id),
    .used_i             (used_slots),
    .fresh_i            (fresh_slots),
    .issued_i           (issued.valid),
    .data_valid_o       (data_valid),
    .data_store_o       (data_store),
    .data_offset_o      (data_offset),
    .data_wdata_o       (data_wdata),
    .data_ready_i       (data_ready),
    .data_rvalid_i      (data_rvalid),
    .data_rdata_i       (data_rdata)
  );
  assign index[Host*3 +: 3] = engine[Host*3 +: 3];

  map_sweeper u_sweeper (
    .clk_i          (clk_i),
    .rst_ni         (rst_ni),
    .evict_i        (evict),
    .clear_i        (clear),
    .clear_id_i     (host_query_id),
    .clearing_o     (clearing),
    .query_id_o     (sweeper_query_id),
    .query_fresh_i  (fresh_slots),
    .define_i       (define),
    .define_id_i    (define_id),
    .define_base_i  (define_descriptor.base),
    .touch_i        (touch),
    .touch_slot_i   (touch_slot),
    .stamp_i        (stamp),
    .stamp_used_i   (stamp_used),
    .stamp_slot_i   (stamp_slot),
    .used_read_i    (used_read),
    .used_slot_i    (used_slot),
    .used_o         (used),
    .request_o      (sweep_request),
    .request_op_o   (sweep_op),
    .request_id_o   (sweep_id),
    .request_key_o  (sweep_key),
    .request_taken_i(sweep_taken),
    .answer_i       (sweep_answer),
    .answer_used_i  (host_r0[0]),
    .answer_key_i   (slot_key)
  );

  // The data region.
  logic [Count-1:0]    bank_valid, bank_ready;
  logic [Count*4-1:0]  bank_op;
  logic [Count*21-1:0] bank_offset;
  logic [Count*8-1:0]  bank_enable;
  logic [Count*64-1:0] bank_operand, bank_expected, bank_old;

  for (genvar p = 0; p < Ports; p++) begin : gen_value_port
    value_port #(.Engines(N)) u_port (
      .clk_i          (clk_i),
      .rst_ni         (rst_ni),
      .valid_i        (data_valid_i[p*N +: N]),
      .op_i           (data_op_i[p*N*4 +: N*4]),
      .size_i         (data_size_i[p*N*2 +: N*2]),
      .offset_i       (data_offset_i[p*N*24 +: N*24]),
      .wdata_i        (data_wdata_i[p*N*64 +: N*64]),
      .ready_o        (data_ready_o[p*N +: N]),
      .rvalid_o       (data_rvalid_o[p*N +: N]),
      .rdata_o        (data_rdata_o[p*64 +: 64]),
      .bank_valid_o   (bank_valid[p]),
      .bank_op_o      (bank_op[p*4 +: 4]),
      .bank_offset_o  (bank_offset[p*21 +: 21]),
      .bank_enable_o  (bank_enable[p*8 +: 8]),
      .bank_operand_o (bank_operand[p*64 +: 64]),
      .bank_expected_o(bank_expected[p*64 +: 64]),
      .bank_ready_i   (bank_ready[p]),
      .bank_old_i     (bank_old[p*64 +: 64])
    );
  end
  for (genvar p = Ports; p < Host; p++) begin : gen_no_value_port
    assign bank_valid[p]             = 1'b0;
    assign bank_op[p*4 +: 4]         = '0;
    assign bank_offset[p*21 +: 21]   = '0;
    assign bank_enable[p*8 +: 8]     = '0;
    assign bank_operand[p*64 +: 64]  = '0;
    assign bank_expected[p*64 +: 64] = '0;
  end
  value_port #(.Engines(1)) u_host_values (
    .clk_i          (clk_i),
    .rst_ni         (rst_ni),
    .valid_i        (data_valid),
    .op_i           (data_store ? map_pkg::DataStore : map_pkg::DataLoad),
    .size_i         (2'd3),
    .offset_i       (data_offset),
    .wdata_i        (data_wdata),
    .ready_o        (data_ready),
    .rvalid_o       (data_rvalid),
    .rdata_o        (data_rdata),
    .bank_valid_o   (bank_valid[Host]),
    .bank_op_o      (bank_op[Host*4 +: 4]),
    .bank_offset_o  (bank_offset[Host*21 +: 21]),
    .bank_enable_o  (bank_enable[Host*8 +: 8]),
    .bank_operand_o (bank_operand[Host*64 +: 64]),
    .bank_expected_o(bank_expected[Host*64 +: 64]),
    .bank_ready_i   (bank_ready[Host]),
    .bank_old_i     (bank_old[Host*64 +: 64])
  );

  value_memory #(.DataBytes(DataBytes)) u_values (
    .clk_i          (clk_i),
    .rst_ni         (rst_ni),
    .valid_i        (bank_valid),
    .op_i           (bank_op),
    .offset_i       (bank_offset),
    .enable_i       (bank_enable),
    .operand_i      (bank_operand),
    .expected_i     (bank_expected),
    .ready_o        (bank_ready),
    .old_o          (bank_old),
    .update_valid_i (value_valid),
    .update_offset_i(value_offset),
    .update_bytes_i (value_bytes),
    .update_i       (value)
  );

  if (Ports < 1 || Ports > Host) begin : gen_bad_ports
    $error("map_unit: Ports must be 1 to 4");
  end
endmodule
