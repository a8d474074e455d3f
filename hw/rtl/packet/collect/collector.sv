// A port's packets leave its engines in the order in which they came, each to where its verdict
// says.
//
// The collector looks at one engine, the next in turn, until that one's oldest slot is finished and
// complete; then asks the output for room and streams the slot out, or drops it. A packet for
// several ports is streamed to each in turn. Every packet gives one event, by verdict, and one more
// for each output that had no room for it.
//
//   finished ─▶ look ─▶ ask (grant: read line 0) ─▶ line ─▶ turn ─▶ first beat     4 cycles
module collector #(
  parameter int Engines = 8,
  parameter int Ports   = 4
) (
  input  logic                   clk_i,
  input  logic                   rst_ni,
  input  logic [1:0]             port_i,

  // The engines' oldest slots.
  input  logic [Engines-1:0]     ready_i,
  input  logic [Engines-1:0]     bad_i,
  input  logic [Engines*packet_pkg::OutcomeBits-1:0] outcomes_i,
  input  logic [Engines*packet_pkg::ArrivalBits-1:0] leavings_i,
  output logic [Engines-1:0]     release_o,
  output logic                   release_epoch_o,   // with a release
  output logic [Engines-1:0]     read_o,
  output logic [5:0]             read_line_o,
  input  logic [Engines-1:0]     read_taken_i,
  input  logic [Engines*256-1:0] read_data_i,

  // Outputs: ports, then the host's queue of this port.
  output logic [Ports:0]         request_o,
  output logic [5:0]             request_beats_o,
  input  logic [Ports:0]         grant_i,           // with request_o: room, and the output is ours
  input  logic [Ports:0]         refuse_i,          // with request_o: no room
  output logic [Ports:0]         valid_o,           // a beat for this output
  output logic                   first_o,
  output logic                   last_o,
  output logic [4:0]             last_byte_o,
  output logic [255:0]           beat_o,
  output packet_pkg::departure_t departure_o,

  output logic                   event_o,
  output logic [3:0]             event_kind_o,      // regs VERDICT_*
  output logic [15:0]            event_bytes_o
);
  localparam int EngineWidth = (Engines > 1) ? $clog2(Engines) : 1;
  localparam int OutcomeBits = packet_pkg::OutcomeBits;
  localparam int ArrivalBits = packet_pkg::ArrivalBits;

  localparam logic [1:0] StLook  = 2'd0;
  localparam logic [1:0] StAsk   = 2'd1;
  localparam logic [1:0] StRead  = 2'd2;
  localparam logic [1:0] StDrain = 2'd3;   // lines are on their way through the aligner

  logic [1:0]             state_q;
  logic [EngineWidth-1:0] engine_q;
  packet_pkg::outcome_t   outcome;
  packet_pkg::arrival_t   leaving;

  always_comb begin
    outcome = outcomes_i[OutcomeBits-1:0];
    leaving = leavings_i[ArrivalBits-1:0];
    for (int i = 1; i < Engines; i++) begin
      if (engine_q == EngineWidth'(i)) begin
        outcome = outcomes_i[OutcomeBits*i +: OutcomeBits];
        leaving = leavings_i[ArrivalBits*i +: ArrivalBits];
      end
    end
  end

  // What is to be done with the packet under the eye.
  logic [Ports:0] targets;
  logic [3:0]     kind;
  logic [10:0]    length;
  assign length = outcome.data_end - outcome.data;
  always_comb begin
    targets = '0;
    kind    = {1'b0, outcome.verdict};
    if (bad_i[engine_q]) kind = packet_regs_pkg::VerdictBadLength;
    else if (outcome.fault != 3'd0) kind = {1'b1, outcome.fault};
    else begin
      unique case (outcome.verdict)
        packet_pkg::XdpPass:     targets[Ports] = 1'b1;
        packet_pkg::XdpTx:       targets[3'(port_i)] = 1'b1;
        packet_pkg::XdpRedirect: targets[Ports-1:0] = outcome.ports[Ports-1:0];
        default:                 targets = '0;
      endcase
      if (outcome.verdict == packet_pkg::XdpRedirect && targets == '0) begin
        kind = packet_regs_pkg::VerdictRedirectFailed;
      end
    end
  end

  logic           look;
  logic [Ports:0] targets_q, target, rest;
  logic [10:0]    data_q, length_q;
  logic [31:0]    arrival_q;
  logic           epoch_q;
  logic [5:0]     line_q, last_line;

  assign look   = state_q == StLook && ready_i[engine_q];
  assign target = targets_q & (~targets_q + 1'b1);     // the lowest
  assign rest   = targets_q & ~target;

  logic granted, refused, reading, taken, last_read, aligner_busy, next_target, done;
  assign request_o       = (state_q == StAsk) ? target : '0;
  assign request_beats_o = 6'((12'(length_q) + 12'd31) >> 5);
  assign granted         = (request_o & grant_i) != '0;
  assign refused         = (request_o & refuse_i) != '0;
  assign reading         = granted || state_q == StRead;
  assign read_line_o     = granted ? data_q[10:5] : line_q;
  assign last_line       = 6'((12'(data_q) + 12'(length_q) - 12'd1) >> 5);
  assign taken           = reading && read_taken_i[engine_q];
  assign last_read       = taken && read_line_o == last_line;
  assign next_target     = refused || last_read;       // no more reads for this target
  // The slot is free when nobody will read it any more.
  assign done            = (look && targets == '0) || (next_target && rest == '0);

  always_comb begin
    read_o            = '0;
    read_o[engine_q]  = reading;
    release_o         = '0;
    release_o[engine_q] = done;
  end
  assign release_epoch_o = look ? leaving.epoch : epoch_q;
  assign event_o         = look || refused;
  assign event_kind_o    = look ? kind : packet_regs_pkg::VerdictRefused;
  assign event_bytes_o   = {5'd0, look ? length : length_q};

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      state_q   <= StLook;
      engine_q  <= '0;
      targets_q <= '0;
      data_q    <= '0;
      length_q  <= '0;
      arrival_q <= '0;
      epoch_q   <= 1'b0;
      line_q    <= '0;
    end else begin
      if (look) begin
        targets_q <= targets;
        data_q    <= outcome.data;
        length_q  <= length;
        arrival_q <= leaving.arrival;
        epoch_q   <= leaving.epoch;
      end else if (next_target) begin
        targets_q <= rest;
      end
      if (taken) line_q <= read_line_o + 6'd1;
      else if (granted) line_q <= read_line_o;
      if (done) begin
        engine_q <= (engine_q == EngineWidth'(Engines - 1)) ? '0 : engine_q + EngineWidth'(1);
      end
      unique case (state_q)
        StLook: if (look && targets != '0) state_q <= StAsk;
        StAsk: begin
          if (refused && rest == '0) state_q <= StLook;
          if (granted) state_q <= last_read ? StDrain : StRead;
        end
        StRead: if (last_read) state_q <= StDrain;
        default: if (!aligner_busy) state_q <= (targets_q == '0) ? StLook : StAsk;
      endcase
    end
  end

  // Line from the engine, a cycle after the read was taken.
  logic                   read_q, line_valid_q;
  logic [EngineWidth-1:0] read_engine_q;
  logic [Ports:0]         target_q;
  logic [255:0]           line, line_q2;

  always_comb begin
    line = read_data_i[255:0];
    for (int i = 1; i < Engines; i++) begin
      if (read_engine_q == EngineWidth'(i)) line = read_data_i[256*i +: 256];
    end
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      read_q        <= 1'b0;
      line_valid_q  <= 1'b0;
      read_engine_q <= '0;
      target_q      <= '0;
    end else begin
      read_q       <= taken;
      line_valid_q <= read_q;
      if (taken) read_engine_q <= engine_q;
      if (granted) target_q <= target;
    end
  end
  always_ff @(posedge clk_i) begin
    if (read_q) line_q2 <= line;
  end

  logic beat_valid;
  beat_aligner u_beat_aligner (
    .clk_i      (clk_i),
    .rst_ni     (rst_ni),
    .start_i    (granted),
    .shift_i    (data_q[4:0]),
    .length_i   (length_q),
    .busy_o     (aligner_busy),
    .valid_i    (line_valid_q),
    .line_i     (line_q2),
    .valid_o    (beat_valid),
    .first_o    (first_o),
    .last_o     (last_o),
    .last_byte_o(last_byte_o),
    .beat_o     (beat_o)
  );
  assign valid_o              = beat_valid ? target_q : '0;
  assign departure_o.source   = port_i;
  assign departure_o.length   = length_q;
  assign departure_o.arrival  = arrival_q;
endmodule
