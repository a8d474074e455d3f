// Answers on their way to the engines of a port: at most one a cycle for each port.
//
// Three sources. Lookups in the index pass at once. Answers of ARRAY lookups and of updates and
// deletes go through a queue each, which is short because a port's transactions are few; the first
// of a queue waits while its port's bus is taken.
module map_answers #(
  parameter int Ports   = 4,
  parameter int Engines = 8
) (
  input  logic                          clk_i,
  input  logic                          rst_ni,

  input  logic                          lookup_valid_i,
  input  logic [8:0]                    lookup_to_i,     // {engine, transaction}
  input  logic [31:0]                   lookup_r0_i,

  input  logic                          direct_valid_i,
  input  logic [8:0]                    direct_to_i,
  input  logic [63:0]                   direct_r0_i,

  input  logic                          change_valid_i,
  input  logic [8:0]                    change_to_i,
  input  logic [31:0]                   change_r0_i,     // sign-extended

  output logic [Ports*Engines-1:0]      rvalid_o,
  output logic [Ports*64-1:0]           r0_o,
  output logic                          host_rvalid_o,
  output logic [2:0]                    host_engine_o,
  output logic [63:0]                   host_r0_o,
  output logic [map_unit_pkg::PortCount-1:0]   free_o,
  output logic [map_unit_pkg::PortCount*3-1:0] free_index_o
);
  localparam int Count = map_unit_pkg::PortCount;

  logic        direct_valid, direct_pop, change_valid, change_pop;
  logic [72:0] direct;
  logic [40:0] change;

  // As deep as there are transactions: never full.
  answer_queue #(.Width(73)) u_direct (
    .clk_i(clk_i), .rst_ni(rst_ni), .push_i(direct_valid_i),
    .data_i({direct_to_i, direct_r0_i}), .valid_o(direct_valid), .pop_i(direct_pop), .data_o(direct)
  );
  answer_queue #(.Width(41)) u_change (
    .clk_i(clk_i), .rst_ni(rst_ni), .push_i(change_valid_i),
    .data_i({change_to_i, change_r0_i}), .valid_o(change_valid), .pop_i(change_pop), .data_o(change)
  );

  logic [2:0] lookup_port, direct_port, change_port;
  assign lookup_port = lookup_to_i[5:3];
  assign direct_port = direct[69:67];
  assign change_port = change[37:35];
  assign change_pop  = change_valid && !(lookup_valid_i && lookup_port == change_port);
  assign direct_pop  = direct_valid && !(lookup_valid_i && lookup_port == direct_port) &&
                       !(change_valid && change_port == direct_port);

  logic [Count-1:0]    valid;
  logic [Count*9-1:0]  to;
  logic [Count*64-1:0] r0;
  always_comb begin
    for (int p = 0; p < Count; p++) begin
      valid[p]       = 1'b0;
      to[p*9 +: 9]   = direct[72:64];
      r0[p*64 +: 64] = direct[63:0];
      if (direct_pop && direct_port == 3'(p)) valid[p] = 1'b1;
      if (change_pop && change_port == 3'(p)) begin
        valid[p]       = 1'b1;
        to[p*9 +: 9]   = change[40:32];
        r0[p*64 +: 64] = {{32{change[31]}}, change[31:0]};
      end
      if (lookup_valid_i && lookup_port == 3'(p)) begin
        valid[p]       = 1'b1;
        to[p*9 +: 9]   = lookup_to_i;
        r0[p*64 +: 64] = {32'd0, lookup_r0_i};
      end
    end
  end

  always_comb begin
    rvalid_o = '0;
    r0_o     = r0[Ports*64-1:0];
    for (int p = 0; p < Ports; p++) begin
      for (int e = 0; e < Engines; e++)
        rvalid_o[p*Engines + e] = valid[p] && to[p*9+6 +: 3] == 3'(e);
    end
    free_o = valid;
    for (int p = 0; p < Count; p++) free_index_o[p*3 +: 3] = to[p*9 +: 3];
    host_rvalid_o = valid[map_unit_pkg::HostPort];
    host_engine_o = to[map_unit_pkg::HostPort*9+6 +: 3];
    host_r0_o     = r0[map_unit_pkg::HostPort*64 +: 64];
  end
endmodule
