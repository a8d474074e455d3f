// Arithmetic of bpf_xdp_adjust_head, _tail and _meta on a packet in its slot, with the kernel's
// limits and return codes (net/core/filter.c). Latency: one cycle after the inputs are stable.
//
// The kernel keeps struct xdp_frame, 40 bytes, at the start of the headroom. Metadata moves with
// the head; the caller copies its bytes.
module packet_adjust #(
  parameter int SlotEnd = 2040   // offset that data_end may reach: headroom and MAX_LENGTH
) (
  input  logic        clk_i,
  input  logic [1:0]  what_i,               // helper_pkg::Adjust*
  input  logic [31:0] delta_i,              // signed bytes
  input  logic [10:0] data_i,
  input  logic [10:0] data_end_i,
  input  logic [10:0] data_meta_i,
  output logic [10:0] data_o,
  output logic [10:0] data_end_o,
  output logic [10:0] data_meta_o,
  output logic        ok_o,
  output logic [63:0] r0_o
);
  localparam logic signed [13:0] FrameBytes = 14'd40;
  localparam logic signed [13:0] HeaderBytes = 14'd14;
  localparam logic signed [13:0] End = 14'(SlotEnd);

  // What does not fit into 13 bits is out of every range.
  logic signed [13:0] delta, data, data_end, data_meta, head, tail, meta, meta_bytes;
  logic               fits;
  logic signed [13:0] head_q, tail_q, meta_q, meta_bytes_q, head_limit_q, tail_limit_q;
  assign fits       = delta_i[31:12] == '0 || delta_i[31:12] == '1;
  assign delta      = $signed({delta_i[12], delta_i[12:0]});
  assign data       = $signed({3'd0, data_i});
  assign data_end   = $signed({3'd0, data_end_i});
  assign data_meta  = $signed({3'd0, data_meta_i});
  assign head       = data + delta;
  assign tail       = data_end + delta;
  assign meta       = data_meta + delta;
  assign meta_bytes = (data - data_meta) - delta;

  always_ff @(posedge clk_i) begin
    head_q       <= head;
    tail_q       <= tail;
    meta_q       <= meta;
    meta_bytes_q <= meta_bytes;
    head_limit_q <= data_end - HeaderBytes;
    tail_limit_q <= data + HeaderBytes;
  end

  always_comb begin
    data_o      = data_i;
    data_end_o  = data_end_i;
    data_meta_o = data_meta_i;
    ok_o        = 1'b0;
    r0_o        = -64'd22;                  // -EINVAL
    unique case (what_i)
      helper_pkg::AdjustHead: begin
        // The metadata stay behind struct xdp_frame, and 14 bytes of packet remain.
        if (fits && meta_q >= FrameBytes && head_q <= head_limit_q) begin
          ok_o        = 1'b1;
          data_o      = head_q[10:0];
          data_meta_o = meta_q[10:0];
        end
      end
      helper_pkg::AdjustTail: begin
        if (fits && tail_q <= End && tail_q >= tail_limit_q) begin
          ok_o       = 1'b1;
          data_end_o = tail_q[10:0];
        end
      end
      helper_pkg::AdjustMeta: begin
        if (fits && meta_q >= FrameBytes && !meta_bytes_q[13]) begin
          if (meta_bytes_q[1:0] != 2'd0 || meta_bytes_q > 14'sd255) begin
            r0_o = -64'd13;                 // -EACCES
          end else begin
            ok_o        = 1'b1;
            data_meta_o = meta_q[10:0];
          end
        end
      end
      default: ok_o = 1'b0;
    endcase
    if (ok_o) r0_o = '0;
  end
endmodule
