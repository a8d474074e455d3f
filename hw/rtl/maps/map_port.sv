// Concentrator of one device port: takes the requests of its engines beat by beat, one engine after
// the other, and holds one complete request for the issue stage.
//
// A request's first beat gets a transaction; without a free one no engine is taken. pending_next_o
// says in cycle c that a request will be complete in cycle c + 1, when consume_i may take it; the
// next request's first beat can be taken in that same cycle. Throughput: a beat a cycle.
module map_port #(
  parameter int Engines = 8
) (
  input  logic                  clk_i,
  input  logic                  rst_ni,
  input  logic                  enable_i,        // low: take nothing

  input  logic [Engines-1:0]    valid_i,
  input  logic [Engines-1:0]    last_i,
  input  logic [Engines*3-1:0]  op_i,
  input  logic [Engines*6-1:0]  id_i,
  input  logic [Engines*3-1:0]  flags_i,
  input  logic [Engines*64-1:0] data_i,
  output logic [Engines-1:0]    ready_o,

  input  logic                  define_i,
  input  logic [5:0]            define_id_i,
  input  logic [5:0]            define_key_bytes_i,

  input  logic                  free_i,          // a transaction has been answered
  input  logic [2:0]            free_index_i,

  output logic                  pending_next_o,
  input  logic                  consume_i,
  output logic [2:0]            op_o,
  output logic [5:0]            id_o,
  output logic [2:0]            flags_o,
  output logic [2:0]            engine_o,
  output logic [2:0]            index_o,
  output logic [5:0]            key_bytes_o,
  output logic [255:0]          key_o,
  output logic [511:0]          value_o
);
  logic [5:0] key_bytes [map_unit_pkg::Maps];
  always_ff @(posedge clk_i) begin
    if (define_i) key_bytes[define_id_i] <= define_key_bytes_i;
  end

  // Which engine: the one whose request is under way, else the next in turn that has one.
  logic               locked_q, pending_q;
  logic [2:0]         engine_q, turn_q, engine;
  logic [Engines-1:0] later;
  logic [2:0]         picked;

  assign later = valid_i & ~((Engines'(1) << turn_q) - Engines'(1));

  always_comb begin
    picked = '0;
    for (int e = Engines - 1; e >= 0; e--) if (valid_i[e]) picked = 3'(e);
    if (later != '0) begin
      for (int e = Engines - 1; e >= 0; e--) if (later[e]) picked = 3'(e);
    end
    engine = locked_q ? engine_q : picked;
  end

  // The beat that the chosen engine offers.
  logic        beat_valid, beat_last, take, room;
  logic [2:0]  beat_op, beat_flags;
  logic [5:0]  beat_id;
  logic [63:0] beat_data;

  always_comb begin
    beat_valid = 1'b0;
    beat_last  = 1'b0;
    beat_op    = '0;
    beat_id    = '0;
    beat_flags = '0;
    beat_data  = '0;
    for (int e = 0; e < Engines; e++) begin
      if (engine == 3'(e)) begin
        beat_valid = valid_i[e];
        beat_last  = last_i[e];
        beat_op    = op_i[e*3 +: 3];
        beat_id    = id_i[e*6 +: 6];
        beat_flags = flags_i[e*3 +: 3];
        beat_data  = data_i[e*64 +: 64];
      end
    end
  end

  // A free transaction.
  logic [7:0] busy_q, busy_d;
  logic [2:0] free_index;
  logic       any_free;
  always_comb begin
    free_index = '0;
    for (int i = 7; i >= 0; i--) if (!busy_q[i]) free_index = 3'(i);
    any_free = busy_q != '1;
  end

  assign room = enable_i && (!pending_q || consume_i) && (locked_q || any_free);
  assign take = beat_valid && room;

  always_comb begin
    ready_o = '0;
    for (int e = 0; e < Engines; e++) ready_o[e] = room && engine == 3'(e) && valid_i[e];
  end

  always_comb begin
    busy_d = busy_q;
    if (free_i) busy_d[free_index_i] = 1'b0;
    if (take && !locked_q) busy_d[free_index] = 1'b1;
  end

  assign pending_next_o = (take && beat_last) || (pending_q && !consume_i);

  // Key words first, then the value's.
  logic [3:0] beat_q, beat;
  logic [5:0] bytes_q, bytes;
  logic [2:0] key_words;
  logic [3:0] value_beat;
  assign beat       = locked_q ? beat_q : 4'd0;
  assign bytes      = locked_q ? bytes_q : key_bytes[beat_id];
  assign key_words  = 3'((bytes + 6'd7) >> 3);
  assign value_beat = beat - {1'b0, key_words};

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      locked_q  <= 1'b0;
      pending_q <= 1'b0;
      engine_q  <= '0;
      turn_q    <= '0;
      busy_q    <= '0;
      beat_q    <= '0;
    end else begin
      pending_q <= pending_next_o;
      busy_q    <= busy_d;
      if (take) begin
        locked_q <= !beat_last;
        engine_q <= engine;
        beat_q   <= beat + 4'd1;
        if (beat_last) turn_q <= (engine == 3'(Engines - 1)) ? 3'd0 : engine + 3'd1;
      end
    end
  end

  always_ff @(posedge clk_i) begin
    if (take) begin
      if (!locked_q) begin
        op_o     <= beat_op;
        id_o     <= beat_id;
        flags_o  <= beat_flags;
        engine_o <= engine;
        index_o  <= free_index;
        bytes_q  <= bytes;
        key_o    <= {192'd0, beat_data};
      end
      if (locked_q && beat < {1'b0, key_words}) begin
        for (int w = 1; w < 4; w++) if (beat == 4'(w)) key_o[w*64 +: 64] <= beat_data;
      end
      if (locked_q && beat >= {1'b0, key_words}) begin
        for (int w = 0; w < 8; w++) if (value_beat == 4'(w)) value_o[w*64 +: 64] <= beat_data;
      end
    end
  end
  assign key_bytes_o = bytes_q;

  if (Engines < 1 || Engines > 8) begin : gen_bad_engines
    $error("map_port: Engines must be 1 to 8");
  end
endmodule
