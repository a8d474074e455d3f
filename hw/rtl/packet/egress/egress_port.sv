// An output: takes packets from the collectors, one collector at a time in turn, and queues them.
//
// A packet is taken only if the queue has room for all of it, otherwise it is refused at once, so
// that a full output never holds up the others. Granted beats come without further handshake, with
// gaps at most. Latency: one cycle through an empty queue. TUSER, valid with every beat of the
// packet: length, source and destination as NetFPGA SUME has them, then arrival and departure.
module egress_port #(
  parameter int Sources    = 4,
  parameter int QueueBeats = 512,
  localparam int CountWidth = $clog2(QueueBeats + 1)
) (
  input  logic                   clk_i,
  input  logic                   rst_ni,
  input  logic [7:0]             destination_i,   // constant: TUSER's one-hot destination
  input  logic [31:0]            cycle_i,

  input  logic [Sources-1:0]     request_i,
  input  logic [Sources*6-1:0]   request_beats_i,
  output logic [Sources-1:0]     grant_o,
  output logic [Sources-1:0]     refuse_o,
  input  logic [Sources-1:0]     valid_i,
  input  logic [Sources-1:0]     last_i,
  input  logic [Sources*5-1:0]   last_byte_i,
  input  logic [Sources*256-1:0] beat_i,
  input  logic [Sources*packet_pkg::DepartureBits-1:0] departure_i,

  output logic                   m_axis_tvalid,
  input  logic                   m_axis_tready,
  output logic [255:0]           m_axis_tdata,
  output logic [31:0]            m_axis_tkeep,
  output logic                   m_axis_tlast,
  output logic [127:0]           m_axis_tuser,

  output logic                   event_o,         // a packet has left
  output logic [15:0]            event_bytes_o
);
  localparam int SourceWidth   = (Sources > 1) ? $clog2(Sources) : 1;
  localparam int AddressWidth  = $clog2(QueueBeats);
  localparam int DepartureBits = packet_pkg::DepartureBits;

  localparam int WordBits      = packet_pkg::DepartureBits + 6 + 256;

  typedef struct packed {
    logic [packet_pkg::DepartureBits-1:0] departure;
    logic                   last;
    logic [4:0]             last_byte;
    logic [255:0]           beat;
  } word_t;

  // Arbitration: the first requester after the last one served.
  logic [SourceWidth-1:0] owner_q, chosen;
  logic                   owned_q, any, room, ends;
  logic [CountWidth-1:0]  count_q;              // words in the block RAM
  logic [5:0]             beats;
  always_comb begin
    chosen = owner_q;
    any    = 1'b0;
    for (int i = Sources; i > 0; i--) begin
      if (request_i[(32'(owner_q) + i) % Sources]) begin
        chosen = SourceWidth'((32'(owner_q) + i) % Sources);
        any    = 1'b1;
      end
    end
    beats = request_beats_i[5:0];
    for (int i = 1; i < Sources; i++) begin
      if (chosen == SourceWidth'(i)) beats = request_beats_i[6*i +: 6];
    end
  end
  assign room = CountWidth'(QueueBeats) - count_q >= CountWidth'(beats);

  word_t in_word;
  logic  in_valid;
  always_comb begin
    grant_o  = '0;
    refuse_o = '0;
    if (any && !owned_q) begin
      grant_o[chosen]  = room;
      refuse_o[chosen] = !room;
    end
    in_valid          = valid_i[0];
    in_word.departure = departure_i[DepartureBits-1:0];
    in_word.last      = last_i[0];
    in_word.last_byte = last_byte_i[4:0];
    in_word.beat      = beat_i[255:0];
    for (int i = 1; i < Sources; i++) begin
      if (owner_q == SourceWidth'(i)) begin
        in_valid          = valid_i[i];
        in_word.departure = departure_i[DepartureBits*i +: DepartureBits];
        in_word.last      = last_i[i];
        in_word.last_byte = last_byte_i[5*i +: 5];
        in_word.beat      = beat_i[256*i +: 256];
      end
    end
    in_valid = in_valid && owned_q;
  end
  assign ends = in_valid && in_word.last;

  // Queue: block RAM, its output register, and the stream's register; an empty queue is passed by.
  logic [WordBits-1:0]      words [QueueBeats];
  word_t                    stored_q, out_q;
  logic [AddressWidth-1:0]  write_q, read_q;
  logic                     stored_valid_q, out_valid_q, first_q;
  logic [31:0]              departed_q;
  logic                     out_free, pass, push, pop, load;
  word_t                    loaded;

  assign out_free = !out_valid_q || m_axis_tready;
  assign pass     = in_valid && out_free && !stored_valid_q && count_q == '0;
  assign push     = in_valid && !pass;
  assign pop      = count_q != '0 && (!stored_valid_q || out_free);
  assign load     = out_free && (stored_valid_q || pass);
  assign loaded   = stored_valid_q ? stored_q : in_word;

  always_ff @(posedge clk_i) begin
    if (push) words[write_q] <= in_word;
    if (pop) stored_q <= words[read_q];
    if (load) out_q <= loaded;
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      owner_q        <= '0;
      owned_q        <= 1'b0;
      count_q        <= '0;
      write_q        <= '0;
      read_q         <= '0;
      stored_valid_q <= 1'b0;
      out_valid_q    <= 1'b0;
      first_q        <= 1'b1;
      departed_q     <= '0;
    end else begin
      if (any && !owned_q) begin
        owner_q <= chosen;
        owned_q <= room;
      end else if (ends) begin
        owned_q <= 1'b0;
      end
      count_q <= count_q + CountWidth'(push) - CountWidth'(pop);
      if (push) write_q <= write_q + AddressWidth'(1);
      if (pop) read_q <= read_q + AddressWidth'(1);
      stored_valid_q <= pop || (stored_valid_q && !out_free);
      out_valid_q    <= (out_valid_q && !m_axis_tready) || stored_valid_q || pass;
      // The stamp of the cycle in which the first beat is offered; later beats repeat it.
      if (load) begin
        first_q <= loaded.last;
        if (first_q) departed_q <= cycle_i + 32'd1;
      end
    end
  end

  logic [7:0]             source;
  packet_pkg::departure_t departure;
  assign departure = out_q.departure;
  always_comb begin
    source = '0;
    source[{departure.source, 1'b0}] = 1'b1;
    for (int i = 0; i < 32; i++) begin
      m_axis_tkeep[i] = !out_q.last || 5'(i) <= out_q.last_byte;
    end
  end
  assign m_axis_tvalid = out_valid_q;
  assign m_axis_tdata  = out_q.beat;
  assign m_axis_tlast  = out_q.last;
  assign m_axis_tuser  = {32'd0, departed_q, departure.arrival,
                          destination_i, source, 5'd0, departure.length};

  logic leaves;
  assign leaves        = m_axis_tvalid && m_axis_tready && m_axis_tlast;
  assign event_o       = leaves;
  assign event_bytes_o = {5'd0, departure.length};

  if ((QueueBeats & (QueueBeats - 1)) != 0 || QueueBeats < 64) begin : gen_bad_queue
    $error("egress_port: QueueBeats must be a power of two, at least 64");
  end
endmodule
