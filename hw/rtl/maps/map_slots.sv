// Free slots of each map: those never used yet come first, then those given back, oldest first.
// lib/bpf/map_slots.h hands them out in the same order.
//
// One operation a cycle, in the cycle of its request: take_i (take_ok_o says whether there is a
// slot; slot_o one cycle later) or give_i. An LRU map may take LruReserve slots past its size,
// evict_o then names it until enough have been given back.
module map_slots (
  input  logic                              clk_i,
  input  logic                              rst_ni,
  input  logic                              define_i,
  input  logic [5:0]                        define_id_i,

  input  logic                              take_i,
  input  logic                              give_i,
  input  logic [5:0]                        id_i,
  input  map_unit_pkg::descriptor_t         descriptor_i,
  input  logic [map_unit_pkg::SlotWidth-1:0] give_slot_i,
  output logic                              take_ok_o,
  output logic [map_unit_pkg::SlotWidth-1:0] slot_o,

  input  logic [5:0]                        query_id_i,
  output logic [13:0]                       used_o,       // slots in use
  output logic [13:0]                       fresh_o,      // slots that were ever used
  output logic [map_unit_pkg::Maps-1:0]     evict_o
);
  localparam int Width = map_unit_pkg::SlotWidth;

  typedef struct packed {
    logic [13:0] fresh;      // slots from here on were never used
    logic [13:0] count;      // given back
    logic [12:0] first;      // place of the oldest one given back, in the map's part of the ring
    logic [12:0] next;       // place for the next
  } pool_t;

  pool_t pools [map_unit_pkg::Maps];
  logic [map_unit_pkg::Maps-1:0] new_q, evict_q;   // new: the entry of pools is not valid yet

  pool_t       pool, pool_d, queried;
  logic [13:0] capacity, limit, used_d, used;
  logic        is_lru, fresh_ok;

  assign pool     = new_q[id_i] ? '0 : pools[id_i];
  assign limit    = descriptor_i.max_entries[13:0];
  assign is_lru   = descriptor_i.kind == map_pkg::TypeLruHash;
  assign capacity = is_lru ? limit + 14'(map_unit_pkg::LruReserve) : limit;
  assign fresh_ok = pool.fresh != capacity;
  assign take_ok_o = fresh_ok || pool.count != '0;
  assign used      = pool.fresh - pool.count;

  always_comb begin
    pool_d = pool;
    used_d = used;
    if (take_i && take_ok_o) begin
      used_d = used + 14'd1;
      if (fresh_ok) begin
        pool_d.fresh = pool.fresh + 14'd1;
      end else begin
        pool_d.count = pool.count - 14'd1;
        pool_d.first = ({1'b0, pool.first} + 14'd1 == capacity) ? '0 : pool.first + 13'd1;
      end
    end
    if (give_i) begin
      used_d       = used - 14'd1;
      pool_d.count = pool.count + 14'd1;
      pool_d.next  = ({1'b0, pool.next} + 14'd1 == capacity) ? '0 : pool.next + 13'd1;
    end
  end

  always_ff @(posedge clk_i) begin
    if (take_i || give_i) pools[id_i] <= pool_d;
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      new_q   <= '1;
      evict_q <= '0;
    end else begin
      if (take_i || give_i) begin
        new_q[id_i]   <= 1'b0;
        evict_q[id_i] <= is_lru && used_d > limit;
      end
      if (define_i) begin
        new_q[define_id_i]   <= 1'b1;
        evict_q[define_id_i] <= 1'b0;
      end
    end
  end

  logic [Width-1:0] ring_rdata, fresh_slot_q;
  logic             from_fresh_q;
  sdp_ram #(.Width(Width), .Words(map_unit_pkg::Slots)) u_ring (
    .clk_i     (clk_i),
    .read_i    (take_i),
    .raddress_i(descriptor_i.base + pool.first),
    .rdata_o   (ring_rdata),
    .write_i   (give_i),
    .waddress_i(descriptor_i.base + pool.next),
    .wdata_i   (give_slot_i)
  );
  always_ff @(posedge clk_i) begin
    if (take_i) begin
      from_fresh_q <= fresh_ok;
      fresh_slot_q <= descriptor_i.base + pool.fresh[12:0];
    end
  end
  assign slot_o = from_fresh_q ? fresh_slot_q : ring_rdata;

  assign queried = new_q[query_id_i] ? '0 : pools[query_id_i];
  assign used_o  = queried.fresh - queried.count;
  assign fresh_o = queried.fresh;
  assign evict_o = evict_q;

  // The ring has room for every slot, so next needs no check; key and value sizes are others'.
  logic unused;
  assign unused = ^{descriptor_i};
endmodule
