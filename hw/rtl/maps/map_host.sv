// Block MAPS of the register map, and the requester of the host's port: the host's operations and
// the sweeper's. Register meanings: hw/regs/packet.json. An answer to an access comes in the next
// cycle.
module map_host (
  input  logic                      clk_i,
  input  logic                      rst_ni,
  input  logic                      ready_i,         // memories are cleared

  input  logic                      write_i,
  input  logic                      read_i,
  input  logic [11:0]               address_i,
  input  logic [31:0]               wdata_i,
  output logic [31:0]               rdata_o,
  output logic                      error_o,

  output logic                      define_o,
  output logic [5:0]                define_id_o,
  output map_unit_pkg::descriptor_t define_descriptor_o,
  output logic                      entry_write_o,
  output logic [5:0]                entry_id_o,
  output logic [255:0]              entry_key_o,
  output logic [511:0]              entry_value_o,

  // The host's port of map_issue.
  output logic                      pending_next_o,
  input  logic                      consume_i,
  output logic [2:0]                op_o,
  output logic [5:0]                id_o,
  output logic [2:0]                flags_o,
  output logic [2:0]                who_o,           // as engine and transaction: 0 host, 1 sweeper
  output logic [5:0]                key_bytes_o,
  output logic [255:0]              key_o,
  output logic [511:0]              value_o,
  input  logic                      rvalid_i,
  input  logic [2:0]                rwho_i,
  input  logic [63:0]               r0_i,
  input  logic [255:0]              slot_key_i,      // with the answer of OpSlot

  input  logic                      sweep_request_i,
  input  logic [2:0]                sweep_op_i,
  input  logic [5:0]                sweep_id_i,
  input  logic [255:0]              sweep_key_i,
  output logic                      sweep_taken_o,
  output logic                      sweep_answer_o,
  output logic                      clear_o,
  input  logic                      clearing_i,

  output logic [5:0]                query_id_o,
  input  logic [13:0]               used_i,
  input  logic [13:0]               fresh_i,
  input  logic                      issued_i,        // counted

  // Data region: one access at a time.
  output logic                      data_valid_o,
  output logic                      data_store_o,
  output logic [23:0]               data_offset_o,
  output logic [63:0]               data_wdata_o,
  input  logic                      data_ready_i,
  input  logic                      data_rvalid_i,
  input  logic [63:0]               data_rdata_i
);
  logic [31:0]  layout_q, entries_q, values_q, slot_q, issued_q;
  logic [5:0]   map_q;
  logic [2:0]   flags_q, operation_q;
  logic [255:0] key_q;
  logic [511:0] value_q;
  logic [63:0]  result_q;
  logic         request_q, wait_q, data_request_q, data_wait_q, data_store_q, busy;
  logic [23:0]  offset_q;
  logic [63:0]  data_q;
  logic [5:0]   key_bytes [map_unit_pkg::Maps];
  logic [31:0]  rdata_d;
  logic         error_d, starts, define_d;

  assign busy = request_q || wait_q || data_request_q || data_wait_q;

  // The request at the port: the sweeper gives way to the host.
  logic pending_q, load, from_host;
  assign load      = (!pending_q || consume_i) && (request_q || sweep_request_i);
  assign from_host = request_q;
  assign pending_next_o = load || (pending_q && !consume_i);
  assign sweep_taken_o  = load && !from_host;
  assign sweep_answer_o = rvalid_i && rwho_i == 3'd1;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) pending_q <= 1'b0;
    else pending_q <= pending_next_o;
  end
  always_ff @(posedge clk_i) begin
    if (load) begin
      op_o        <= from_host ? operation_q : sweep_op_i;
      id_o        <= from_host ? map_q : sweep_id_i;
      flags_o     <= from_host ? flags_q : 3'd0;
      who_o       <= from_host ? 3'd0 : 3'd1;
      key_o       <= from_host ? key_q : sweep_key_i;
      key_bytes_o <= key_bytes[from_host ? map_q : sweep_id_i];
      if (from_host) value_o <= value_q;
    end
    if (define_o) key_bytes[define_id_o] <= define_descriptor_o.key_bytes;
  end

  assign query_id_o    = map_q;
  assign data_valid_o  = data_request_q;
  assign data_store_o  = data_store_q;
  assign data_offset_o = offset_q;
  assign data_wdata_o  = data_q;

  // Registers.
  assign starts   = write_i && address_i == packet_regs_pkg::MapsOperation && !busy && ready_i;
  assign define_d = write_i && address_i == packet_regs_pkg::MapsDefine && ready_i &&
                    wdata_i[5:0] != '0;
  assign entry_write_o = starts && wdata_i[2:0] == packet_regs_pkg::MapOperationEntryWrite;
  assign entry_id_o    = map_q;
  assign entry_key_o   = key_q;
  assign entry_value_o = value_q;
  assign clear_o       = starts && wdata_i[2:0] == packet_regs_pkg::MapOperationClear;

  always_comb begin
    rdata_d = '0;
    error_d = 1'b0;
    unique case (address_i)
      packet_regs_pkg::MapsStatus: begin
        rdata_d[packet_regs_pkg::MapsStatusReadyBit]    = ready_i;
        rdata_d[packet_regs_pkg::MapsStatusBusyBit]     = busy;
        rdata_d[packet_regs_pkg::MapsStatusClearingBit] = clearing_i;
        error_d = write_i;
      end
      packet_regs_pkg::MapsDefineLayout:  rdata_d = layout_q;
      packet_regs_pkg::MapsDefineEntries: rdata_d = entries_q;
      packet_regs_pkg::MapsDefineValues:  rdata_d = values_q;
      packet_regs_pkg::MapsDefineSlot:    rdata_d = slot_q;
      packet_regs_pkg::MapsDefine:        error_d = !write_i || wdata_i[5:0] == '0;
      packet_regs_pkg::MapsMap:           rdata_d = {26'd0, map_q};
      packet_regs_pkg::MapsFlags:         rdata_d = {29'd0, flags_q};
      packet_regs_pkg::MapsOperation:     error_d = !write_i || busy || wdata_i[2:0] == 3'd7;
      packet_regs_pkg::MapsResultLow: begin
        rdata_d = result_q[31:0];
        error_d = write_i;
      end
      packet_regs_pkg::MapsResultHigh: begin
        rdata_d = result_q[63:32];
        error_d = write_i;
      end
      packet_regs_pkg::MapsUsed: begin
        rdata_d = {18'd0, used_i};
        error_d = write_i;
      end
      packet_regs_pkg::MapsFresh: begin
        rdata_d = {18'd0, fresh_i};
        error_d = write_i;
      end
      packet_regs_pkg::MapsDataOffset: begin
        rdata_d = {8'd0, offset_q};
        error_d = write_i && (busy || wdata_i[2:0] != '0);
      end
      packet_regs_pkg::MapsDataLow:    rdata_d = data_q[31:0];
      packet_regs_pkg::MapsDataHigh: begin
        rdata_d = data_q[63:32];
        error_d = write_i && busy;
      end
      packet_regs_pkg::MapsDataFetch:  error_d = !write_i || busy;
      packet_regs_pkg::MapsOperations: begin
        rdata_d = issued_q;
        error_d = write_i;
      end
      default: begin
        error_d = address_i[1:0] != 2'd0 || address_i < packet_regs_pkg::MapsKey ||
                  address_i[11:8] != '0;
        if (address_i[7:5] == 3'b100) rdata_d = key_q[{address_i[4:2], 5'd0} +: 32];
        else if (address_i[7:6] == 2'b11) rdata_d = value_q[{address_i[5:2], 5'd0} +: 32];
        else error_d = 1'b1;
      end
    endcase
    if (!ready_i && address_i != packet_regs_pkg::MapsStatus) error_d = 1'b1;
    if (!read_i || error_d) rdata_d = '0;
    if (!read_i && !write_i) error_d = 1'b0;
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      rdata_o        <= '0;
      error_o        <= 1'b0;
      layout_q       <= '0;
      entries_q      <= '0;
      values_q       <= '0;
      slot_q         <= '0;
      map_q          <= '0;
      flags_q        <= '0;
      operation_q    <= '0;
      request_q      <= 1'b0;
      wait_q         <= 1'b0;
      data_request_q <= 1'b0;
      data_wait_q    <= 1'b0;
      data_store_q   <= 1'b0;
      offset_q       <= '0;
      issued_q       <= '0;
    end else begin
      rdata_o <= rdata_d;
      error_o <= error_d;
      if (issued_i) issued_q <= issued_q + 32'd1;
      if (load && from_host) request_q <= 1'b0;
      if (rvalid_i && rwho_i == 3'd0) wait_q <= 1'b0;
      if (data_valid_o && data_ready_i) begin
        data_request_q <= 1'b0;
        offset_q       <= offset_q + 24'd8;
      end
      if (data_rvalid_i) data_wait_q <= 1'b0;
      if (starts && !entry_write_o && !clear_o) begin
        operation_q <= wdata_i[2:0];
        request_q   <= 1'b1;
        wait_q      <= 1'b1;
      end
      if (write_i && ready_i) begin
        unique case (address_i)
          packet_regs_pkg::MapsDefineLayout:  layout_q <= wdata_i;
          packet_regs_pkg::MapsDefineEntries: entries_q <= wdata_i;
          packet_regs_pkg::MapsDefineValues:  values_q <= wdata_i;
          packet_regs_pkg::MapsDefineSlot:    slot_q <= wdata_i;
          packet_regs_pkg::MapsMap:           map_q <= wdata_i[5:0];
          packet_regs_pkg::MapsFlags:         flags_q <= (wdata_i > 32'd2) ? 3'd4 : wdata_i[2:0];
          packet_regs_pkg::MapsDataOffset:    if (!error_d) offset_q <= wdata_i[23:0];
          packet_regs_pkg::MapsDataHigh: begin
            if (!busy) begin
              data_request_q <= 1'b1;
              data_store_q   <= 1'b1;
            end
          end
          packet_regs_pkg::MapsDataFetch: begin
            if (!busy) begin
              data_request_q <= 1'b1;
              data_wait_q    <= 1'b1;
              data_store_q   <= 1'b0;
            end
          end
          default: ;
        endcase
      end
    end
  end

  always_ff @(posedge clk_i) begin
    if (rvalid_i && rwho_i == 3'd0) begin
      result_q <= r0_i;
      if (operation_q == map_unit_pkg::OpSlot) key_q <= slot_key_i;
    end
    if (data_rvalid_i) data_q <= data_rdata_i;
    if (write_i && address_i == packet_regs_pkg::MapsDataLow) data_q[31:0] <= wdata_i;
    if (write_i && address_i == packet_regs_pkg::MapsDataHigh && !busy) data_q[63:32] <= wdata_i;
    for (int w = 0; w < 8; w++)
      if (write_i && address_i == packet_regs_pkg::MapsKey + 12'(4 * w))
        key_q[w*32 +: 32] <= wdata_i;
    for (int w = 0; w < 16; w++)
      if (write_i && address_i == packet_regs_pkg::MapsValue + 12'(4 * w))
        value_q[w*32 +: 32] <= wdata_i;
  end

  // A definition reaches everyone one cycle after it is written. After a reset every map is
  // defined as no map, one a cycle.
  logic [6:0] undefine_q;
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      undefine_q          <= '0;
      define_o            <= 1'b0;
      define_id_o         <= '0;
      define_descriptor_o <= '0;
    end else begin
      define_o <= define_d || !undefine_q[6];
      if (!undefine_q[6]) begin
        undefine_q          <= undefine_q + 7'd1;
        define_id_o         <= undefine_q[5:0];
        define_descriptor_o <= '0;
      end else if (define_d) begin
        define_id_o                     <= wdata_i[5:0];
        define_descriptor_o.kind        <= layout_q[4:0];
        define_descriptor_o.key_bytes   <= layout_q[13:8];
        define_descriptor_o.value_bytes <= layout_q[22:16];
        define_descriptor_o.max_entries <= entries_q[16:0];
        define_descriptor_o.values      <= values_q[23:0];
        define_descriptor_o.base        <= slot_q[12:0];
      end
    end
  end
endmodule
