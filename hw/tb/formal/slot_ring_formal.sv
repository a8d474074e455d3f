// What must hold for an engine's packet slots, whatever ingress, engine and collector do within
// their rules: a slot is never given twice, nothing is lost, and packets leave with their own data
// in the order in which they came. One slot and one packet are watched, chosen freely.
module slot_ring_formal (
  input logic clk_i,
  input logic beat_i, first_i, last_i, bad_i, start_i, end_i, release_i,
  input logic [31:0] stamp_i,
  input logic [10:0] data_i,
  input logic watch_i
);
  logic rst_ni = 1'b0;
  always_ff @(posedge clk_i) rst_ni <= 1'b1;

  logic                 free, waiting, ready, bad;
  logic [8:0]           fill_line;
  logic [1:0]           run_slot, out_slot;
  logic [6:0]           arrived;
  packet_pkg::arrival_t arrival, next, leaving;
  packet_pkg::outcome_t outcome, result;
  assign arrival = {16'd0, stamp_i};
  assign outcome = {25'd0, data_i};

  slot_ring #(.Slots(4)) dut (
    .clk_i(clk_i), .rst_ni(rst_ni), .free_o(free), .beat_i(beat_i), .first_i(first_i),
    .last_i(last_i), .bad_i(bad_i), .arrival_i(arrival), .fill_line_o(fill_line),
    .waiting_o(waiting), .arrival_o(next), .start_i(start_i), .run_slot_o(run_slot),
    .arrived_o(arrived), .end_i(end_i), .outcome_i(outcome), .ready_o(ready), .bad_o(bad),
    .outcome_o(result), .leaving_o(leaving), .out_slot_o(out_slot), .release_i(release_i)
  );

  // The rules of the three sides.
  logic filling = 1'b0, running = 1'b0;
  always_ff @(posedge clk_i) begin
    if (rst_ni) begin
      if (beat_i) filling <= !last_i;
      running <= start_i || (running && !end_i);
    end
  end
  always_comb begin
    assume (!beat_i || first_i != filling);
    assume (!(beat_i && first_i) || free);
    assume (!start_i || (waiting && (!running || end_i)));
    assume (!end_i || running);
    assume (!release_i || ready);
    assume (rst_ni || !(beat_i || start_i || end_i || release_i));
  end

  // Slots in use, kept apart from the ring's own counting.
  logic [3:0] used = '0;
  logic [1:0] filled;
  assign filled = fill_line[7:6];
  always_ff @(posedge clk_i) begin
    if (rst_ni) begin
      if (release_i) used[out_slot] <= 1'b0;
      if (beat_i && first_i) used[filled] <= 1'b1;
    end
  end

  // The watched packet: its stamp, and how many packets are before it.
  logic        watched = 1'b0, seen_run = 1'b0;
  logic [31:0] stamp;
  logic [2:0]  inside = '0, before;
  always_ff @(posedge clk_i) begin
    if (rst_ni) begin
      inside <= inside + 3'(beat_i && first_i) - 3'(release_i);
      if (beat_i && first_i && watch_i && !watched) begin
        watched <= 1'b1;
        stamp   <= stamp_i;
        before  <= inside - 3'(release_i);
      end else if (watched && release_i) begin
        if (before == 3'd0) watched <= 1'b0;
        before <= before - 3'd1;
      end
    end
  end

  always_ff @(posedge clk_i) begin
    if (rst_ni) begin
      assert (!(beat_i && first_i) || !used[filled]);             // never given twice
      assert (!release_i || used[out_slot]);
      assert (free == (inside != 3'd4));                          // none lost, none invented
      if (watched && before == 3'd0) assert (!ready || leaving.arrival == stamp);
      if (ready) assert (!(filling && out_slot == filled && inside == 3'd1));  // complete
      if (running) assert (arrived <= 7'd64);
      cover (inside == 3'd4 && ready);
    end
  end
endmodule
