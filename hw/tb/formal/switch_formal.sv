// The bank switch: whatever the host writes and whenever packets come and go, a version that a
// packet inside may run is never described anew, and a packet's version is the active one of the
// cycle in which it enters. One packet of two ports is watched, chosen freely.
module switch_formal (
  input logic        clk_i,
  input logic        write_i,
  input logic [11:0] address_i,
  input logic [31:0] wdata_i,
  input logic [1:0]  enter, leave,      // by port
  input logic [1:0]  leave_epoch,
  input logic [2:0]  program_of,        // that the entering packet of port 0 goes to
  input logic        watch_i, watched_leaves
);
  logic rst_ni = 1'b0;
  always_ff @(posedge clk_i) rst_ni <= 1'b1;

  logic       describe, epoch;
  logic [3:0] describe_index;
  logic [7:0] banks;
  logic [3:0] in_flight;
  packet_registers #(.Ports(2)) u_registers (
    .clk_i(clk_i), .rst_ni(rst_ni), .write_i(write_i && rst_ni), .read_i(1'b0),
    .address_i(address_i), .wdata_i(wdata_i), .rdata_o(), .error_o(), .cycle_o(), .time_ns_o(),
    .budget_o(), .program_write_o(), .program_address_o(), .program_data_o(),
    .describe_o(describe), .describe_index_o(describe_index), .describe_first_o(),
    .describe_end_o(), .describe_entry_o(), .describe_data_begin_o(), .describe_data_end_o(),
    .banks_o(banks), .epoch_o(epoch), .in_flight_i(in_flight)
  );

  for (genvar p = 0; p < 2; p++) begin : gen_port
    epoch_counter #(.Limit(3)) u_counter (
      .clk_i(clk_i), .rst_ni(rst_ni), .enter_i(enter[p] && rst_ni), .enter_epoch_i(epoch),
      .leave_i(leave[p] && rst_ni), .leave_epoch_i(leave_epoch[p]),
      .in_flight_o(in_flight[2*p +: 2])
    );
  end

  // Packets of each port and epoch, counted apart: only those that are inside leave.
  logic [1:0] count [4];
  logic [1:0] watched_epoch_count;
  logic       watched = 1'b0, watched_epoch;
  logic [3:0] version;
  for (genvar i = 0; i < 4; i++) begin : gen_count
    initial count[i] = '0;
    always_ff @(posedge clk_i) begin
      if (rst_ni) count[i] <= count[i] + 2'(enter[i / 2] && 32'(epoch) == i % 2) -
                              2'(leave[i / 2] && 32'(leave_epoch[i / 2]) == i % 2);
    end
    always_comb begin
      assume (!(enter[i / 2] && 32'(epoch) == i % 2) || count[i] != 2'd3);
      assume (!(leave[i / 2] && 32'(leave_epoch[i / 2]) == i % 2) || count[i] != 2'd0);
    end
  end
  // While the watched packet is inside, at least one of its epoch is counted in port 0.
  assign watched_epoch_count = count[{1'b0, watched_epoch}];
  always_comb begin
    assume (!watched || !(leave[0] && leave_epoch[0] == watched_epoch) || watched_leaves ||
            watched_epoch_count > 2'd1);
    assume (!watched_leaves || (watched && leave[0] && leave_epoch[0] == watched_epoch));
  end

  always_ff @(posedge clk_i) begin
    if (rst_ni) begin
      if (enter[0] && watch_i && !watched) begin
        watched       <= 1'b1;
        watched_epoch <= epoch;
        version       <= {program_of, banks[program_of]};
      end else if (watched_leaves) begin
        watched <= 1'b0;
      end
      assert (!(describe && watched && describe_index == version));
      assert (!(describe && banks[describe_index[3:1]] == describe_index[0]));
      cover (describe && watched);
    end
  end
endmodule
