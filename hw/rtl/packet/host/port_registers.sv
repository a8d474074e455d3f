// Block PORT of the packet pipeline's register map: which program a port runs, and its counters.
// Latency: the answer to an access comes in the next cycle.
module port_registers (
  input  logic        clk_i,
  input  logic        rst_ni,

  input  logic        write_i,
  input  logic        read_i,
  input  logic [10:0] address_i,
  input  logic [31:0] wdata_i,
  output logic [31:0] rdata_o,
  output logic        error_o,

  output logic        attached_o,
  output logic [2:0]  program_o,

  input  logic        ingress_event_i,
  input  logic [3:0]  ingress_kind_i,
  input  logic [15:0] ingress_bytes_i,
  input  logic        verdict_event_i,
  input  logic [3:0]  verdict_kind_i,
  input  logic [15:0] verdict_bytes_i,
  input  logic        sent_event_i,
  input  logic [15:0] sent_bytes_i,
  input  logic        host_event_i,
  input  logic [15:0] host_bytes_i
);
  logic [31:0] ingress_packets, verdict_packets, sent_packets, host_packets, packets;
  logic [39:0] ingress_bytes, verdict_bytes, sent_bytes, host_bytes, bytes, bytes_q;
  logic [3:0]  kind;
  assign kind = address_i[7:4];

  counter_bank u_ingress (
    .clk_i      (clk_i),
    .rst_ni     (rst_ni),
    .event_i    (ingress_event_i),
    .kind_i     (ingress_kind_i),
    .bytes_i    (ingress_bytes_i),
    .read_kind_i(kind),
    .packets_o  (ingress_packets),
    .bytes_o    (ingress_bytes)
  );
  counter_bank u_verdict (
    .clk_i      (clk_i),
    .rst_ni     (rst_ni),
    .event_i    (verdict_event_i),
    .kind_i     (verdict_kind_i),
    .bytes_i    (verdict_bytes_i),
    .read_kind_i(kind),
    .packets_o  (verdict_packets),
    .bytes_o    (verdict_bytes)
  );
  counter_bank u_sent (
    .clk_i      (clk_i),
    .rst_ni     (rst_ni),
    .event_i    (sent_event_i),
    .kind_i     (packet_regs_pkg::EgressSent),
    .bytes_i    (sent_bytes_i),
    .read_kind_i(packet_regs_pkg::EgressSent),
    .packets_o  (sent_packets),
    .bytes_o    (sent_bytes)
  );
  counter_bank u_host (
    .clk_i      (clk_i),
    .rst_ni     (rst_ni),
    .event_i    (host_event_i),
    .kind_i     (packet_regs_pkg::EgressToHost),
    .bytes_i    (host_bytes_i),
    .read_kind_i(packet_regs_pkg::EgressToHost),
    .packets_o  (host_packets),
    .bytes_o    (host_bytes)
  );

  logic        known;
  logic [31:0] rdata_d;
  always_comb begin
    known   = 1'b1;
    packets = '0;
    bytes   = '0;
    unique case (address_i[10:8])
      packet_regs_pkg::PortRx[10:8]: begin
        packets = ingress_packets;
        bytes   = ingress_bytes;
      end
      packet_regs_pkg::PortVerdict[10:8]: begin
        packets = verdict_packets;
        bytes   = verdict_bytes;
      end
      packet_regs_pkg::PortTx[10:8]: begin
        if (kind == packet_regs_pkg::EgressSent) begin
          packets = sent_packets;
          bytes   = sent_bytes;
        end
        if (kind == packet_regs_pkg::EgressToHost) begin
          packets = host_packets;
          bytes   = host_bytes;
        end
      end
      default: known = address_i == packet_regs_pkg::PortProgram[10:0];
    endcase
    unique case (address_i[3:2])
      2'd0:    rdata_d = packets;
      2'd1:    rdata_d = '0;
      2'd2:    rdata_d = bytes_q[31:0];
      default: rdata_d = {24'd0, bytes_q[39:32]};
    endcase
    if (address_i == packet_regs_pkg::PortProgram[10:0]) begin
      rdata_d = {23'd0, attached_o, 5'd0, program_o};
    end
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      rdata_o    <= '0;
      error_o    <= 1'b0;
      attached_o <= 1'b0;
      program_o  <= '0;
      bytes_q    <= '0;
    end else begin
      rdata_o <= rdata_d;
      error_o <= (read_i && !known) ||
                 (write_i && address_i != packet_regs_pkg::PortProgram[10:0]);
      if (read_i && address_i[3:2] == 2'd0) bytes_q <= bytes;
      if (write_i && address_i == packet_regs_pkg::PortProgram[10:0]) begin
        attached_o <= wdata_i[packet_regs_pkg::PortProgramAttachedBit];
        program_o  <= wdata_i[2:0];
      end
    end
  end
endmodule
