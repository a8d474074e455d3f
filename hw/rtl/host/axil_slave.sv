// AXI4-Lite slave, 32 bits: turns both channels into one stream of register accesses.
//
// One access a cycle, writes before reads when both wait. The register side answers every access in the
// next cycle (rdata_i, error_i); an error becomes SLVERR.
//
//   request   write_o/read_o, address_o, wdata_o, strobe_o    cycle n
//   answer    rdata_i, error_i                                cycle n + 1
//   bus       bvalid/rvalid                                   cycle n + 2 at the earliest
module axil_slave #(
  parameter int AddressWidth = 16
) (
  input  logic                    clk_i,
  input  logic                    rst_ni,

  input  logic                    s_axil_awvalid,
  output logic                    s_axil_awready,
  input  logic [AddressWidth-1:0] s_axil_awaddr,
  input  logic                    s_axil_wvalid,
  output logic                    s_axil_wready,
  input  logic [31:0]             s_axil_wdata,
  input  logic [3:0]              s_axil_wstrb,
  output logic                    s_axil_bvalid,
  input  logic                    s_axil_bready,
  output logic [1:0]              s_axil_bresp,
  input  logic                    s_axil_arvalid,
  output logic                    s_axil_arready,
  input  logic [AddressWidth-1:0] s_axil_araddr,
  output logic                    s_axil_rvalid,
  input  logic                    s_axil_rready,
  output logic [31:0]             s_axil_rdata,
  output logic [1:0]              s_axil_rresp,

  output logic                    write_o,
  output logic                    read_o,
  output logic [AddressWidth-1:0] address_o,
  output logic [31:0]             wdata_o,
  output logic [3:0]              strobe_o,
  input  logic [31:0]             rdata_i,
  input  logic                    error_i
);
  logic write_q, read_q;
  logic write_room, read_room, write_error, read_error;

  assign write_o   = s_axil_awvalid && s_axil_wvalid && write_room;
  assign read_o    = s_axil_arvalid && read_room && !write_o;
  assign address_o = write_o ? s_axil_awaddr : s_axil_araddr;
  assign wdata_o   = s_axil_wdata;
  assign strobe_o  = s_axil_wstrb;

  assign s_axil_awready = write_o;
  assign s_axil_wready  = write_o;
  assign s_axil_arready = read_o;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      write_q <= 1'b0;
      read_q  <= 1'b0;
    end else begin
      write_q <= write_o;
      read_q  <= read_o;
    end
  end

  response_fifo #(.Width(1)) u_write_response (
    .clk_i    (clk_i),
    .rst_ni   (rst_ni),
    .reserve_i(write_o),
    .room_o   (write_room),
    .push_i   (write_q),
    .data_i   (error_i),
    .valid_o  (s_axil_bvalid),
    .ready_i  (s_axil_bready),
    .data_o   (write_error)
  );

  response_fifo #(.Width(33)) u_read_response (
    .clk_i    (clk_i),
    .rst_ni   (rst_ni),
    .reserve_i(read_o),
    .room_o   (read_room),
    .push_i   (read_q),
    .data_i   ({error_i, rdata_i}),
    .valid_o  (s_axil_rvalid),
    .ready_i  (s_axil_rready),
    .data_o   ({read_error, s_axil_rdata})
  );

  assign s_axil_bresp = {write_error, 1'b0};
  assign s_axil_rresp = {read_error, 1'b0};
endmodule
