// The data region: globals and map values, in eight banks of words, so that ports reach it at the
// same time as long as they want different banks. Ports share a bank in turn; values that updates
// write go first, all of their up to eight words at once.
module value_memory #(
  parameter int DataBytes = 262144,
  localparam int Count = map_unit_pkg::PortCount,
  localparam int Words = DataBytes / 64,
  localparam int AddressWidth = $clog2(Words)
) (
  input  logic                 clk_i,
  input  logic                 rst_ni,

  input  logic [Count-1:0]     valid_i,
  input  logic [Count*4-1:0]   op_i,
  input  logic [Count*21-1:0]  offset_i,       // in words
  input  logic [Count*8-1:0]   enable_i,
  input  logic [Count*64-1:0]  operand_i,
  input  logic [Count*64-1:0]  expected_i,
  output logic [Count-1:0]     ready_o,
  output logic [Count*64-1:0]  old_o,          // two cycles after ready_o

  input  logic                 update_valid_i,
  input  logic [23:0]          update_offset_i,   // a multiple of eight
  input  logic [6:0]           update_bytes_i,
  input  logic [511:0]         update_i
);
  // An update's word w goes to bank (first + w) % 8, in the next row once it wraps.
  logic [2:0]   first_bank;
  logic [511:0] rotated;
  logic [63:0]  enables, rotated_enables;
  assign first_bank = update_offset_i[5:3];
  always_comb begin
    for (int b = 0; b < 64; b++) enables[b] = 7'(b) < update_bytes_i;
    rotated         = update_i;
    rotated_enables = enables;
    if (first_bank[0]) begin
      rotated         = {rotated[447:0], rotated[511:448]};
      rotated_enables = {rotated_enables[55:0], rotated_enables[63:56]};
    end
    if (first_bank[1]) begin
      rotated         = {rotated[383:0], rotated[511:384]};
      rotated_enables = {rotated_enables[47:0], rotated_enables[63:48]};
    end
    if (first_bank[2]) begin
      rotated         = {rotated[255:0], rotated[511:256]};
      rotated_enables = {rotated_enables[31:0], rotated_enables[63:32]};
    end
  end

  logic [8*Count-1:0] grants;
  logic [8*64-1:0]    olds;

  for (genvar b = 0; b < 8; b++) begin : gen_bank
    logic [Count-1:0]        wants, later, grant;
    logic [2:0]              turn_q;
    logic                    update;
    logic [3:0]              op;
    logic [AddressWidth-1:0] row;
    logic [7:0]              enable;
    logic [63:0]             operand, expected;

    always_comb begin
      for (int p = 0; p < Count; p++) wants[p] = valid_i[p] && offset_i[p*21 +: 3] == 3'(b);
    end
    assign later  = wants & ~((Count'(1) << turn_q) - Count'(1));
    assign update = update_valid_i && rotated_enables[b*8];

    always_comb begin
      grant = '0;
      for (int p = Count - 1; p >= 0; p--) if (wants[p]) grant = Count'(1) << p;
      if (later != '0) begin
        for (int p = Count - 1; p >= 0; p--) if (later[p]) grant = Count'(1) << p;
      end
      if (update) grant = '0;
    end
    assign grants[b*Count +: Count] = grant;

    always_comb begin
      op       = '0;
      row      = '0;
      enable   = '0;
      operand  = '0;
      expected = '0;
      for (int p = 0; p < Count; p++) begin
        if (grant[p]) begin
          op       = op | op_i[p*4 +: 4];
          row      = row | offset_i[p*21 + 3 +: AddressWidth];
          enable   = enable | enable_i[p*8 +: 8];
          operand  = operand | operand_i[p*64 +: 64];
          expected = expected | expected_i[p*64 +: 64];
        end
      end
      if (update) begin
        op      = map_pkg::DataStore;
        row     = update_offset_i[6 +: AddressWidth] +
                  ((4'(b) < {1'b0, first_bank}) ? AddressWidth'(1) : AddressWidth'(0));
        enable  = rotated_enables[b*8 +: 8];
        operand = rotated[b*64 +: 64];
      end
    end

    always_ff @(posedge clk_i or negedge rst_ni) begin
      if (!rst_ni) begin
        turn_q <= '0;
      end else begin
        for (int p = 0; p < Count; p++)
          if (grant[p]) turn_q <= (p == Count - 1) ? 3'd0 : 3'(p + 1);
      end
    end

    value_bank #(.Words(Words)) u_bank (
      .clk_i     (clk_i),
      .rst_ni    (rst_ni),
      .valid_i   (update || grant != '0),
      .op_i      (op),
      .address_i (row),
      .enable_i  (enable),
      .operand_i (operand),
      .expected_i(expected),
      .old_o     (olds[b*64 +: 64])
    );
  end

  // Which bank each port's answer comes from, two cycles later.
  logic [Count*3-1:0] bank_q, bank_q2;
  always_ff @(posedge clk_i) begin
    for (int p = 0; p < Count; p++) bank_q[p*3 +: 3] <= offset_i[p*21 +: 3];
    bank_q2 <= bank_q;
  end
  always_comb begin
    ready_o = '0;
    for (int b = 0; b < 8; b++) ready_o = ready_o | grants[b*Count +: Count];
    old_o = '0;
    for (int p = 0; p < Count; p++) begin
      for (int b = 0; b < 8; b++)
        if (bank_q2[p*3 +: 3] == 3'(b)) old_o[p*64 +: 64] = olds[b*64 +: 64];
    end
  end

  // Offsets outside the region are the engines' business.
  logic unused;
  assign unused = ^{offset_i, update_offset_i};

  if (DataBytes < 128 || (DataBytes & (DataBytes - 1)) != 0 || DataBytes > 16777216) begin
    : gen_bad_bytes
    $error("value_memory: DataBytes must be a power of two from 128 to 16 MiB");
  end
endmodule
