// The packet slots of one engine, a ring: packets fill, run and leave in the same order.
//
//   free ─first beat▶ filling ─start▶ running ─end▶ finished, and every beat there ▶ leaves ▶ free
//
// A slot may run while it fills. `arrived_o` counts the lines of the running slot that may be read:
// the valid bit of every beat, since beats come in order. Latency: a beat counts in the next cycle.
module slot_ring #(
  parameter int Slots = 4,
  localparam int IndexWidth = $clog2(Slots)
) (
  input  logic                   clk_i,
  input  logic                   rst_ni,

  // Ingress.
  output logic                   free_o,
  input  logic                   beat_i,
  input  logic                   first_i,        // with free_o only
  input  logic                   last_i,
  input  logic                   bad_i,          // with last_i: the length was not as announced
  input  packet_pkg::arrival_t   arrival_i,      // with first_i
  output logic [8:0]             fill_line_o,    // where the beat goes

  // Run.
  output logic                   waiting_o,      // a packet may start
  output packet_pkg::arrival_t   arrival_o,      // of the one that may start
  input  logic                   start_i,
  output logic [IndexWidth-1:0]  run_slot_o,     // of the run in progress
  output logic [6:0]             arrived_o,      // lines of it, headroom included
  input  logic                   end_i,
  input  packet_pkg::outcome_t   outcome_i,

  // Collector: the oldest slot.
  output logic                   ready_o,
  output logic                   bad_o,
  output packet_pkg::outcome_t   outcome_o,
  output packet_pkg::arrival_t   leaving_o,
  output logic [IndexWidth-1:0]  out_slot_o,
  input  logic                   release_i
);
  localparam int CountWidth = IndexWidth + 1;

  logic [packet_pkg::ArrivalBits-1:0] arrivals [Slots];
  logic [packet_pkg::OutcomeBits-1:0] outcomes [Slots];
  logic [Slots-1:0]                   bad_q;

  logic [IndexWidth-1:0] fill_q, next_run_q, run_q, out_q;
  logic [CountWidth-1:0] held_q, waiting_q, finished_q, complete_q;
  logic                  filling_q;
  logic [6:0]            line_q;
  logic [IndexWidth-1:0] fill_slot;

  // fill_q is the slot that fills, or that filled last.
  assign fill_slot   = first_i ? fill_q + IndexWidth'(1) : fill_q;
  assign free_o      = held_q != CountWidth'(Slots);
  assign fill_line_o = {9'(fill_slot) << 6} |
                       {3'd0, first_i ? 6'(packet_pkg::HeadroomLine) : line_q[5:0]};

  assign waiting_o   = waiting_q != '0;
  assign arrival_o   = arrivals[next_run_q];
  assign run_slot_o  = run_q;
  assign arrived_o   = (filling_q && run_q == fill_q) ? line_q : 7'd64;

  assign ready_o     = finished_q != '0 && complete_q != '0;
  assign bad_o       = bad_q[out_q];
  assign outcome_o   = outcomes[out_q];
  assign leaving_o   = arrivals[out_q];
  assign out_slot_o  = out_q;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      fill_q     <= '1;
      next_run_q <= '0;
      run_q      <= '0;
      out_q      <= '0;
      held_q     <= '0;
      waiting_q  <= '0;
      finished_q <= '0;
      complete_q <= '0;
      filling_q  <= 1'b0;
      line_q     <= '0;
      bad_q      <= '0;
    end else begin
      held_q     <= held_q + CountWidth'(beat_i && first_i) - CountWidth'(release_i);
      waiting_q  <= waiting_q + CountWidth'(beat_i && first_i) - CountWidth'(start_i);
      finished_q <= finished_q + CountWidth'(end_i) - CountWidth'(release_i);
      complete_q <= complete_q + CountWidth'(beat_i && last_i) - CountWidth'(release_i);
      if (beat_i) begin
        fill_q    <= fill_slot;
        filling_q <= !last_i;
        line_q    <= first_i ? 7'(packet_pkg::HeadroomLine) + 7'd1 : line_q + 7'd1;
        if (last_i) bad_q[fill_slot] <= bad_i;
      end
      if (start_i) begin
        run_q      <= next_run_q;
        next_run_q <= next_run_q + IndexWidth'(1);
      end
      if (release_i) out_q <= out_q + IndexWidth'(1);
    end
  end

  always_ff @(posedge clk_i) begin
    if (beat_i && first_i) arrivals[fill_slot] <= arrival_i;
    if (end_i) outcomes[run_q] <= outcome_i;
  end

  if (Slots != 2 && Slots != 4) begin : gen_bad_slots
    $error("slot_ring: Slots must be 2 or 4");
  end

`ifndef SYNTHESIS
  always_ff @(posedge clk_i) begin
    if (rst_ni) begin
      assert (!(beat_i && first_i) || free_o);
      assert (!start_i || waiting_o);
      assert (!release_i || ready_o);
      assert (held_q <= CountWidth'(Slots));
      assert (waiting_q <= held_q && finished_q <= held_q && complete_q <= held_q);
      assert (!beat_i || first_i || filling_q);
    end
  end
`endif
endmodule
