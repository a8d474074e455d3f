// Buckets that a transaction has for itself. Who changes a bucket, or walks its list, holds it from
// its first pass to its last; others for the same bucket queue behind one another, in order, and
// cost nothing while they wait.
//
// check_i with its transaction and bucket is answered in the same cycle: go_o, or the transaction
// waits and is woken (wake_o) when the one before it releases. A release takes effect in the next
// cycle. Each transaction holds or awaits at most one bucket, so nobody waits in a circle.
module map_locks (
  input  logic                                 clk_i,
  input  logic                                 rst_ni,
  input  logic                                 check_i,
  input  logic [map_unit_pkg::TxnWidth-1:0]    txn_i,
  input  logic [map_unit_pkg::BucketWidth-1:0] bucket_i,
  output logic                                 go_o,
  input  logic                                 release_i,
  input  logic [map_unit_pkg::TxnWidth-1:0]    release_txn_i,
  output logic [map_unit_pkg::TxnCount-1:0]    wake_o
);
  localparam int Count = map_unit_pkg::TxnCount;
  localparam int Width = map_unit_pkg::TxnWidth;
  localparam int BucketWidth = map_unit_pkg::BucketWidth;

  // Held or awaited; first in its queue; last in its queue.
  logic [Count-1:0] active_q, active_d, owner_q, owner_d, tail_q, tail_d, releasing, hits;
  logic             found;
  logic [Width-1:0] previous;
  logic [BucketWidth-1:0] buckets [Count];
  logic [Width-1:0]       befores [Count];

  always_comb begin
    releasing = '0;
    for (int t = 0; t < Count; t++) releasing[t] = release_i && release_txn_i == Width'(t);
  end

  always_comb begin
    hits = '0;
    if (check_i) begin
      for (int t = 0; t < Count; t++) begin
        hits[t] = active_q[t] && tail_q[t] && !releasing[t] && buckets[t] == bucket_i;
      end
    end
    found  = hits != '0;
    previous = '0;
    for (int t = 0; t < Count; t++) if (hits[t]) previous = previous | Width'(t);
  end

  logic own;
  always_comb begin
    own = 1'b0;
    for (int t = 0; t < Count; t++) begin
      if (owner_q[t] && !releasing[t] && txn_i == Width'(t)) own = 1'b1;
    end
  end
  assign go_o = own || !found;

  always_comb begin
    wake_o   = '0;
    active_d = active_q & ~releasing;
    owner_d  = owner_q & ~releasing;
    tail_d   = tail_q;
    if (release_i) begin
      for (int t = 0; t < Count; t++)
        wake_o[t] = active_q[t] && !owner_q[t] && befores[t] == release_txn_i;
      owner_d = owner_d | wake_o;
    end
    if (check_i && !own) begin
      tail_d = tail_d & ~hits;
      for (int t = 0; t < Count; t++) begin
        if (txn_i == Width'(t)) begin
          active_d[t] = 1'b1;
          tail_d[t]   = 1'b1;
          owner_d[t]  = !found;
        end
      end
    end
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      active_q <= '0;
      owner_q  <= '0;
      tail_q   <= '0;
    end else begin
      active_q <= active_d;
      owner_q  <= owner_d;
      tail_q   <= tail_d;
    end
  end

  always_ff @(posedge clk_i) begin
    if (check_i && !own) begin
      for (int t = 0; t < Count; t++) begin
        if (txn_i == Width'(t)) begin
          buckets[t] <= bucket_i;
          befores[t] <= previous;
        end
      end
    end
  end
endmodule
