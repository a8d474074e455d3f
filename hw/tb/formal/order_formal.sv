// Packets leave a port in the order in which they came: the n-th accepted packet goes to engine
// n mod Engines, and the n-th released one comes from there. With each engine's slots in order
// (slot_ring_formal) that is the order of the port.
module order_formal (
  input logic         clk_i,
  input logic         tvalid, tlast, attached,
  input logic [15:0]  length,
  input logic [31:0]  tkeep,
  input logic [2:0]   free, ready, bad, read_taken,
  input logic [107:0] outcomes,
  input logic [143:0] leavings,
  input logic [4:0]   grant, refuse
);
  localparam int Engines = 3;
  logic rst_ni = 1'b0;
  always_ff @(posedge clk_i) rst_ni <= 1'b1;

  logic [2:0] beat, slot_release, read;
  logic       first, last;
  ingress_port #(.Engines(Engines)) u_ingress (
    .clk_i(clk_i), .rst_ni(rst_ni), .s_axis_tvalid(tvalid && rst_ni), .s_axis_tready(),
    .s_axis_tdata(256'd0), .s_axis_tkeep(tkeep), .s_axis_tlast(tlast), .s_axis_tuser(length),
    .attached_i(attached), .version_i(4'd0), .epoch_i(1'b0), .cycle_i(32'd0), .free_i(free),
    .beat_o(beat), .first_o(first), .last_o(last), .bad_o(), .arrival_o(), .data_o(),
    .event_o(), .event_kind_o(), .event_bytes_o()
  );

  logic [4:0] request, valid;
  collector #(.Engines(Engines), .Ports(4)) u_collector (
    .clk_i(clk_i), .rst_ni(rst_ni), .port_i(2'd0), .ready_i(ready), .bad_i(bad),
    .outcomes_i(outcomes), .leavings_i(leavings), .release_o(slot_release), .release_epoch_o(),
    .read_o(read), .read_line_o(), .read_taken_i(read_taken), .read_data_i(768'd0),
    .request_o(request), .request_beats_o(), .grant_i(grant), .refuse_i(refuse), .valid_o(valid),
    .first_o(), .last_o(), .last_byte_o(), .beat_o(), .departure_o(),
    .event_o(), .event_kind_o(), .event_bytes_o()
  );
  always_comb begin
    assume ((grant & refuse) == 5'd0 && (grant & ~request) == 5'd0 && (refuse & ~request) == 5'd0);
  end

  logic [1:0] entered = '0, left = '0;     // modulo Engines
  logic       filling = 1'b0;
  always_ff @(posedge clk_i) begin
    if (rst_ni) begin
      if (beat != '0 && first) begin
        entered <= (entered == 2'd2) ? 2'd0 : entered + 2'd1;
        filling <= !last;
        assert (beat == 3'd1 << entered && free[entered]);
        assert (!filling);                              // packets do not interleave
      end else if (beat != '0) begin
        filling <= !last;
        assert (filling && beat == 3'd1 << ((entered == 2'd0) ? 2'd2 : entered - 2'd1));
      end
      if (slot_release != '0) begin
        left <= (left == 2'd2) ? 2'd0 : left + 2'd1;
        assert (slot_release == 3'd1 << left);
      end
      // Never two outputs at once, and only slots of the engine whose turn it is are read.
      assert ((valid & (valid - 5'd1)) == 5'd0);
      assert ((request & (request - 5'd1)) == 5'd0);
      assert ((read & ~(3'd1 << left)) == 3'd0);
    end
  end
endmodule
