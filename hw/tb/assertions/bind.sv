// Puts the assertions beside the modules that they watch; the RTL itself knows nothing of them.
bind axil_slave axil_slave_sva #(.AddressWidth(AddressWidth)) u_sva (
  .clk_i    (clk_i),
  .rst_ni   (rst_ni),
  .awvalid_i(s_axil_awvalid),
  .awready_i(s_axil_awready),
  .awaddr_i (s_axil_awaddr),
  .wvalid_i (s_axil_wvalid),
  .wready_i (s_axil_wready),
  .wdata_i  (s_axil_wdata),
  .wstrb_i  (s_axil_wstrb),
  .bvalid_i (s_axil_bvalid),
  .bready_i (s_axil_bready),
  .bresp_i  (s_axil_bresp),
  .arvalid_i(s_axil_arvalid),
  .arready_i(s_axil_arready),
  .araddr_i (s_axil_araddr),
  .rvalid_i (s_axil_rvalid),
  .rready_i (s_axil_rready),
  .rdata_i  (s_axil_rdata),
  .rresp_i  (s_axil_rresp)
);

bind engine engine_sva u_sva (
  .clk_i            (clk_i),
  .rst_ni           (rst_ni),
  .executing_i      (executing_o),
  .run_in_progress_i(run_in_progress_o),
  .budget_i         (budget_i),
  .retired_i        (retired_o),
  .retire_valid_i   (retire_valid_o),
  .host_access_i    (host_read_i || host_write_i),
  .copy_i           (copy),
  .init_write_i     (init_write),
  .writeback_write_i(writeback_write),
  .execute_i        (execute),
  .memory_result_i  (memory_result)
);

bind program_memory program_memory_sva u_sva (
  .clk_i            (clk_i),
  .rst_ni           (rst_ni),
  .run_in_progress_i(run_in_progress_i),
  .active_bank_i    (active_bank_o)
);
