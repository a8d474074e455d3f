// AXI4-Lite slave, 32 bits: turns both channels into one stream of register accesses.
//
// One access a cycle, writes before reads when both wait; requests are registered. The register
// side answers every access in the next cycle (rdata_i, error_i); an error becomes SLVERR.
//
//   bus       awvalid and wvalid, or arvalid                  cycle n
//   request   write_o/read_o, address_o, wdata_o, strobe_o    cycle n + 1
//   answer    rdata_i, error_i                                cycle n + 2
//   bus       bvalid/rvalid                                   cycle n + 3 at the earliest
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
  logic                    accept_write, accept_read;
  logic                    write_q, read_q, write_answer_q, read_answer_q;
  logic [AddressWidth-1:0] address_q;
  logic [31:0]             wdata_q;
  logic [3:0]              strobe_q;
  logic                    write_room, read_room, write_error, read_error;

  assign accept_write   = s_axil_awvalid && s_axil_wvalid && write_room;
  assign accept_read    = s_axil_arvalid && read_room && !accept_write;
  assign s_axil_awready = accept_write;
  assign s_axil_wready  = accept_write;
  assign s_axil_arready = accept_read;

  assign write_o   = write_q;
  assign read_o    = read_q;
  assign address_o = address_q;
  assign wdata_o   = wdata_q;
  assign strobe_o  = strobe_q;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      write_q        <= 1'b0;
      read_q         <= 1'b0;
      write_answer_q <= 1'b0;
      read_answer_q  <= 1'b0;
      address_q      <= '0;
      wdata_q        <= '0;
      strobe_q       <= '0;
    end else begin
      write_q        <= accept_write;
      read_q         <= accept_read;
      write_answer_q <= write_q;
      read_answer_q  <= read_q;
      address_q      <= accept_write ? s_axil_awaddr : s_axil_araddr;
      wdata_q        <= s_axil_wdata;
      strobe_q       <= s_axil_wstrb;
    end
  end

  response_fifo #(.Width(1)) u_write_response (
    .clk_i    (clk_i),
    .rst_ni   (rst_ni),
    .reserve_i(accept_write),
    .room_o   (write_room),
    .push_i   (write_answer_q),
    .data_i   (error_i),
    .valid_o  (s_axil_bvalid),
    .ready_i  (s_axil_bready),
    .data_o   (write_error)
  );

  response_fifo #(.Width(33)) u_read_response (
    .clk_i    (clk_i),
    .rst_ni   (rst_ni),
    .reserve_i(accept_read),
    .room_o   (read_room),
    .push_i   (read_answer_q),
    .data_i   ({error_i, rdata_i}),
    .valid_o  (s_axil_rvalid),
    .ready_i  (s_axil_rready),
    .data_o   ({read_error, s_axil_rdata})
  );

  assign s_axil_bresp = {write_error, 1'b0};
  assign s_axil_rresp = {read_error, 1'b0};
endmodule
