// The four regions behind one port: up to 8 bytes at any alignment, every cycle.
//
// Latency: rdata_o shows the bytes of a read one cycle later, first byte lowest, until the next
// read; bytes past the access are undefined. The stack is zeroed frame by frame with clear_i,
// frames that nothing wrote since their last clearing are skipped by the caller, who sees
// dirty_frames_o.
module memory_unit #(
  parameter int MemoryBytes  = 65536,
  parameter int DataBytes    = 262144,
  parameter int ContextBytes = 64
) (
  input  logic        clk_i,
  input  logic        rst_ni,

  input  logic        read_i,
  input  logic        write_i,
  input  logic [3:0]  region_i,          // one-hot, ebpf_pkg::Region*
  input  logic [27:0] offset_i,
  input  logic [7:0]  byte_enable_i,     // from the first byte on
  input  logic [63:0] wdata_i,
  output logic [63:0] rdata_o,

  input  logic        clear_i,           // instead of an access: zero 16 bytes of the stack
  input  logic [7:0]  clear_line_i,
  output logic [7:0]  dirty_frames_o
);
  localparam int StackBytes = faisca_regs_pkg::StackBytes;

  // The access over the two banks.
  logic [2:0]   byte_in_word;
  logic         starts_odd;
  logic [23:0]  line, next_line, even_line, odd_line;
  logic [127:0] wide_wdata;
  logic [15:0]  wide_enable;
  logic [63:0]  even_wdata, odd_wdata;
  logic [7:0]   even_enable, odd_enable;

  assign byte_in_word = offset_i[2:0];
  assign starts_odd   = offset_i[3];
  assign line         = clear_i ? {16'd0, clear_line_i} : offset_i[27:4];
  assign next_line    = line + 24'd1;
  assign even_line    = (starts_odd && !clear_i) ? next_line : line;
  assign odd_line     = line;
  assign wide_wdata   = {64'd0, wdata_i} << {byte_in_word, 3'd0};
  assign wide_enable  = {8'd0, byte_enable_i} << byte_in_word;

  always_comb begin
    even_wdata  = starts_odd ? wide_wdata[127:64] : wide_wdata[63:0];
    odd_wdata   = starts_odd ? wide_wdata[63:0] : wide_wdata[127:64];
    even_enable = starts_odd ? wide_enable[15:8] : wide_enable[7:0];
    odd_enable  = starts_odd ? wide_enable[7:0] : wide_enable[15:8];
    if (clear_i) begin
      even_wdata  = '0;
      odd_wdata   = '0;
      even_enable = '1;
      odd_enable  = '1;
    end
  end

  logic [3:0] region_write;
  always_comb begin
    region_write = write_i ? region_i : 4'd0;
    if (clear_i) begin
      region_write                        = '0;
      region_write[ebpf_pkg::RegionStack] = 1'b1;
    end
  end

  logic [63:0] memory_even, memory_odd, stack_even, stack_odd;
  logic [63:0] data_even, data_odd, context_even, context_odd;

  region_memory #(.Bytes(MemoryBytes)) u_memory (
    .clk_i        (clk_i),
    .read_i       (read_i && region_i[ebpf_pkg::RegionMemory]),
    .write_i      (region_write[ebpf_pkg::RegionMemory]),
    .even_line_i  (even_line[$clog2(MemoryBytes / 16)-1:0]),
    .odd_line_i   (odd_line[$clog2(MemoryBytes / 16)-1:0]),
    .even_enable_i(even_enable),
    .odd_enable_i (odd_enable),
    .even_wdata_i (even_wdata),
    .odd_wdata_i  (odd_wdata),
    .even_rdata_o (memory_even),
    .odd_rdata_o  (memory_odd)
  );

  region_memory #(.Bytes(StackBytes)) u_stack (
    .clk_i        (clk_i),
    .read_i       (read_i && region_i[ebpf_pkg::RegionStack]),
    .write_i      (region_write[ebpf_pkg::RegionStack]),
    .even_line_i  (even_line[$clog2(StackBytes / 16)-1:0]),
    .odd_line_i   (odd_line[$clog2(StackBytes / 16)-1:0]),
    .even_enable_i(even_enable),
    .odd_enable_i (odd_enable),
    .even_wdata_i (even_wdata),
    .odd_wdata_i  (odd_wdata),
    .even_rdata_o (stack_even),
    .odd_rdata_o  (stack_odd)
  );

  region_memory #(.Bytes(DataBytes)) u_data (
    .clk_i        (clk_i),
    .read_i       (read_i && region_i[ebpf_pkg::RegionData]),
    .write_i      (region_write[ebpf_pkg::RegionData]),
    .even_line_i  (even_line[$clog2(DataBytes / 16)-1:0]),
    .odd_line_i   (odd_line[$clog2(DataBytes / 16)-1:0]),
    .even_enable_i(even_enable),
    .odd_enable_i (odd_enable),
    .even_wdata_i (even_wdata),
    .odd_wdata_i  (odd_wdata),
    .even_rdata_o (data_even),
    .odd_rdata_o  (data_odd)
  );

  region_memory #(.Bytes(ContextBytes)) u_context (
    .clk_i        (clk_i),
    .read_i       (read_i && region_i[ebpf_pkg::RegionContext]),
    .write_i      (region_write[ebpf_pkg::RegionContext]),
    .even_line_i  (even_line[$clog2(ContextBytes / 16)-1:0]),
    .odd_line_i   (odd_line[$clog2(ContextBytes / 16)-1:0]),
    .even_enable_i(even_enable),
    .odd_enable_i (odd_enable),
    .even_wdata_i (even_wdata),
    .odd_wdata_i  (odd_wdata),
    .even_rdata_o (context_even),
    .odd_rdata_o  (context_odd)
  );

  // Read: choose the region, put the first word below the second, move the first byte down.
  logic [3:0]   region_q;
  logic [3:0]   byte_q;
  logic [63:0]  even_rdata, odd_rdata;
  logic [127:0] wide_rdata, aligned;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      region_q <= '0;
      byte_q   <= '0;
    end else if (read_i) begin
      region_q <= region_i;
      byte_q   <= offset_i[3:0];
    end
  end

  always_comb begin
    even_rdata = memory_even;
    odd_rdata  = memory_odd;
    if (region_q[ebpf_pkg::RegionStack]) begin
      even_rdata = stack_even;
      odd_rdata  = stack_odd;
    end
    if (region_q[ebpf_pkg::RegionData]) begin
      even_rdata = data_even;
      odd_rdata  = data_odd;
    end
    if (region_q[ebpf_pkg::RegionContext]) begin
      even_rdata = context_even;
      odd_rdata  = context_odd;
    end
  end

  assign wide_rdata = byte_q[3] ? {even_rdata, odd_rdata} : {odd_rdata, even_rdata};
  assign aligned    = wide_rdata >> {byte_q[2:0], 3'd0};
  assign rdata_o    = aligned[63:0];

  // Frames of the stack that may hold something else than zeros. An access may reach into the next
  // frame.
  logic [7:0]  dirty_q, dirty_d;
  logic [11:0] last_byte;
  assign last_byte = offset_i[11:0] + 12'd7;

  always_comb begin
    dirty_d = dirty_q;
    if (region_write[ebpf_pkg::RegionStack] && !clear_i) begin
      dirty_d[offset_i[11:9]]  = 1'b1;
      dirty_d[last_byte[11:9]] = 1'b1;
    end
    if (clear_i && clear_line_i[4:0] == 5'd31) dirty_d[clear_line_i[7:5]] = 1'b0;
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) dirty_q <= '1;
    else dirty_q <= dirty_d;
  end
  assign dirty_frames_o = dirty_q;
endmodule
