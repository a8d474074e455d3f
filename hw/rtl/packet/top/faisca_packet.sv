// The packet pipeline: four ports of AXI4-Stream in and out, engines, maps, an AXI4-Lite window.
//
//   s_axis[p] ─▶ packet_port p: ingress ─▶ engines ─▶ collector ┬▶ egress_port q ─▶ m_axis[q]
//                                           │▲                 └▶ host queue p ─▶ m_axis[Ports + p]
//                                          map_unit
//
// Streams are parts of vectors, port by port: network ports first, then the host's queues, one for
// each port, where XDP_PASS goes. TUSER as on NetFPGA SUME: length [15:0], source [23:16] and
// destination [31:24] one-hot, the network ports at even bits and the host's queues at odd ones;
// out of the device also the cycles of arrival [63:32] and departure [95:64]. s_axis_tready is
// always high. Register map: docs/reference/packet-registers.md.
module faisca_packet #(
  parameter int Ports        = 4,
  parameter int Engines      = 7,     // of each port
  parameter int Threads      = 1,
  parameter int Slots        = 4,
  parameter int ProgramSlots = 4096,
  parameter int DataBytes    = 262144,
  parameter int QueueBeats   = 512
) (
  input  logic                   clk_i,
  input  logic                   rst_ni,

  input  logic                   s_axil_awvalid,
  output logic                   s_axil_awready,
  input  logic [15:0]            s_axil_awaddr,
  input  logic                   s_axil_wvalid,
  output logic                   s_axil_wready,
  input  logic [31:0]            s_axil_wdata,
  input  logic [3:0]             s_axil_wstrb,
  output logic                   s_axil_bvalid,
  input  logic                   s_axil_bready,
  output logic [1:0]             s_axil_bresp,
  input  logic                   s_axil_arvalid,
  output logic                   s_axil_arready,
  input  logic [15:0]            s_axil_araddr,
  output logic                   s_axil_rvalid,
  input  logic                   s_axil_rready,
  output logic [31:0]            s_axil_rdata,
  output logic [1:0]             s_axil_rresp,

  input  logic [Ports-1:0]       s_axis_tvalid,
  output logic [Ports-1:0]       s_axis_tready,
  input  logic [Ports*256-1:0]   s_axis_tdata,
  input  logic [Ports*32-1:0]    s_axis_tkeep,
  input  logic [Ports-1:0]       s_axis_tlast,
  input  logic [Ports*128-1:0]   s_axis_tuser,

  output logic [2*Ports-1:0]     m_axis_tvalid,
  input  logic [2*Ports-1:0]     m_axis_tready,
  output logic [2*Ports*256-1:0] m_axis_tdata,
  output logic [2*Ports*32-1:0]  m_axis_tkeep,
  output logic [2*Ports-1:0]     m_axis_tlast,
  output logic [2*Ports*128-1:0] m_axis_tuser,

  // For simulation and measurement: what becomes of each packet, in order for each port, and what
  // every engine does.
  output logic [63:0]            cycle_o,
  output logic [Ports-1:0]       ingress_event_o,
  output logic [Ports*4-1:0]     ingress_kind_o,       // regs INGRESS_*
  output logic [Ports-1:0]       verdict_event_o,
  output logic [Ports*4-1:0]     verdict_kind_o,       // regs VERDICT_*
  output logic [Ports*Engines*3-1:0] activity_o        // packet_pkg::Act*
);
  localparam int All           = Ports * Engines;
  localparam int DepartureBits = packet_pkg::DepartureBits;

  if (Threads != 1) begin : gen_bad_threads
    $error("faisca_packet: Threads must be 1, see docs/design/0016-packet-pipeline.md");
  end
  if (Ports != 4) begin : gen_bad_ports
    $error("faisca_packet: Ports must be 4");
  end
  if (Engines < 1 || Engines > 16) begin : gen_bad_engines
    $error("faisca_packet: Engines must be 1 to 16");
  end

  // Bus.
  logic        bus_write, bus_read, bus_error, map_error, device_error, block_error_q;
  logic [15:0] bus_address;
  logic [31:0] bus_wdata, bus_rdata, map_rdata, device_rdata;
  logic [3:0]  bus_strobe;
  logic        is_device, is_maps, is_port, device_q, maps_q;
  logic [1:0]  port, port_q;
  logic [Ports*32-1:0] port_rdata;
  logic [Ports-1:0]    port_error;

  axil_slave #(.AddressWidth(16)) u_axil_slave (
    .clk_i         (clk_i),
    .rst_ni        (rst_ni),
    .s_axil_awvalid(s_axil_awvalid),
    .s_axil_awready(s_axil_awready),
    .s_axil_awaddr (s_axil_awaddr),
    .s_axil_wvalid (s_axil_wvalid),
    .s_axil_wready (s_axil_wready),
    .s_axil_wdata  (s_axil_wdata),
    .s_axil_wstrb  (s_axil_wstrb),
    .s_axil_bvalid (s_axil_bvalid),
    .s_axil_bready (s_axil_bready),
    .s_axil_bresp  (s_axil_bresp),
    .s_axil_arvalid(s_axil_arvalid),
    .s_axil_arready(s_axil_arready),
    .s_axil_araddr (s_axil_araddr),
    .s_axil_rvalid (s_axil_rvalid),
    .s_axil_rready (s_axil_rready),
    .s_axil_rdata  (s_axil_rdata),
    .s_axil_rresp  (s_axil_rresp),
    .write_o       (bus_write),
    .read_o        (bus_read),
    .address_o     (bus_address),
    .wdata_o       (bus_wdata),
    .strobe_o      (bus_strobe),
    .rdata_i       (bus_rdata),
    .error_i       (bus_error)
  );
  assign is_device = bus_address[15:12] == 4'h0;
  assign is_port   = bus_address[15:12] == 4'h1 || bus_address[15:12] == 4'h2;
  assign is_maps   = bus_address[15:12] == 4'h8;
  assign port      = {bus_address[13], bus_address[11]};

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      device_q      <= 1'b0;
      maps_q        <= 1'b0;
      port_q        <= '0;
      block_error_q <= 1'b0;
    end else begin
      device_q      <= is_device;
      maps_q        <= is_maps;
      port_q        <= port;
      // Registers are written whole.
      block_error_q <= (!is_device && !is_port && !is_maps) || (bus_write && bus_strobe != 4'hf);
    end
  end
  always_comb begin
    bus_rdata = port_rdata[32*port_q +: 32];
    bus_error = port_error[port_q];
    if (device_q) begin
      bus_rdata = device_rdata;
      bus_error = device_error;
    end
    if (maps_q) begin
      bus_rdata = map_rdata;
      bus_error = map_error;
    end
    if (block_error_q) bus_error = 1'b1;
  end

  logic write;
  assign write = bus_write && bus_strobe == 4'hf;

  // Host side.
  logic [63:0]        time_ns;
  logic [19:0]        budget;
  logic               program_write, describe, epoch;
  logic [15:0]        program_address, describe_first, describe_end, describe_entry;
  logic [65:0]        program_data;
  logic [3:0]         describe_index;
  logic [20:0]        describe_data_begin, describe_data_end;
  logic [7:0]         banks;
  logic [2*Ports-1:0] in_flight;

  packet_registers #(
    .Ports       (Ports),
    .Engines     (Engines),
    .Slots       (Slots),
    .ProgramSlots(ProgramSlots),
    .DataBytes   (DataBytes)
  ) u_packet_registers (
    .clk_i                (clk_i),
    .rst_ni               (rst_ni),
    .write_i              (write && is_device),
    .read_i               (bus_read && is_device),
    .address_i            (bus_address[11:0]),
    .wdata_i              (bus_wdata),
    .rdata_o              (device_rdata),
    .error_o              (device_error),
    .cycle_o              (cycle_o),
    .time_ns_o            (time_ns),
    .budget_o             (budget),
    .program_write_o      (program_write),
    .program_address_o    (program_address),
    .program_data_o       (program_data),
    .describe_o           (describe),
    .describe_index_o     (describe_index),
    .describe_first_o     (describe_first),
    .describe_end_o       (describe_end),
    .describe_entry_o     (describe_entry),
    .describe_data_begin_o(describe_data_begin),
    .describe_data_end_o  (describe_data_end),
    .banks_o              (banks),
    .epoch_o              (epoch),
    .in_flight_i          (in_flight)
  );

  // Map unit.
  logic [All-1:0]      map_valid, map_last, map_ready, map_rvalid;
  logic [All*3-1:0]    map_op, map_flags;
  logic [All*6-1:0]    map_id;
  logic [All*64-1:0]   map_data, data_wdata;
  logic [Ports*64-1:0] map_r0, data_rdata;
  logic [All-1:0]      data_valid, data_ready, data_rvalid;
  logic [All*4-1:0]    data_op;
  logic [All*2-1:0]    data_size;
  logic [All*24-1:0]   data_offset;
  logic                define;
  logic [5:0]          define_id, define_key_bytes;
  logic [4:0]          define_type;
  logic [6:0]          define_value_bytes;

  map_unit #(.Ports(Ports), .EnginesPerPort(Engines), .DataBytes(DataBytes)) u_map_unit (
    .clk_i               (clk_i),
    .rst_ni              (rst_ni),
    .map_valid_i         (map_valid),
    .map_last_i          (map_last),
    .map_op_i            (map_op),
    .map_id_i            (map_id),
    .map_flags_i         (map_flags),
    .map_data_i          (map_data),
    .map_ready_o         (map_ready),
    .map_rvalid_o        (map_rvalid),
    .map_r0_o            (map_r0),
    .data_valid_i        (data_valid),
    .data_op_i           (data_op),
    .data_size_i         (data_size),
    .data_offset_i       (data_offset),
    .data_wdata_i        (data_wdata),
    .data_ready_o        (data_ready),
    .data_rvalid_o       (data_rvalid),
    .data_rdata_o        (data_rdata),
    .define_o            (define),
    .define_id_o         (define_id),
    .define_type_o       (define_type),
    .define_key_bytes_o  (define_key_bytes),
    .define_value_bytes_o(define_value_bytes),
    .write_i             (write && is_maps),
    .read_i              (bus_read && is_maps),
    .address_i           (bus_address[11:0]),
    .wdata_i             (bus_wdata),
    .rdata_o             (map_rdata),
    .error_o             (map_error)
  );

  // Ports, and the wires to the outputs: by source port, then by output.
  logic [Ports*(Ports+1)-1:0]     request, grant, refuse, valid;
  logic [Ports*6-1:0]             request_beats;
  logic [Ports-1:0]               last;
  logic [Ports*5-1:0]             last_byte;
  logic [Ports*256-1:0]           beat;
  logic [Ports*DepartureBits-1:0] departure;

  for (genvar p = 0; p < Ports; p++) begin : gen_port
    logic        attached, sent_event, host_event;
    logic [2:0]  selected;
    logic [15:0] ingress_bytes, verdict_bytes, sent_bytes, host_bytes;

    port_registers u_port_registers (
      .clk_i          (clk_i),
      .rst_ni         (rst_ni),
      .write_i        (write && is_port && port == 2'(p)),
      .read_i         (bus_read && is_port && port == 2'(p)),
      .address_i      (bus_address[10:0]),
      .wdata_i        (bus_wdata),
      .rdata_o        (port_rdata[32*p +: 32]),
      .error_o        (port_error[p]),
      .attached_o     (attached),
      .program_o      (selected),
      .ingress_event_i(ingress_event_o[p]),
      .ingress_kind_i (ingress_kind_o[4*p +: 4]),
      .ingress_bytes_i(ingress_bytes),
      .verdict_event_i(verdict_event_o[p]),
      .verdict_kind_i (verdict_kind_o[4*p +: 4]),
      .verdict_bytes_i(verdict_bytes),
      .sent_event_i   (sent_event),
      .sent_bytes_i   (sent_bytes),
      .host_event_i   (host_event),
      .host_bytes_i   (host_bytes)
    );

    packet_port #(
      .Ports       (Ports),
      .Engines     (Engines),
      .Slots       (Slots),
      .ProgramSlots(ProgramSlots)
    ) u_packet_port (
      .clk_i                (clk_i),
      .rst_ni               (rst_ni),
      .port_i               (2'(p)),
      .first_engine_i       (8'(p * Engines)),
      .time_ns_i            (time_ns),
      .cycle_i              (cycle_o[31:0]),
      .s_axis_tvalid        (s_axis_tvalid[p]),
      .s_axis_tready        (s_axis_tready[p]),
      .s_axis_tdata         (s_axis_tdata[256*p +: 256]),
      .s_axis_tkeep         (s_axis_tkeep[32*p +: 32]),
      .s_axis_tlast         (s_axis_tlast[p]),
      .s_axis_tuser         (s_axis_tuser[128*p +: 16]),
      .program_write_i      (program_write),
      .program_address_i    (program_address),
      .program_data_i       (program_data),
      .describe_i           (describe),
      .describe_index_i     (describe_index),
      .describe_first_i     (describe_first),
      .describe_end_i       (describe_end),
      .describe_entry_i     (describe_entry),
      .describe_data_begin_i(describe_data_begin),
      .describe_data_end_i  (describe_data_end),
      .banks_i              (banks),
      .epoch_i              (epoch),
      .budget_i             (budget),
      .attached_i           (attached),
      .program_i            (selected),
      .in_flight_o          (in_flight[2*p +: 2]),
      .ingress_event_o      (ingress_event_o[p]),
      .ingress_kind_o       (ingress_kind_o[4*p +: 4]),
      .ingress_bytes_o      (ingress_bytes),
      .verdict_event_o      (verdict_event_o[p]),
      .verdict_kind_o       (verdict_kind_o[4*p +: 4]),
      .verdict_bytes_o      (verdict_bytes),
      .request_o            (request[(Ports+1)*p +: Ports+1]),
      .request_beats_o      (request_beats[6*p +: 6]),
      .grant_i              (grant[(Ports+1)*p +: Ports+1]),
      .refuse_i             (refuse[(Ports+1)*p +: Ports+1]),
      .valid_o              (valid[(Ports+1)*p +: Ports+1]),
      .last_o               (last[p]),
      .last_byte_o          (last_byte[5*p +: 5]),
      .beat_o               (beat[256*p +: 256]),
      .departure_o          (departure[DepartureBits*p +: DepartureBits]),
      .map_valid_o          (map_valid[Engines*p +: Engines]),
      .map_last_o           (map_last[Engines*p +: Engines]),
      .map_op_o             (map_op[Engines*3*p +: Engines*3]),
      .map_id_o             (map_id[Engines*6*p +: Engines*6]),
      .map_flags_o          (map_flags[Engines*3*p +: Engines*3]),
      .map_data_o           (map_data[Engines*64*p +: Engines*64]),
      .map_ready_i          (map_ready[Engines*p +: Engines]),
      .map_rvalid_i         (map_rvalid[Engines*p +: Engines]),
      .map_r0_i             (map_r0[64*p +: 64]),
      .data_valid_o         (data_valid[Engines*p +: Engines]),
      .data_op_o            (data_op[Engines*4*p +: Engines*4]),
      .data_size_o          (data_size[Engines*2*p +: Engines*2]),
      .data_offset_o        (data_offset[Engines*24*p +: Engines*24]),
      .data_wdata_o         (data_wdata[Engines*64*p +: Engines*64]),
      .data_ready_i         (data_ready[Engines*p +: Engines]),
      .data_rvalid_i        (data_rvalid[Engines*p +: Engines]),
      .data_rdata_i         (data_rdata[64*p +: 64]),
      .define_i             (define),
      .define_id_i          (define_id),
      .define_type_i        (define_type),
      .define_key_bytes_i   (define_key_bytes),
      .define_value_bytes_i (define_value_bytes),
      .activity_o           (activity_o[Engines*3*p +: Engines*3])
    );

    // This port's output, from every port, and the host's queue, from this one.
    logic [Ports-1:0] out_request, out_grant, out_refuse, out_valid;
    for (genvar s = 0; s < Ports; s++) begin : gen_source
      assign out_request[s]            = request[(Ports+1)*s + p];
      assign out_valid[s]              = valid[(Ports+1)*s + p];
      assign grant[(Ports+1)*s + p]  = out_grant[s];
      assign refuse[(Ports+1)*s + p] = out_refuse[s];
    end

    egress_port #(.Sources(Ports), .QueueBeats(QueueBeats)) u_egress_port (
      .clk_i          (clk_i),
      .rst_ni         (rst_ni),
      .destination_i  (8'd1 << (2 * p)),
      .cycle_i        (cycle_o[31:0]),
      .request_i      (out_request),
      .request_beats_i(request_beats),
      .grant_o        (out_grant),
      .refuse_o       (out_refuse),
      .valid_i        (out_valid),
      .last_i         (last),
      .last_byte_i    (last_byte),
      .beat_i         (beat),
      .departure_i    (departure),
      .m_axis_tvalid  (m_axis_tvalid[p]),
      .m_axis_tready  (m_axis_tready[p]),
      .m_axis_tdata   (m_axis_tdata[256*p +: 256]),
      .m_axis_tkeep   (m_axis_tkeep[32*p +: 32]),
      .m_axis_tlast   (m_axis_tlast[p]),
      .m_axis_tuser   (m_axis_tuser[128*p +: 128]),
      .event_o        (sent_event),
      .event_bytes_o  (sent_bytes)
    );

    egress_port #(.Sources(1), .QueueBeats(QueueBeats)) u_host_queue (
      .clk_i          (clk_i),
      .rst_ni         (rst_ni),
      .destination_i  (8'd2 << (2 * p)),
      .cycle_i        (cycle_o[31:0]),
      .request_i      (request[(Ports+1)*p + Ports]),
      .request_beats_i(request_beats[6*p +: 6]),
      .grant_o        (grant[(Ports+1)*p + Ports]),
      .refuse_o       (refuse[(Ports+1)*p + Ports]),
      .valid_i        (valid[(Ports+1)*p + Ports]),
      .last_i         (last[p]),
      .last_byte_i    (last_byte[5*p +: 5]),
      .beat_i         (beat[256*p +: 256]),
      .departure_i    (departure[DepartureBits*p +: DepartureBits]),
      .m_axis_tvalid  (m_axis_tvalid[Ports + p]),
      .m_axis_tready  (m_axis_tready[Ports + p]),
      .m_axis_tdata   (m_axis_tdata[256*(Ports + p) +: 256]),
      .m_axis_tkeep   (m_axis_tkeep[32*(Ports + p) +: 32]),
      .m_axis_tlast   (m_axis_tlast[Ports + p]),
      .m_axis_tuser   (m_axis_tuser[128*(Ports + p) +: 128]),
      .event_o        (host_event),
      .event_bytes_o  (host_bytes)
    );
  end
endmodule
