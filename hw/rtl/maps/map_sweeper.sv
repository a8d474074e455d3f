// Deletes entries by slot: the least recently used ones of LRU_HASH maps that have taken more slots
// than they may hold, and all entries of a map that the host clears.
//
// Every slot has a stamp of its last use, counted in uses of all LRU maps. For a victim the sweeper
// reads the stamps of eight slots from where it stopped last and takes the oldest: an
// approximation, as the kernel's is. Of maps that have used no more than 32 slots (max_entries up
// to 16) it reads all, and is exact. It works through the host's port like any other requester:
// reads the slot's key, then deletes that key. While it works a map may hold up to LruReserve
// entries more than max_entries.
module map_sweeper (
  input  logic                               clk_i,
  input  logic                               rst_ni,

  input  logic [map_unit_pkg::Maps-1:0]      evict_i,
  input  logic                               clear_i,       // delete all entries of clear_id_i
  input  logic [5:0]                         clear_id_i,
  output logic                               clearing_o,

  output logic [5:0]                         query_id_o, // how many slots of a map were ever used
  input  logic [13:0]                        query_fresh_i,
  input  logic                               define_i,
  input  logic [5:0]                         define_id_i,
  input  logic [map_unit_pkg::SlotWidth-1:0] define_base_i,

  // Uses of slots.
  input  logic                               touch_i,       // by a lookup
  input  logic [map_unit_pkg::SlotWidth-1:0] touch_slot_i,
  input  logic                               stamp_i,       // by map_commit
  input  logic                               stamp_used_i,
  input  logic [map_unit_pkg::SlotWidth-1:0] stamp_slot_i,
  input  logic                               used_read_i,
  input  logic [map_unit_pkg::SlotWidth-1:0] used_slot_i,
  output logic                               used_o,        // one cycle later

  // Requests through the host's port: OpSlot, then OpDelete.
  output logic                               request_o,
  output logic [2:0]                         request_op_o,
  output logic [5:0]                         request_id_o,
  output logic [255:0]                       request_key_o,
  input  logic                               request_taken_i,
  input  logic                               answer_i,
  input  logic                               answer_used_i,
  input  logic [255:0]                       answer_key_i
);
  localparam int Width = map_unit_pkg::SlotWidth;
  localparam int StampWidth = map_unit_pkg::StampWidth;

  // The stamps. A lookup's is dropped if map_commit writes in the same cycle.
  logic [StampWidth-1:0] now_q;
  logic                  scan_read;
  logic [Width-1:0]      scan_slot;
  logic [StampWidth:0]   stamp;
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) now_q <= '0;
    else if (touch_i || stamp_i) now_q <= now_q + StampWidth'(1);
  end
  sdp_ram #(.Width(StampWidth + 1), .Words(map_unit_pkg::Slots)) u_stamps (
    .clk_i     (clk_i),
    .read_i    (used_read_i || scan_read),
    .raddress_i(used_read_i ? used_slot_i : scan_slot),
    .rdata_o   (stamp),
    .write_i   (stamp_i || touch_i),
    .waddress_i(stamp_i ? stamp_slot_i : touch_slot_i),
    .wdata_i   ({stamp_i ? stamp_used_i : 1'b1, now_q})
  );
  assign used_o = stamp[StampWidth];

  typedef enum logic [2:0] {StIdle, StStart, StScan, StRead, StReadWait, StDelete, StDeleteWait}
      state_e;
  state_e state_q;

  logic [Width-1:0] bases [map_unit_pkg::Maps];
  logic [Width-1:0] hands [map_unit_pkg::Maps];
  always_ff @(posedge clk_i) begin
    if (define_i) bases[define_id_i] <= define_base_i;
  end

  // Which map, in turn.
  logic [5:0]                    id_q, picked;
  logic [map_unit_pkg::Maps-1:0] later;
  assign later = evict_i & ~((map_unit_pkg::Maps'(2) << id_q) - map_unit_pkg::Maps'(1));
  always_comb begin
    picked = '0;
    for (int m = map_unit_pkg::Maps - 1; m >= 0; m--) if (evict_i[m]) picked = 6'(m);
    if (later != '0) begin
      for (int m = map_unit_pkg::Maps - 1; m >= 0; m--) if (later[m]) picked = 6'(m);
    end
  end

  logic                  clear_q, clearing_q, reading_q, best_valid_q, last_of_scan;
  logic [5:0]            clear_id_q;
  logic [Width-1:0]      base_q, hand_q, read_slot_q, best_slot_q, next_hand;
  logic [13:0]           fresh_q;
  logic [5:0]            looked_q, look_limit;
  logic [StampWidth-1:0] age, best_age_q;
  logic [255:0]          key_q;

  assign query_id_o  = id_q;
  assign next_hand   = ({1'b0, hand_q} + 14'd1 >= fresh_q) ? '0 : hand_q + Width'(1);
  assign scan_slot   = base_q + hand_q;
  assign look_limit   = (fresh_q <= 14'd32) ? 6'd32 : 6'd8;
  assign scan_read    = state_q == StScan && !used_read_i && looked_q != look_limit && !clearing_q;
  assign last_of_scan = looked_q == look_limit && !reading_q;
  assign age         = now_q - stamp[StampWidth-1:0];
  assign clearing_o  = clear_q;

  assign request_o     = state_q == StRead || state_q == StDelete;
  assign request_op_o  = (state_q == StRead) ? map_unit_pkg::OpSlot : map_pkg::OpDelete;
  assign request_id_o  = id_q;
  assign request_key_o = (state_q == StRead) ? {{(256-Width){1'b0}}, best_slot_q} : key_q;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      state_q      <= StIdle;
      clear_q      <= 1'b0;
      clearing_q   <= 1'b0;
      reading_q    <= 1'b0;
      id_q         <= '0;
      clear_id_q   <= '0;
      looked_q     <= '0;
      best_valid_q <= 1'b0;
    end else begin
      reading_q <= scan_read;
      if (clear_i) begin
        clear_q    <= 1'b1;
        clear_id_q <= clear_id_i;
      end
      unique case (state_q)
        StIdle: begin
          clearing_q <= clear_q;
          if (clear_q) id_q <= clear_id_q;
          else if (evict_i != '0) id_q <= picked;
          if (clear_q || evict_i != '0) state_q <= StStart;
        end
        StStart: begin
          looked_q     <= '0;
          best_valid_q <= 1'b0;
          state_q      <= StScan;
        end
        StScan: begin
          if (clearing_q) begin
            // Every slot in turn: hand_q counts from zero.
            state_q <= StRead;
            if ({1'b0, hand_q} >= fresh_q) begin
              state_q <= StIdle;
              clear_q <= 1'b0;
            end
          end else begin
            if (scan_read) looked_q <= looked_q + 6'd1;
            if (reading_q && used_o && (!best_valid_q || age > best_age_q)) best_valid_q <= 1'b1;
            if (last_of_scan) state_q <= best_valid_q ? StRead : StIdle;
          end
        end
        StRead: if (request_taken_i) state_q <= StReadWait;
        StReadWait: begin
          if (answer_i) begin
            state_q <= answer_used_i ? StDelete : clearing_q ? StScan : StIdle;
          end
        end
        StDelete: if (request_taken_i) state_q <= StDeleteWait;
        StDeleteWait: if (answer_i) state_q <= clearing_q ? StScan : StIdle;
        default: state_q <= StIdle;
      endcase
    end
  end

  logic hand_write;
  assign hand_write = define_i || (last_of_scan && state_q == StScan && !clearing_q);

  always_ff @(posedge clk_i) begin
    if (state_q == StStart) begin
      base_q  <= bases[id_q];
      fresh_q <= query_fresh_i;
      hand_q  <= clearing_q ? '0 : hands[id_q];
    end
    if (scan_read) begin
      hand_q      <= next_hand;
      read_slot_q <= scan_slot;
    end
    if (state_q == StScan && clearing_q) begin
      best_slot_q <= scan_slot;
      hand_q      <= hand_q + Width'(1);
    end
    if (reading_q && used_o && (!best_valid_q || age > best_age_q)) begin
      best_age_q  <= age;
      best_slot_q <= read_slot_q;
    end
    if (hand_write) hands[define_i ? define_id_i : id_q] <= define_i ? '0 : hand_q;
    if (answer_i) key_q <= answer_key_i;
  end
endmodule
