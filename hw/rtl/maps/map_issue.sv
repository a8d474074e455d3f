// Chooses the operation that enters the pipeline in each cycle, and keeps what transactions need
// until they are answered: key, value, and where the next pass goes on.
//
// Ports take turns; one that has a transaction to go on with and a new request goes on. So a port
// whose keys collide uses up its own turns only. The choice is made one cycle ahead: in cycle c for
// the operation that is read and hashed in cycle c + 1.
module map_issue #(
  parameter int Engines = 8,                // of one port
  parameter int CpuShift = 5                // copies of a PERCPU_ARRAY's entry, log2
) (
  input  logic                                   clk_i,
  input  logic                                   rst_ni,

  // Ports: see map_port.
  input  logic [map_unit_pkg::PortCount-1:0]     pending_next_i,
  output logic [map_unit_pkg::PortCount-1:0]     consume_o,
  input  logic [map_unit_pkg::PortCount*3-1:0]   op_i,
  input  logic [map_unit_pkg::PortCount*6-1:0]   id_i,
  input  logic [map_unit_pkg::PortCount*3-1:0]   flags_i,
  input  logic [map_unit_pkg::PortCount*3-1:0]   engine_i,
  input  logic [map_unit_pkg::PortCount*3-1:0]   index_i,
  input  logic [map_unit_pkg::PortCount*6-1:0]   key_bytes_i,
  input  logic [map_unit_pkg::PortCount*256-1:0] key_i,
  input  logic [map_unit_pkg::PortCount*512-1:0] value_i,

  // Transactions that go on, and where.
  input  logic [map_unit_pkg::TxnCount-1:0]      retry_i,
  input  logic                                   state_write_i,
  input  logic [map_unit_pkg::TxnWidth-1:0]      state_txn_i,
  input  map_unit_pkg::state_t                   state_i,

  input  logic                                   define_i,
  input  logic [5:0]                             define_id_i,
  input  map_unit_pkg::descriptor_t              define_descriptor_i,

  // Keys and values of transactions.
  input  logic [map_unit_pkg::TxnWidth-1:0]      compare_txn_i,
  output logic [255:0]                           compare_key_o,
  input  logic [map_unit_pkg::TxnWidth-1:0]      value_txn_i,
  output logic [511:0]                           value_o,

  // The operation of this cycle; its hash is not filled in.
  output map_unit_pkg::op_t                      op_o,
  output map_unit_pkg::descriptor_t              descriptor_o,
  output logic [255:0]                           key_o
);
  localparam int Count = map_unit_pkg::PortCount;
  localparam int PerPort = map_unit_pkg::PerPort;
  localparam int Width = map_unit_pkg::TxnWidth;

  logic [map_unit_pkg::TxnCount-1:0] runnable_q, runnable_d;
  logic [Count-1:0] candidate, goes_on, grant_d, grant_q, after_turn;
  logic [2:0]       turn_q, turn_d;
  logic             retry_d, retry_q;
  logic [Width-1:0] retry_txn_d, retry_txn_q;

  always_comb begin
    for (int p = 0; p < Count; p++) goes_on[p] = runnable_q[p*PerPort +: PerPort] != '0;
    candidate = pending_next_i | goes_on;
  end
  assign after_turn = candidate & ~((Count'(1) << turn_q) - Count'(1));

  always_comb begin
    grant_d = '0;
    turn_d  = turn_q;
    for (int p = Count - 1; p >= 0; p--) begin
      if (candidate[p]) grant_d = Count'(1) << p;
    end
    if (after_turn != '0) begin
      for (int p = Count - 1; p >= 0; p--) begin
        if (after_turn[p]) grant_d = Count'(1) << p;
      end
    end
    for (int p = 0; p < Count; p++)
      if (grant_d[p]) turn_d = (p == Count - 1) ? 3'd0 : 3'(p + 1);
  end

  always_comb begin
    retry_d     = (grant_d & goes_on) != '0;
    retry_txn_d = '0;
    runnable_d  = runnable_q | retry_i;
    for (int p = 0; p < Count; p++) begin
      if (grant_d[p]) begin
        for (int i = PerPort - 1; i >= 0; i--)
          if (runnable_q[p*PerPort + i]) retry_txn_d = Width'(p*PerPort + i);
      end
    end
    for (int t = 0; t < map_unit_pkg::TxnCount; t++)
      if (retry_d && retry_txn_d == Width'(t)) runnable_d[t] = 1'b0;
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      runnable_q <= '0;
      turn_q     <= '0;
      grant_q    <= '0;
      retry_q    <= 1'b0;
    end else begin
      runnable_q <= runnable_d;
      turn_q     <= turn_d;
      grant_q    <= grant_d;
      retry_q    <= retry_d;
    end
  end
  always_ff @(posedge clk_i) retry_txn_q <= retry_txn_d;

  assign consume_o = retry_q ? '0 : grant_q;

  // What the chosen port offers.
  logic [2:0]       op, flags, engine, index, port;
  logic [5:0]       id, key_bytes;
  logic [255:0]     port_key;
  logic [511:0]     port_value;
  logic [Width-1:0] txn;
  logic             is_new;
  assign is_new = grant_q != '0 && !retry_q;

  always_comb begin
    op         = '0;
    flags      = '0;
    engine     = '0;
    index      = '0;
    port       = '0;
    id         = '0;
    key_bytes  = '0;
    port_key   = '0;
    port_value = '0;
    for (int p = 0; p < Count; p++) begin
      if (grant_q[p]) begin
        op         = op | op_i[p*3 +: 3];
        flags      = flags | flags_i[p*3 +: 3];
        engine     = engine | engine_i[p*3 +: 3];
        index      = index | index_i[p*3 +: 3];
        port       = port | 3'(p);
        id         = id | id_i[p*6 +: 6];
        key_bytes  = key_bytes | key_bytes_i[p*6 +: 6];
        port_key   = port_key | key_i[p*256 +: 256];
        port_value = port_value | value_i[p*512 +: 512];
      end
    end
  end
  assign txn = retry_q ? retry_txn_q : {port, index};

  // The transactions' memory.
  logic [255:0] keys [64];
  logic [511:0] values [64];
  logic [14:0]  infos [64];
  map_unit_pkg::state_t states [64];
  map_unit_pkg::descriptor_t descriptors [map_unit_pkg::Maps];

  always_ff @(posedge clk_i) begin
    if (is_new) begin
      keys[txn]  <= port_key;
      infos[txn] <= {op, flags, engine, id};
    end
    if (is_new && op == map_pkg::OpUpdate) values[txn] <= port_value;
    if (state_write_i) states[state_txn_i] <= state_i;
    if (define_i) descriptors[define_id_i] <= define_descriptor_i;
  end
  assign compare_key_o = keys[compare_txn_i];
  assign value_o       = values[value_txn_i];

  // Whether a pass has left a state; one that waited for its bucket in its first pass has not.
  logic [map_unit_pkg::TxnCount-1:0] has_state_q;
  logic                              has_state;
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      has_state_q <= '0;
    end else begin
      for (int t = 0; t < map_unit_pkg::TxnCount; t++) begin
        if (is_new && txn == Width'(t)) has_state_q[t] <= 1'b0;
        else if (state_write_i && state_txn_i == Width'(t)) has_state_q[t] <= 1'b1;
      end
    end
  end
  always_comb begin
    has_state = 1'b0;
    for (int t = 0; t < map_unit_pkg::TxnCount; t++)
      if (retry_txn_q == Width'(t)) has_state = has_state_q[t];
  end

  // The operation.
  logic [2:0]  real_op, real_flags, real_engine;
  logic [5:0]  real_id;
  logic [31:0] index32;
  logic [8:0]  max_length;
  logic [7:0]  cpu;
  map_unit_pkg::state_t      state;
  map_unit_pkg::descriptor_t descriptor;

  assign key_o = retry_q ? keys[retry_txn_q] : port_key;
  assign {real_op, real_flags, real_engine, real_id} =
      retry_q ? infos[retry_txn_q] : {op, flags, engine, id};
  assign descriptor   = descriptors[real_id];
  assign descriptor_o = descriptor;
  assign index32      = key_o[31:0];
  assign max_length   = {descriptor.key_bytes - 6'd4, 3'd0};
  assign cpu          = 8'(port) * 8'(Engines) + {5'd0, engine};

  always_comb begin
    state        = '0;
    state.exact  = map_unit_pkg::is_mutator(real_op);
    state.cap    = key_o[7:0];
    state.window = 3'((key_bytes - 6'd5) >> 2);
    if (state.exact) state.window = (key_o[7:0] == '0) ? 3'd0 : 3'((key_o[7:0] - 8'd1) >> 5);
    if (retry_q && has_state) state = states[retry_txn_q];
  end

  always_comb begin
    op_o         = '0;
    op_o.valid   = grant_q != '0;
    op_o.txn     = txn;
    op_o.engine  = real_engine;
    op_o.op      = real_op;
    op_o.flags   = real_flags;
    op_o.id      = real_id;
    op_o.kind    = descriptor.kind;
    op_o.state   = state;
    op_o.slot    = {4'd0, key_o[12:0]};
    unique case (descriptor.kind)
      map_pkg::TypeArray, map_pkg::TypePercpuArray, map_pkg::TypeDevmap, map_pkg::TypeProgArray:
      begin
        op_o.direct  = 1'b1;
        op_o.bad_key = index32 >= {15'd0, descriptor.max_entries};
        op_o.slot    = index32[16:0];
        if (descriptor.kind == map_pkg::TypePercpuArray)
          op_o.slot = (index32[16:0] << CpuShift) | {9'd0, cpu};
      end
      map_pkg::TypeLpmTrie: op_o.bad_key = index32 > {23'd0, max_length};
      default: op_o.bad_key = 1'b0;
    endcase
    if (real_op == map_unit_pkg::OpSlot) begin
      op_o.direct  = 1'b0;
      op_o.bad_key = 1'b0;
      op_o.slot    = {4'd0, key_o[12:0]};
    end
  end
endmodule
