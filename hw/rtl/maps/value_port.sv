// One port's way to the data region: takes its engines' accesses in turn and cuts those that cross
// a word of eight bytes in two.
//
// An access that is taken in cycle 0 asks its bank in cycle 1; taken there at once, its answer is
// out in cycle 3 (one that crosses: 4). One access a cycle; a second half takes a cycle of its own.
// Atomics must not cross a word: the engine's contract.
module value_port #(
  parameter int Engines = 8
) (
  input  logic                  clk_i,
  input  logic                  rst_ni,

  input  logic [Engines-1:0]    valid_i,
  input  logic [Engines*4-1:0]  op_i,
  input  logic [Engines*2-1:0]  size_i,
  input  logic [Engines*24-1:0] offset_i,
  input  logic [Engines*64-1:0] wdata_i,
  output logic [Engines-1:0]    ready_o,
  output logic [Engines-1:0]    rvalid_o,
  output logic [63:0]           rdata_o,

  // To the banks; bits 5:3 of the offset choose one.
  output logic                  bank_valid_o,
  output logic [3:0]            bank_op_o,
  output logic [23:3]           bank_offset_o,
  output logic [7:0]            bank_enable_o,
  output logic [63:0]           bank_operand_o,
  output logic [63:0]           bank_expected_o,
  input  logic                  bank_ready_i,
  input  logic [63:0]           bank_old_i      // two cycles after bank_ready_i
);
  // Choose an engine; a compare-and-exchange keeps it for two beats.
  logic               locked_q;
  logic [2:0]         engine_q, turn_q, picked, engine;
  logic [Engines-1:0] later;
  assign later = valid_i & ~((Engines'(1) << turn_q) - Engines'(1));
  always_comb begin
    picked = '0;
    for (int e = Engines - 1; e >= 0; e--) if (valid_i[e]) picked = 3'(e);
    if (later != '0) begin
      for (int e = Engines - 1; e >= 0; e--) if (later[e]) picked = 3'(e);
    end
    engine = locked_q ? engine_q : picked;
  end

  logic        take_valid, room, take;
  logic [3:0]  op;
  logic [1:0]  size;
  logic [23:0] offset;
  logic [63:0] wdata;
  always_comb begin
    take_valid = 1'b0;
    op         = '0;
    size       = '0;
    offset     = '0;
    wdata      = '0;
    for (int e = 0; e < Engines; e++) begin
      if (engine == 3'(e)) begin
        take_valid = valid_i[e];
        op         = op_i[e*4 +: 4];
        size       = size_i[e*2 +: 2];
        offset     = offset_i[e*24 +: 24];
        wdata      = wdata_i[e*64 +: 64];
      end
    end
  end

  // The access at the banks.
  logic        valid_q, first_q, crosses;
  logic [2:0]  access_engine_q;
  logic [3:0]  op_q;
  logic [1:0]  size_q;
  logic [23:0] offset_q;
  logic [63:0] wdata_q, expected_q;
  logic        ends;

  logic [15:0]  enable;
  logic [127:0] operand;
  logic [63:0]  expected;
  logic [7:0]   bytes;
  always_comb begin
    unique case (size_q)
      2'd0:    bytes = 8'h01;
      2'd1:    bytes = 8'h03;
      2'd2:    bytes = 8'h0f;
      default: bytes = 8'hff;
    endcase
    enable   = {8'd0, bytes} << offset_q[2:0];
    operand  = {64'd0, wdata_q} << {offset_q[2:0], 3'd0};
    expected = expected_q << {offset_q[2:0], 3'd0};
    crosses  = enable[15:8] != '0;
  end

  assign bank_valid_o    = valid_q;
  assign bank_op_o       = op_q;
  assign bank_offset_o   = first_q ? offset_q[23:3] : offset_q[23:3] + 21'd1;
  assign bank_enable_o   = first_q ? enable[7:0] : enable[15:8];
  assign bank_operand_o  = first_q ? operand[63:0] : operand[127:64];
  assign bank_expected_o = expected;

  assign ends = valid_q && bank_ready_i && (!first_q || !crosses);
  assign room = !valid_q || ends;
  assign take = take_valid && room;
  always_comb begin
    for (int e = 0; e < Engines; e++) ready_o[e] = room && valid_i[e] && engine == 3'(e);
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      locked_q <= 1'b0;
      valid_q  <= 1'b0;
      first_q  <= 1'b1;
      engine_q <= '0;
      turn_q   <= '0;
    end else begin
      if (valid_q && bank_ready_i) first_q <= ends;
      if (room) valid_q <= 1'b0;
      if (take) begin
        engine_q <= engine;
        if (op == map_pkg::DataCompareExchange && !locked_q) begin
          locked_q <= 1'b1;              // the first beat: what is expected
        end else begin
          locked_q <= 1'b0;
          valid_q  <= 1'b1;
          turn_q   <= (engine == 3'(Engines - 1)) ? 3'd0 : engine + 3'd1;
        end
      end
    end
  end

  always_ff @(posedge clk_i) begin
    if (take) begin
      if (op == map_pkg::DataCompareExchange && !locked_q) begin
        expected_q <= wdata;
      end else begin
        access_engine_q <= engine;
        op_q            <= op;
        size_q          <= size;
        offset_q        <= offset;
        wdata_q         <= wdata;
      end
    end
  end

  // Answers: two cycles after the bank has taken the access; the first half waits for the second.
  typedef struct packed {
    logic       valid;
    logic       whole;      // or the second half
    logic       first;      // a first half
    logic [2:0] engine;
    logic [2:0] byte_offset;
    logic [1:0] size;
  } answer_t;
  answer_t     a_q, b_q;
  logic        answers;
  logic [63:0] half_q, joined;
  assign answers = op_q == map_pkg::DataLoad || op_q[3];

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      a_q <= '0;
      b_q <= '0;
    end else begin
      a_q.valid       <= valid_q && bank_ready_i && answers;
      a_q.whole       <= ends;
      a_q.first       <= first_q;
      a_q.engine      <= access_engine_q;
      a_q.byte_offset <= offset_q[2:0];
      a_q.size        <= size_q;
      b_q             <= a_q;
    end
  end
  always_ff @(posedge clk_i) begin
    if (b_q.valid) half_q <= bank_old_i;
  end

  logic [127:0] wide, aligned;
  assign wide    = b_q.first ? {64'd0, bank_old_i} : {bank_old_i, half_q};
  assign aligned = wide >> {b_q.byte_offset, 3'd0};
  assign joined  = aligned[63:0];
  always_comb begin
    unique case (b_q.size)
      2'd0:    rdata_o = {56'd0, joined[7:0]};
      2'd1:    rdata_o = {48'd0, joined[15:0]};
      2'd2:    rdata_o = {32'd0, joined[31:0]};
      default: rdata_o = joined;
    endcase
    for (int e = 0; e < Engines; e++)
      rvalid_o[e] = b_q.valid && b_q.whole && b_q.engine == 3'(e);
  end
endmodule
