// MEM: takes the loaded bytes from the memory unit, extends them, and hands the result to
// write-back. The access itself was made at the end of execute, so that a fault there leaves
// nothing to undo.
module memory_stage (
  input  logic              clk_i,
  input  logic              rst_ni,
  input  logic              flush_i,
  input  ebpf_pkg::result_t result_i,    // from execute's register
  input  logic [63:0]       rdata_i,     // from the memory unit
  output ebpf_pkg::result_t result_o
);
  logic [63:0]       loaded;
  ebpf_pkg::result_t result_d, result_q;

  always_comb begin
    unique case (result_i.size)
      2'd0:    loaded = {{56{result_i.is_signed && rdata_i[7]}}, rdata_i[7:0]};
      2'd1:    loaded = {{48{result_i.is_signed && rdata_i[15]}}, rdata_i[15:0]};
      2'd2:    loaded = {{32{result_i.is_signed && rdata_i[31]}}, rdata_i[31:0]};
      default: loaded = rdata_i;
    endcase
    result_d = result_i;
    if (result_i.is_load) result_d.value = loaded;
    if (flush_i) result_d.valid = 1'b0;
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) result_q <= '0;
    else result_q <= result_d;
  end

  assign result_o = result_q;
endmodule
