// Sixteen pairs of counters, packets (32 bits) and bytes (40 bits), in LUT RAM: one event a cycle.
// They wrap. After reset they are cleared, which takes 16 cycles; events wait for nothing and are
// lost meanwhile. The read is asynchronous.
module counter_bank (
  input  logic        clk_i,
  input  logic        rst_ni,
  input  logic        event_i,
  input  logic [3:0]  kind_i,
  input  logic [15:0] bytes_i,
  input  logic [3:0]  read_kind_i,
  output logic [31:0] packets_o,
  output logic [39:0] bytes_o
);
  logic [71:0] counters [16];
  logic [71:0] old, new_value;
  logic [4:0]  clear_q;
  logic        clearing;
  logic [3:0]  write_kind;

  assign clearing   = !clear_q[4];
  assign write_kind = clearing ? clear_q[3:0] : kind_i;
  assign old       = counters[kind_i];
  assign new_value = {old[71:40] + 32'd1, old[39:0] + 40'(bytes_i)};
  assign packets_o = counters[read_kind_i][71:40];
  assign bytes_o   = counters[read_kind_i][39:0];

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) clear_q <= '0;
    else if (clearing) clear_q <= clear_q + 5'd1;
  end

  always_ff @(posedge clk_i) begin
    if (clearing || event_i) counters[write_kind] <= clearing ? '0 : new_value;
  end
endmodule
