// A port's receive side: gives every packet, with its first beat, to the next engine in turn.
//
// A MAC cannot wait, so tready is always high: a packet that nobody can take is dropped whole and
// counted by cause. Beats go straight into the engine's slot, one cycle after they came. The
// program's version is chosen with the first beat, so a packet has one version, and the one that is
// active when it comes. The packet's length comes with TUSER[15:0] of the first beat; if the beats
// turn out to be others, the slot is marked and the collector drops it.
module ingress_port #(
  parameter int Engines = 8
) (
  input  logic                 clk_i,
  input  logic                 rst_ni,

  input  logic                 s_axis_tvalid,
  output logic                 s_axis_tready,
  input  logic [255:0]         s_axis_tdata,
  input  logic [31:0]          s_axis_tkeep,
  input  logic                 s_axis_tlast,
  input  logic [15:0]          s_axis_tuser,

  input  logic                 attached_i,
  input  logic [3:0]           version_i,
  input  logic                 epoch_i,
  input  logic [31:0]          cycle_i,

  input  logic [Engines-1:0]   free_i,
  output logic [Engines-1:0]   beat_o,
  output logic                 first_o,
  output logic                 last_o,
  output logic                 bad_o,
  output packet_pkg::arrival_t arrival_o,
  output logic [255:0]         data_o,

  output logic                 event_o,       // a packet has begun
  output logic [3:0]           event_kind_o,  // regs INGRESS_*
  output logic [15:0]          event_bytes_o
);
  localparam int EngineWidth = (Engines > 1) ? $clog2(Engines) : 1;

  // The beat of the last cycle.
  logic         valid_q, first_q, last_q, in_packet_q;
  logic [255:0] data_q;
  logic [31:0]  keep_q, arrival_q;
  logic [15:0]  length_q;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      valid_q     <= 1'b0;
      in_packet_q <= 1'b0;
    end else begin
      valid_q <= s_axis_tvalid;
      if (s_axis_tvalid) in_packet_q <= !s_axis_tlast;
    end
  end
  always_ff @(posedge clk_i) begin
    if (s_axis_tvalid) begin
      first_q <= !in_packet_q;
      last_q  <= s_axis_tlast;
      data_q  <= s_axis_tdata;
      keep_q  <= s_axis_tkeep;
      if (!in_packet_q) begin
        length_q  <= s_axis_tuser;
        arrival_q <= cycle_i;
      end
    end
  end
  assign s_axis_tready = 1'b1;

  // Who takes it.
  logic [EngineWidth-1:0] next_q, engine_q, engine;
  logic                   taking_q, take, begins;
  logic [3:0]             kind;

  assign begins = valid_q && first_q;
  always_comb begin
    kind = packet_regs_pkg::IngressAccepted;
    if (length_q < 16'(packet_pkg::MinLength)) kind = packet_regs_pkg::IngressRunt;
    else if (length_q > 16'(packet_pkg::MaxLength)) kind = packet_regs_pkg::IngressOversize;
    else if (!attached_i) kind = packet_regs_pkg::IngressNoProgram;
    else if (!free_i[next_q]) kind = packet_regs_pkg::IngressNoSlot;
  end
  assign take   = begins ? kind == packet_regs_pkg::IngressAccepted : taking_q;
  assign engine = begins ? next_q : engine_q;

  // Beats against the length.
  logic [5:0]  beats_q, expected;   // beats before this one; index of the last
  logic [31:0] expected_keep;
  logic [10:0] last_byte;
  logic        beyond;
  assign last_byte = length_q[10:0] - 11'd1;
  assign expected  = last_byte[10:5];
  assign beyond    = !first_q && beats_q > expected;
  for (genvar i = 0; i < 32; i++) begin : gen_keep
    // Byte 0 is in every last beat.
    if (i == 0) begin : gen_byte_0
      assign expected_keep[i] = 1'b1;
    end else begin : gen_byte
      assign expected_keep[i] = 5'(i) <= last_byte[4:0];
    end
  end

  always_comb begin
    beat_o         = '0;
    beat_o[engine] = valid_q && take && (!beyond || last_q);
  end
  assign first_o = first_q;
  assign last_o  = last_q;
  assign bad_o   = (first_q ? 6'd0 : beats_q) != expected || keep_q != expected_keep;
  assign data_o  = data_q;
  assign arrival_o.epoch   = epoch_i;
  assign arrival_o.version = version_i;
  assign arrival_o.length  = length_q[10:0];
  assign arrival_o.arrival = arrival_q;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      next_q   <= '0;
      engine_q <= '0;
      taking_q <= 1'b0;
      beats_q  <= '0;
    end else if (valid_q) begin
      if (first_q) begin
        taking_q <= take;
        engine_q <= next_q;
        if (take) next_q <= (next_q == EngineWidth'(Engines - 1)) ? '0 : next_q + EngineWidth'(1);
        beats_q  <= 6'd1;
      end else if (beats_q != '1) begin
        beats_q <= beats_q + 6'd1;
      end
    end
  end

  assign event_o       = begins;
  assign event_kind_o  = kind;
  assign event_bytes_o = length_q;
endmodule
