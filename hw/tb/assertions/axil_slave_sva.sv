// AXI4-Lite at the device's border: all five channels keep the stream rules, and no answer comes
// unasked.
module axil_slave_sva #(
  parameter int AddressWidth = 16
) (
  input logic                    clk_i,
  input logic                    rst_ni,
  input logic                    awvalid_i,
  input logic                    awready_i,
  input logic [AddressWidth-1:0] awaddr_i,
  input logic                    wvalid_i,
  input logic                    wready_i,
  input logic [31:0]             wdata_i,
  input logic [3:0]              wstrb_i,
  input logic                    bvalid_i,
  input logic                    bready_i,
  input logic [1:0]              bresp_i,
  input logic                    arvalid_i,
  input logic                    arready_i,
  input logic [AddressWidth-1:0] araddr_i,
  input logic                    rvalid_i,
  input logic                    rready_i,
  input logic [31:0]             rdata_i,
  input logic [1:0]              rresp_i
);
  stream_sva #(.Width(AddressWidth)) u_aw (
    .clk_i(clk_i), .rst_ni(rst_ni), .valid_i(awvalid_i), .ready_i(awready_i), .data_i(awaddr_i)
  );
  stream_sva #(.Width(36)) u_w (
    .clk_i(clk_i), .rst_ni(rst_ni),
    .valid_i(wvalid_i), .ready_i(wready_i), .data_i({wdata_i, wstrb_i})
  );
  stream_sva #(.Width(2)) u_b (
    .clk_i(clk_i), .rst_ni(rst_ni), .valid_i(bvalid_i), .ready_i(bready_i), .data_i(bresp_i)
  );
  stream_sva #(.Width(AddressWidth)) u_ar (
    .clk_i(clk_i), .rst_ni(rst_ni), .valid_i(arvalid_i), .ready_i(arready_i), .data_i(araddr_i)
  );
  stream_sva #(.Width(34)) u_r (
    .clk_i(clk_i), .rst_ni(rst_ni),
    .valid_i(rvalid_i), .ready_i(rready_i), .data_i({rdata_i, rresp_i})
  );

  // Accesses that were taken and not answered yet.
  logic [3:0] writes_q, reads_q;
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      writes_q <= '0;
      reads_q  <= '0;
    end else begin
      writes_q <= writes_q + 4'(awvalid_i && awready_i) - 4'(bvalid_i && bready_i);
      reads_q  <= reads_q + 4'(arvalid_i && arready_i) - 4'(rvalid_i && rready_i);
    end
  end

  AnswerWasAsked: assert property (@(posedge clk_i) disable iff (!rst_ni)
    (bvalid_i |-> writes_q != 4'd0))
    else $error("a write answer that no access asked for");
  DataWasAsked: assert property (@(posedge clk_i) disable iff (!rst_ni)
    (rvalid_i |-> reads_q != 4'd0))
    else $error("a read answer that no access asked for");
  BothWriteChannels: assert property (@(posedge clk_i) disable iff (!rst_ni)
    (awvalid_i && awready_i) == (wvalid_i && wready_i))
    else $error("address and data of a write are taken together");
endmodule
