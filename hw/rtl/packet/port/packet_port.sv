// One port: ingress, its engines, and the collector that sends their packets to the outputs. Ports
// share nothing but the outputs and the map unit.
module packet_port #(
  parameter int Ports        = 4,
  parameter int Engines      = 8,
  parameter int Slots        = 4,
  parameter int ProgramSlots = 4096
) (
  input  logic                  clk_i,
  input  logic                  rst_ni,
  input  logic [1:0]            port_i,          // constants
  input  logic [7:0]            first_engine_i,  // number of the port's first engine
  input  logic [63:0]           time_ns_i,
  input  logic [31:0]           cycle_i,

  input  logic                  s_axis_tvalid,
  output logic                  s_axis_tready,
  input  logic [255:0]          s_axis_tdata,
  input  logic [31:0]           s_axis_tkeep,
  input  logic                  s_axis_tlast,
  input  logic [15:0]           s_axis_tuser,

  // Host.
  input  logic                  program_write_i,
  input  logic [15:0]           program_address_i,
  input  logic [65:0]           program_data_i,
  input  logic                  describe_i,
  input  logic [3:0]            describe_index_i,
  input  logic [15:0]           describe_first_i,
  input  logic [15:0]           describe_end_i,
  input  logic [15:0]           describe_entry_i,
  input  logic [20:0]           describe_data_begin_i,
  input  logic [20:0]           describe_data_end_i,
  input  logic [7:0]            banks_i,
  input  logic                  epoch_i,
  input  logic [19:0]           budget_i,
  input  logic                  attached_i,
  input  logic [2:0]            program_i,
  output logic [1:0]            in_flight_o,     // packets of epoch 0, of epoch 1 are in the port
  output logic                  ingress_event_o,
  output logic [3:0]            ingress_kind_o,
  output logic [15:0]           ingress_bytes_o,
  output logic                  verdict_event_o,
  output logic [3:0]            verdict_kind_o,
  output logic [15:0]           verdict_bytes_o,

  // Outputs, see collector.
  output logic [Ports:0]        request_o,
  output logic [5:0]            request_beats_o,
  input  logic [Ports:0]        grant_i,
  input  logic [Ports:0]        refuse_i,
  output logic [Ports:0]        valid_o,
  output logic                  last_o,
  output logic [4:0]            last_byte_o,
  output logic [255:0]          beat_o,
  output packet_pkg::departure_t departure_o,

  // Map unit, engine by engine.
  output logic [Engines-1:0]    map_valid_o,
  output logic [Engines-1:0]    map_last_o,
  output logic [Engines*3-1:0]  map_op_o,
  output logic [Engines*6-1:0]  map_id_o,
  output logic [Engines*3-1:0]  map_flags_o,
  output logic [Engines*64-1:0] map_data_o,
  input  logic [Engines-1:0]    map_ready_i,
  input  logic [Engines-1:0]    map_rvalid_i,
  input  logic [63:0]           map_r0_i,
  output logic [Engines-1:0]    data_valid_o,
  output logic [Engines*4-1:0]  data_op_o,
  output logic [Engines*2-1:0]  data_size_o,
  output logic [Engines*24-1:0] data_offset_o,
  output logic [Engines*64-1:0] data_wdata_o,
  input  logic [Engines-1:0]    data_ready_i,
  input  logic [Engines-1:0]    data_rvalid_i,
  input  logic [63:0]           data_rdata_i,
  input  logic                  define_i,
  input  logic [5:0]            define_id_i,
  input  logic [4:0]            define_type_i,
  input  logic [5:0]            define_key_bytes_i,
  input  logic [6:0]            define_value_bytes_i,

  output logic [Engines*3-1:0]  activity_o
);
  localparam int OutcomeBits = packet_pkg::OutcomeBits;
  localparam int ArrivalBits = packet_pkg::ArrivalBits;

  logic [Engines-1:0]   free, beat, ready, bad, slot_release, read, read_taken;
  logic                 beat_first, beat_last, beat_bad;
  packet_pkg::arrival_t arrival;
  logic [255:0]         beat_data;
  logic [Engines*OutcomeBits-1:0] outcomes;
  logic [Engines*ArrivalBits-1:0] leavings;
  logic [Engines*256-1:0] read_data;
  logic [5:0]           read_line;
  logic                 release_epoch;

  ingress_port #(.Engines(Engines)) u_ingress_port (
    .clk_i        (clk_i),
    .rst_ni       (rst_ni),
    .s_axis_tvalid(s_axis_tvalid),
    .s_axis_tready(s_axis_tready),
    .s_axis_tdata (s_axis_tdata),
    .s_axis_tkeep (s_axis_tkeep),
    .s_axis_tlast (s_axis_tlast),
    .s_axis_tuser (s_axis_tuser),
    .attached_i   (attached_i),
    .version_i    ({program_i, banks_i[program_i]}),
    .epoch_i      (epoch_i),
    .cycle_i      (cycle_i),
    .free_i       (free),
    .beat_o       (beat),
    .first_o      (beat_first),
    .last_o       (beat_last),
    .bad_o        (beat_bad),
    .arrival_o    (arrival),
    .data_o       (beat_data),
    .event_o      (ingress_event_o),
    .event_kind_o (ingress_kind_o),
    .event_bytes_o(ingress_bytes_o)
  );

  logic [Engines-1:0]    arithmetic_valid, divide, is_64, is_signed, remainder, arithmetic_done;
  logic [Engines*64-1:0] arithmetic_a, arithmetic_b;
  logic [63:0]           arithmetic_result;

  arithmetic_unit #(.Engines(Engines)) u_arithmetic_unit (
    .clk_i      (clk_i),
    .rst_ni     (rst_ni),
    .valid_i    (arithmetic_valid),
    .divide_i   (divide),
    .is_64_i    (is_64),
    .is_signed_i(is_signed),
    .remainder_i(remainder),
    .a_i        (arithmetic_a),
    .b_i        (arithmetic_b),
    .done_o     (arithmetic_done),
    .result_o   (arithmetic_result)
  );

  for (genvar e = 0; e < Engines; e++) begin : gen_engine
    packet_engine #(.Slots(Slots), .ProgramSlots(ProgramSlots)) u_engine (
      .clk_i                 (clk_i),
      .rst_ni                (rst_ni),
      .engine_i              (first_engine_i + 8'(e)),
      .port_i                ({1'b0, port_i}),
      .time_ns_i             (time_ns_i),
      .program_write_i       (program_write_i),
      .program_address_i     (program_address_i),
      .program_data_i        (program_data_i),
      .describe_i            (describe_i),
      .describe_index_i      (describe_index_i),
      .describe_first_i      (describe_first_i),
      .describe_end_i        (describe_end_i),
      .describe_entry_i      (describe_entry_i),
      .describe_data_begin_i (describe_data_begin_i),
      .describe_data_end_i   (describe_data_end_i),
      .banks_i               (banks_i),
      .budget_i              (budget_i),
      .free_o                (free[e]),
      .beat_i                (beat[e]),
      .first_i               (beat_first),
      .last_i                (beat_last),
      .bad_i                 (beat_bad),
      .arrival_i             (arrival),
      .beat_data_i           (beat_data),
      .ready_o               (ready[e]),
      .bad_o                 (bad[e]),
      .outcome_o             (outcomes[OutcomeBits*e +: OutcomeBits]),
      .leaving_o             (leavings[ArrivalBits*e +: ArrivalBits]),
      .release_i             (slot_release[e]),
      .read_i                (read[e]),
      .read_line_i           (read_line),
      .read_taken_o          (read_taken[e]),
      .read_data_o           (read_data[256*e +: 256]),
      .arithmetic_valid_o    (arithmetic_valid[e]),
      .arithmetic_divide_o   (divide[e]),
      .arithmetic_is_64_o    (is_64[e]),
      .arithmetic_is_signed_o(is_signed[e]),
      .arithmetic_remainder_o(remainder[e]),
      .arithmetic_a_o        (arithmetic_a[64*e +: 64]),
      .arithmetic_b_o        (arithmetic_b[64*e +: 64]),
      .arithmetic_done_i     (arithmetic_done[e]),
      .arithmetic_result_i   (arithmetic_result),
      .map_valid_o           (map_valid_o[e]),
      .map_last_o            (map_last_o[e]),
      .map_op_o              (map_op_o[3*e +: 3]),
      .map_id_o              (map_id_o[6*e +: 6]),
      .map_flags_o           (map_flags_o[3*e +: 3]),
      .map_data_o            (map_data_o[64*e +: 64]),
      .map_ready_i           (map_ready_i[e]),
      .map_rvalid_i          (map_rvalid_i[e]),
      .map_r0_i              (map_r0_i),
      .data_valid_o          (data_valid_o[e]),
      .data_op_o             (data_op_o[4*e +: 4]),
      .data_size_o           (data_size_o[2*e +: 2]),
      .data_offset_o         (data_offset_o[24*e +: 24]),
      .data_wdata_o          (data_wdata_o[64*e +: 64]),
      .data_ready_i          (data_ready_i[e]),
      .data_rvalid_i         (data_rvalid_i[e]),
      .data_rdata_i          (data_rdata_i),
      .define_i              (define_i),
      .define_id_i           (define_id_i),
      .define_type_i         (define_type_i),
      .define_key_bytes_i    (define_key_bytes_i),
      .define_value_bytes_i  (define_value_bytes_i),
      .activity_o            (activity_o[3*e +: 3])
    );
  end

  logic first_beat;
  collector #(.Engines(Engines), .Ports(Ports)) u_collector (
    .clk_i          (clk_i),
    .rst_ni         (rst_ni),
    .port_i         (port_i),
    .ready_i        (ready),
    .bad_i          (bad),
    .outcomes_i     (outcomes),
    .leavings_i     (leavings),
    .release_o      (slot_release),
    .release_epoch_o(release_epoch),
    .read_o         (read),
    .read_line_o    (read_line),
    .read_taken_i   (read_taken),
    .read_data_i    (read_data),
    .request_o      (request_o),
    .request_beats_o(request_beats_o),
    .grant_i        (grant_i),
    .refuse_i       (refuse_i),
    .valid_o        (valid_o),
    .first_o        (first_beat),
    .last_o         (last_o),
    .last_byte_o    (last_byte_o),
    .beat_o         (beat_o),
    .departure_o    (departure_o),
    .event_o        (verdict_event_o),
    .event_kind_o   (verdict_kind_o),
    .event_bytes_o  (verdict_bytes_o)
  );
  // The queue knows a packet's first beat as the one after a last.
  logic unused;
  assign unused = first_beat;

  // Packets in the port, by the epoch of program switches in which they came.
  epoch_counter #(.Limit(Engines * Slots)) u_epoch_counter (
    .clk_i        (clk_i),
    .rst_ni       (rst_ni),
    .enter_i      (beat != '0 && beat_first),
    .enter_epoch_i(arrival.epoch),
    .leave_i      (slot_release != '0),
    .leave_epoch_i(release_epoch),
    .in_flight_o  (in_flight_o)
  );
endmodule
