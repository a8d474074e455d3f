// MEM: checks the access that execute made in the cycle before, waits for packet bytes that have
// not arrived and for the data region, extends loaded bytes, and hands the result to write-back.
//
// Local memory (packet, stack, context) is accessed in execute's cycle, before the check: a store
// out of bounds stays in the engine's own slot or stack, and its run ends here. An access to packet
// lines that are still to come is made again until they are there. Data accesses start here.
module packet_memory (
  input  logic         clk_i,
  input  logic         rst_ni,
  input  logic         clear_i,          // the run ends: drop what is here

  input  logic         valid_i,          // from execute
  input  packet_engine_pkg::access_t access_i,
  input  logic [63:0]  value_i,
  output logic         forward_valid_o,  // what is here will write forward_rd_o
  output logic [5:0]   forward_rd_o,
  output logic [63:0]  forward_value_o,  // unless it is a load
  output logic         write_valid_o,    // write-back
  output logic [5:0]   write_rd_o,
  output logic [63:0]  write_value_o,
  output logic         wait_o,           // execute keeps its instruction
  output logic         wait_data_o,      // ... for the data region
  output logic [2:0]   fault_o,          // regs FAULT_*: the run ends

  input  logic [1:0]   slot_i,
  input  logic [6:0]   arrived_i,        // lines of the slot that may be touched
  input  logic [10:0]  packet_begin_i,
  input  logic [10:0]  packet_end_i,
  input  logic [23:0]  data_begin_i,
  input  logic [23:0]  data_end_i,

  // Run control's own writes, while execute makes no access.
  input  logic         keep_write_i,
  input  logic         keep_clear_i,     // a line of zeros
  input  logic [8:0]   keep_line_i,
  input  logic [1:0]   keep_word_i,
  input  logic [63:0]  keep_wdata_i,
  output logic         stack_write_o,
  output logic [6:0]   stack_first_o,    // lines that the store touches
  output logic [6:0]   stack_last_o,

  // Local memory, port B.
  output logic         local_read_o,
  output logic         local_write_o,
  output logic         local_clear_o,
  output logic         local_wrap_o,
  output logic [8:0]   local_line_o,
  output logic [4:0]   local_byte_o,
  output logic [1:0]   local_size_o,
  output logic [63:0]  local_wdata_o,
  input  logic [63:0]  local_rdata_i,

  // Data region.
  output logic         data_valid_o,
  output logic [3:0]   data_op_o,
  output logic [1:0]   data_size_o,
  output logic [23:0]  data_offset_o,
  output logic [63:0]  data_wdata_o,
  input  logic         data_ready_i,
  input  logic         data_rvalid_i,
  input  logic [63:0]  data_rdata_i,

  output logic         helper_rvalid_o,
  output logic [63:0]  helper_rdata_o
);
  packet_engine_pkg::access_t access_q;
  logic [63:0]                value_q, write_value_q;
  logic [5:0]                 write_rd_q;
  logic                       valid_q, write_valid_q, asked_q, arrived_q;

  // The check.
  logic       is_packet, is_data;
  logic [2:0] cause;
  access_window u_access_window (
    .address_i     (access_q.address),
    .high_i        (access_q.high),
    .size_i        (access_q.size),
    .store_i       (access_q.store),
    .atomic_i      (access_q.atomic),
    .packet_begin_i(packet_begin_i),
    .packet_end_i  (packet_end_i),
    .data_begin_i  (data_begin_i),
    .data_end_i    (data_end_i),
    .packet_o      (is_packet),
    .data_o        (is_data),
    .fault_o       (cause)
  );

  logic accesses, good, wants_answer, data_done, wait_beat;
  assign accesses     = valid_q && access_q.access;
  assign fault_o      = accesses ? cause : faisca_regs_pkg::FaultNone;
  assign good         = accesses && cause == faisca_regs_pkg::FaultNone;
  assign wants_answer = (!access_q.store || access_q.op[3]) && !access_q.expected;
  assign data_done    = wants_answer ? data_rvalid_i : data_ready_i;
  assign wait_beat    = good && is_packet && !arrived_q;
  assign wait_data_o  = good && is_data && !data_done;
  assign wait_o       = wait_beat || wait_data_o;

  assign data_valid_o  = good && is_data && !asked_q;
  assign data_op_o     = access_q.op;
  assign data_size_o   = access_q.size;
  assign data_offset_o = access_q.address[23:0];
  assign data_wdata_o  = value_q;

  // Local memory: execute's access, or once more the one that waits.
  logic        valid, store, is_stack, is_context, crosses;
  logic [31:0] address;
  logic [1:0]  size;
  logic [6:0]  last_line;
  assign valid      = wait_beat || (valid_i && access_i.access);
  assign store      = wait_beat ? access_q.store : access_i.store;
  assign address    = wait_beat ? access_q.address : access_i.address;
  assign size       = wait_beat ? access_q.size : access_i.size;
  assign is_stack   = address[31:28] == faisca_regs_pkg::StackBase[31:28];
  assign is_context = address[31:28] == faisca_regs_pkg::ContextBase[31:28];
  assign crosses    = {1'b0, address[4:0]} + {2'd0, 4'd1 << size} > 6'd32;
  assign last_line  = {1'b0, address[10:5]} + 7'(crosses);

  always_comb begin
    local_read_o  = valid && !store;
    local_write_o = valid && store && address[31:28] <= faisca_regs_pkg::StackBase[31:28];
    local_clear_o = keep_clear_i;
    local_wrap_o  = !is_stack;
    local_line_o  = {1'b0, slot_i, address[10:5]};
    if (is_stack) local_line_o = packet_pkg::StackLine | {2'd0, address[11:5]};
    if (is_context) local_line_o = packet_pkg::ContextLine;
    local_byte_o  = address[4:0];
    local_size_o  = size;
    local_wdata_o = wait_beat ? value_q : value_i;
    if (keep_write_i) begin
      local_read_o  = 1'b0;
      local_write_o = 1'b1;
      local_wrap_o  = 1'b1;
      local_line_o  = keep_line_i;
      local_byte_o  = {keep_word_i, 3'd0};
      local_size_o  = 2'd3;
      local_wdata_o = keep_wdata_i;
    end
  end
  assign stack_write_o = valid && store && is_stack;
  assign stack_first_o = address[11:5];
  assign stack_last_o  = address[11:5] + 7'(crosses);

  // Result.
  logic [63:0] raw, loaded;
  assign raw = is_data ? data_rdata_i : local_rdata_i;
  always_comb begin
    unique case (access_q.size)
      2'd0:    loaded = {{56{access_q.is_signed && raw[7]}}, raw[7:0]};
      2'd1:    loaded = {{48{access_q.is_signed && raw[15]}}, raw[15:0]};
      2'd2:    loaded = {{32{access_q.is_signed && raw[31]}}, raw[31:0]};
      default: loaded = raw;
    endcase
  end
  assign helper_rvalid_o = good && access_q.helper && !access_q.store && !wait_o;
  assign helper_rdata_o  = raw;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      valid_q       <= 1'b0;
      write_valid_q <= 1'b0;
      asked_q       <= 1'b0;
    end else begin
      if (clear_i) valid_q <= 1'b0;
      else if (!wait_o) valid_q <= valid_i;
      write_valid_q <= valid_q && access_q.writes_rd && !wait_o &&
                       fault_o == faisca_regs_pkg::FaultNone;
      asked_q       <= wait_o && (asked_q || (data_valid_o && data_ready_i));
    end
  end

  always_ff @(posedge clk_i) begin
    if (wait_o) begin
      arrived_q <= last_line < arrived_i;
    end else if (valid_i) begin
      access_q  <= access_i;
      value_q   <= value_i;
      arrived_q <= last_line < arrived_i;
    end
    if (valid_q) begin
      write_rd_q    <= access_q.rd;
      write_value_q <= access_q.access ? loaded : value_q;
    end
  end

  assign forward_valid_o = valid_q && access_q.writes_rd;
  assign forward_rd_o    = access_q.rd;
  assign forward_value_o = value_q;
  assign write_valid_o   = write_valid_q;
  assign write_rd_o      = write_rd_q;
  assign write_value_o   = write_value_q;
endmodule
