// The helpers of one engine. Contract: hw/rtl/maps/README.md; return codes: the kernel's.
//
// Helpers on registers answer two cycles after start_i, those on the packet's descriptor three. Map
// helpers read their operands through the engine's memory, eight bytes a cycle from stack and
// packet, then send them in one piece: a lookup with a key of up to eight bytes on the stack asks
// the map unit three cycles after start_i, and its answer is passed on in the cycle in which it
// comes. csum_diff takes a cycle for four bytes.
module helper_unit (
  input  logic        clk_i,
  input  logic        rst_ni,
  input  logic [7:0]  engine_i,
  input  logic [2:0]  port_i,
  input  logic        clear_i,

  input  logic        start_i,
  input  logic [31:0] helper_id_i,
  input  logic [63:0] r1_i,
  input  logic [63:0] r2_i,
  output logic        args_select_o,
  input  logic [63:0] args_a_i,
  input  logic [63:0] args_b_i,
  output logic        done_o,
  output logic [63:0] r0_o,
  output logic        bad_helper_o,
  output logic        tail_call_o,
  output logic [2:0]  tail_program_o,

  output logic        memory_valid_o,
  output logic        memory_write_o,
  output logic [63:0] memory_address_o,
  output logic [1:0]  memory_size_o,
  output logic [63:0] memory_wdata_o,
  input  logic        memory_ready_i,
  input  logic        memory_rvalid_i,
  input  logic [63:0] memory_rdata_i,

  input  logic [10:0] data_i,
  input  logic [10:0] data_end_i,
  input  logic [10:0] data_meta_i,
  output logic        adjust_o,
  output logic [10:0] data_o,
  output logic [10:0] data_end_o,
  output logic [10:0] data_meta_o,

  output logic        redirect_valid_o,
  output logic [7:0]  redirect_ports_o,
  input  logic [63:0] time_ns_i,

  output logic        map_valid_o,
  output logic        map_last_o,
  output logic [2:0]  map_op_o,
  output logic [5:0]  map_id_o,
  output logic [2:0]  map_flags_o,
  output logic [63:0] map_data_o,
  input  logic        map_ready_i,
  input  logic        map_rvalid_i,
  input  logic [63:0] map_r0_i,

  input  logic        define_i,
  input  logic [5:0]  define_id_i,
  input  logic [4:0]  define_type_i,
  input  logic [5:0]  define_key_bytes_i,
  input  logic [6:0]  define_value_bytes_i
);
  typedef enum logic [3:0] {
    StIdle, StLocal, StAdjust, StArgs, StGather, StSend, StAnswer, StSumFrom, StSeed, StSumTo,
    StSumEnd, StZero, StMoveRead, StMoveWrite
  } state_e;
  state_e state_q, state_d;

  // What the host has defined: {type, key bytes, value bytes} of each map; the map unit defines
  // every id as type 0 after a reset.
  logic [17:0] definitions [64];
  always_ff @(posedge clk_i) begin
    if (define_i)
      definitions[define_id_i] <= {define_type_i, define_key_bytes_i, define_value_bytes_i};
  end

  // Decoded in the cycle of start_i.
  logic        is_map, is_lookup, is_update, is_tail_call, is_redirect_map, is_entry;
  logic [17:0] definition_q;
  logic        high_handle_q;
  always_ff @(posedge clk_i) begin
    if (start_i) begin
      is_lookup       <= helper_id_i == helper_pkg::MapLookup;
      is_update       <= helper_id_i == helper_pkg::MapUpdate;
      is_map          <= helper_id_i[31:2] == '0 && helper_id_i[1:0] != 2'd0;
      is_tail_call    <= helper_id_i == helper_pkg::TailCall;
      is_redirect_map <= helper_id_i == helper_pkg::RedirectMap;
      definition_q    <= definitions[handle];
      high_handle_q   <= (first_is_tail_call ? r2_i[63:6] : r1_i[63:6]) != '0;
    end
  end
  assign is_entry = is_tail_call || is_redirect_map;

  logic [4:0] map_type;
  logic [5:0] key_bytes, handle;
  logic [6:0] value_bytes;
  logic       good_handle, first_is_tail_call;
  assign first_is_tail_call = helper_id_i == helper_pkg::TailCall;
  assign handle = first_is_tail_call ? r2_i[5:0] : r1_i[5:0];
  assign {map_type, key_bytes, value_bytes} = definition_q;

  always_comb begin
    unique case (map_type)
      5'd0:                   good_handle = 1'b0;
      map_pkg::TypeProgArray: good_handle = is_tail_call;
      map_pkg::TypeDevmap:    good_handle = is_redirect_map || is_lookup;
      default:                good_handle = is_map;
    endcase
    if (high_handle_q) good_handle = 1'b0;
  end

  // R3 to R5 are there in the second cycle after they are chosen.
  logic [1:0] age_q;
  logic       select_q, select_d, args_ok;
  assign args_ok       = age_q == 2'd2;
  assign args_select_o = select_q;

  // A run of left_q bytes at address_q. Only the low half is counted: an address that does not fit
  // into it is in no region, high_q keeps it so.
  logic        high_q;
  logic [31:0] address_q, address_d, address, next_address;
  logic [16:0] left_q, left_d, left, next_left;
  logic [3:0]  step;
  logic        backwards;
  logic        waiting_q, waiting_d;      // a read is taken and not answered
  logic        can_read, first_read, reads_operand, reads_sum, taken;

  assign can_read      = !waiting_q || memory_rvalid_i;
  assign first_read    = state_q == StLocal && is_map && good_handle;
  assign reads_operand = first_read || (state_q == StGather && left_q != '0 && can_read);
  assign reads_sum     = (state_q == StSumFrom || (state_q == StSumTo && is_value_q)) &&
                         left_q != '0 && can_read;
  assign address       = address_q;
  assign left          = first_read ? {11'd0, key_bytes} : left_q;
  // No region has more than 1 MiB.
  assign next_address  = {address[31:20],
                          address[19:0] + (backwards ? 20'hffffc : {16'd0, step})};
  assign next_left     = left - {13'd0, step};
  assign taken         = memory_valid_o && memory_ready_i;

  // Operands of map helpers, by words of eight bytes. The last word of an operand whose size is no
  // multiple of eight is read together with bytes after it, or before it, that are accessible too;
  // where neither is known, byte by byte.
  localparam logic [1:0] PartAfter = 2'd0, PartBefore = 2'd1, PartBytes = 2'd2;
  logic [63:0] words [16];
  logic [3:0]  word_q, word_d;            // next word to fill
  logic        is_value_q, is_value_d;    // of which operand
  logic [1:0]  key_part_q, value_part_q, part;
  logic        bytes_q, bytes_d;          // reading byte by byte
  logic [63:0] bytes_data_q, bytes_data;
  logic        word_write, is_part;

  // The packet's last eight bytes; it changes long before it is used.
  logic        short_q;
  logic [10:0] after_limit_q;
  always_ff @(posedge clk_i) begin
    short_q       <= data_end_i < 11'd8;
    after_limit_q <= data_end_i - 11'd8;
  end

  assign bytes_data = {memory_rdata_i[7:0], bytes_data_q[63:8]};
  assign is_part    = left[16:3] == '0;

  always_comb begin
    part = PartBytes;
    if (!bytes_q && address[31:28] == 4'd2)
      part = (address[8:0] <= 9'd504) ? PartAfter : PartBefore;
    if (!bytes_q && address[31:28] == 4'd1) begin
      if (!short_q && address[10:0] <= after_limit_q) part = PartAfter;
      else if (address[10:3] > data_meta_i[10:3]) part = PartBefore;
    end
  end

  // Sending.
  logic [3:0]  beat_q, beat_d, total;
  logic [2:0]  key_words;
  logic [3:0]  value_words;
  logic [63:0] word, shifted, fixed;
  logic        last_of_key, last_of_value, odd;
  logic [2:0]  odd_bytes;
  logic [1:0]  odd_part;
  assign value_words = is_update ? 4'((value_bytes + 7'd7) >> 3) : 4'd0;
  always_ff @(posedge clk_i) begin
    key_words <= 3'((key_bytes + 6'd7) >> 3);
    total     <= {1'b0, 3'((key_bytes + 6'd7) >> 3)} + value_words;
  end
  assign word          = words[beat_q];
  assign last_of_key   = beat_q + 4'd1 == {1'b0, key_words};
  assign last_of_value = is_update && beat_q + 4'd1 == total;
  assign odd_bytes     = last_of_key ? key_bytes[2:0] : value_bytes[2:0];
  assign odd_part      = last_of_key ? key_part_q : value_part_q;
  assign odd           = (last_of_key || last_of_value) && odd_bytes != 3'd0;
  assign shifted       = (odd && odd_part != PartAfter) ? word >> {3'd0 - odd_bytes, 3'd0} : word;
  always_comb begin
    fixed = shifted;
    for (int b = 1; b < 8; b++) if (odd && odd_bytes <= 3'(b)) fixed[b*8 +: 8] = '0;
  end

  // csum_diff: ones' complement sum of words of four bytes, its carry one addition late.
  logic [31:0] sum_q, sum_d, sum_operand, sum_result;
  logic [33:0] sum_wide;               // bit 0 only carries carry_q in
  logic        carry_q, carry_d, sum_carry, from_only_q, from_only_d;
  logic [1:0]  chunk_q, chunk;            // log2 of the bytes of the access under way, and the next
  logic [15:0] folded;
  logic [16:0] folded_wide;
  assign sum_wide = {1'b0, sum_q, 1'b1} + {1'b0, sum_operand, carry_q};   // one carry chain
  assign {sum_carry, sum_result} = sum_wide[33:1];
  assign folded_wide = {1'b0, sum_q[31:16]} + {1'b0, sum_q[15:0]};
  assign folded      = folded_wide[15:0] + {15'd0, folded_wide[16]};

  always_comb begin
    sum_operand = '0;
    if (state_q == StSeed) begin
      sum_operand = from_only_q ? '0 : args_a_i[31:0];
    end else if (memory_rvalid_i) begin
      sum_operand[7:0] = memory_rdata_i[7:0];
      if (chunk_q != 2'd0) sum_operand[15:8] = memory_rdata_i[15:8];
      if (chunk_q[1]) sum_operand[31:16] = memory_rdata_i[31:16];
    end
  end

  // The packet's descriptor.
  logic [1:0]  adjust_what;
  logic        adjust_ok;
  logic [63:0] adjust_r0;
  logic [10:0] meta_bytes;
  assign meta_bytes = data_i - data_meta_i;
  always_comb begin
    adjust_what = helper_pkg::AdjustHead;
    if (helper_id_i == helper_pkg::XdpAdjTail) adjust_what = helper_pkg::AdjustTail;
    if (helper_id_i == helper_pkg::XdpAdjMeta) adjust_what = helper_pkg::AdjustMeta;
  end
  packet_adjust u_adjust (
    .clk_i      (clk_i),
    .what_i     (adjust_what),
    .delta_i    (r2_i[31:0]),
    .data_i     (data_i),
    .data_end_i (data_end_i),
    .data_meta_i(data_meta_i),
    .data_o     (data_o),
    .data_end_o (data_end_o),
    .data_meta_o(data_meta_o),
    .ok_o       (adjust_ok),
    .r0_o       (adjust_r0)
  );

  // Random numbers: xorshift, different in each engine.
  logic [31:0] random_q, random_a, random_b, random_d;
  assign random_a = random_q ^ (random_q << 13);
  assign random_b = random_a ^ (random_a >> 17);
  assign random_d = random_b ^ (random_b << 5);

  // Answer of redirect_map and tail_call from a map's entry: see map_entries.
  logic [7:0] entry_ports, ports_q, ports_d;
  logic       redirect_q, redirect_d, entry_used, bad_flags, broadcast;
  assign entry_used = map_r0_i[31:0] != '0;
  assign bad_flags  = args_a_i[63:5] != '0 || args_a_i[2];
  assign broadcast  = args_a_i[helper_pkg::FlagBroadcast];
  always_comb begin
    entry_ports = broadcast ? map_r0_i[47:40] : map_r0_i[39:32];
    if (broadcast && args_a_i[helper_pkg::FlagExcludeIngress])
      entry_ports = entry_ports & ~(8'd1 << port_i);
  end

  logic        done_q, done_d, bad_q, bad_d, tail_q, tail_d, passes;
  logic [2:0]  program_q, program_d;
  logic [63:0] r0_q, r0_d;
  assign passes           = state_q == StAnswer && map_rvalid_i && !is_entry;
  assign done_o           = done_q || passes;
  assign r0_o             = passes ? map_r0_i : r0_q;
  assign bad_helper_o     = bad_q;
  assign tail_call_o      = tail_q;
  assign tail_program_o   = program_q;
  assign redirect_valid_o = redirect_q;
  assign redirect_ports_o = ports_q;

  assign map_id_o    = handle;
  assign map_last_o  = is_entry || beat_q + 4'd1 == total;
  assign map_data_o  = is_redirect_map ? {32'd0, r2_i[31:0]} :
                       is_tail_call ? {32'd0, args_a_i[31:0]} : fixed;
  assign map_flags_o = (args_b_i[63:2] == '0) ? {1'b0, args_b_i[1:0]} : 3'd4;
  always_comb begin
    map_op_o = map_pkg::OpDelete;
    if (is_lookup) map_op_o = map_pkg::OpLookup;
    if (is_update) map_op_o = map_pkg::OpUpdate;
    if (is_entry) map_op_o = map_pkg::OpEntry;
  end

  // The next access: how far it takes the run.
  always_comb begin
    chunk = 2'd2;
    if (left_q[16:2] == '0) chunk = left_q[1] ? 2'd1 : 2'd0;
    if (state_q == StZero && left_q[16:3] != '0) chunk = 2'd3;
    backwards = state_q == StMoveWrite && !r2_i[31];
    step      = 4'd1 << chunk;
    if (reads_operand) step = is_part ? 4'd1 : 4'd8;
    if (state_q == StMoveWrite) step = 4'd4;
  end

  always_comb begin
    memory_valid_o   = reads_operand || reads_sum;
    memory_write_o   = 1'b0;
    memory_address_o = {31'd0, high_q, address};
    memory_size_o    = chunk;
    memory_wdata_o   = '0;
    if (reads_operand) begin
      memory_size_o = 2'd3;
      if (is_part && part == PartBefore)
        memory_address_o[10:0] = address[10:0] - {8'd0, 3'd0 - left[2:0]};
      if (is_part && part == PartBytes) memory_size_o = 2'd0;
    end
    if (state_q == StZero) begin
      memory_valid_o = 1'b1;
      memory_write_o = 1'b1;
    end
    if (state_q == StMoveRead) memory_valid_o = !waiting_q;
    if (state_q == StMoveRead || state_q == StMoveWrite) memory_size_o = 2'd2;
    if (state_q == StMoveWrite) begin
      memory_valid_o         = 1'b1;
      memory_write_o         = 1'b1;
      memory_address_o[10:0] = address_q[10:0] + r2_i[10:0];
      memory_wdata_o         = {32'd0, bytes_data_q[31:0]};
    end
  end

  logic [16:0] clipped_r2, clipped_args;
  assign clipped_r2   = (r2_i[31:16] != '0) ? 17'h1ffff : {1'b0, r2_i[15:0]};
  assign clipped_args = (args_b_i[31:16] != '0) ? 17'h1ffff : {1'b0, args_b_i[15:0]};

  always_comb begin
    state_d     = state_q;
    select_d    = select_q;
    address_d   = address_q;
    left_d      = left_q;
    waiting_d   = waiting_q && !memory_rvalid_i;
    word_d      = word_q;
    is_value_d  = is_value_q;
    bytes_d     = bytes_q;
    beat_d      = beat_q;
    sum_d       = sum_q;
    carry_d     = carry_q;
    from_only_d = from_only_q;
    done_d      = 1'b0;
    bad_d       = bad_q;
    tail_d      = tail_q;
    program_d   = program_q;
    r0_d        = r0_q;
    redirect_d  = redirect_q;
    ports_d     = ports_q;
    word_write  = 1'b0;
    adjust_o    = 1'b0;

    unique case (state_q)
      StIdle: begin
        bad_d      = 1'b0;
        tail_d     = 1'b0;
        select_d   = 1'b0;
        word_d     = '0;
        beat_d     = '0;
        is_value_d = 1'b0;
        bytes_d    = 1'b0;
        waiting_d  = 1'b0;
        carry_d    = 1'b0;
        if (start_i) begin
          state_d   = StLocal;
          address_d = r1_i[31:0];
          if (helper_id_i[31:2] == '0) address_d = r2_i[31:0];
          left_d    = clipped_r2;
        end
      end

      // Everything that needs no map's operands; r1 and r2 are still there.
      StLocal: begin
        state_d = StIdle;
        done_d  = 1'b1;
        unique case (helper_id_i)
          helper_pkg::MapLookup, helper_pkg::MapUpdate, helper_pkg::MapDelete,
          helper_pkg::RedirectMap, helper_pkg::TailCall: begin
            left_d  = {11'd0, key_bytes};
            done_d  = !good_handle;
            bad_d   = !good_handle;
            if (good_handle) state_d = is_tail_call ? StArgs : is_redirect_map ? StSend : StGather;
          end
          helper_pkg::KtimeGetNs:   r0_d = time_ns_i;
          helper_pkg::GetPrandom:   r0_d = {32'd0, random_d};
          helper_pkg::GetProcessor: r0_d = {56'd0, engine_i};
          helper_pkg::Redirect: begin
            r0_d = helper_pkg::XdpAborted;          // no flag is defined
            if (r2_i == '0) begin
              r0_d       = helper_pkg::XdpRedirect;
              redirect_d = 1'b1;
              ports_d    = '0;
              for (int p = 0; p < 8; p++) ports_d[p] = r1_i[31:0] == 32'(p) + 32'd1;
            end
          end
          helper_pkg::XdpAdjHead, helper_pkg::XdpAdjMeta, helper_pkg::XdpAdjTail: begin
            done_d  = 1'b0;
            state_d = StAdjust;
          end
          helper_pkg::CsumDiff: begin
            done_d  = 1'b0;
            state_d = StArgs;
          end
          default: bad_d = 1'b1;
        endcase
      end

      StAdjust: begin
        state_d  = StIdle;
        done_d   = 1'b1;
        r0_d     = adjust_r0;
        adjust_o = adjust_ok;
        if (adjust_ok && helper_id_i == helper_pkg::XdpAdjHead && meta_bytes != '0) begin
          // Metadata moves along, from the end that is not overwritten. A head that moves back is
          // moved first, one that moves forward afterwards: the bytes must be accessible.
          adjust_o  = r2_i[31];
          left_d    = {6'd0, meta_bytes};
          address_d = {4'd1, 17'd0, r2_i[31] ? data_meta_i : data_i - 11'd4};
          done_d    = 1'b0;
          state_d   = StMoveRead;
        end
        if (adjust_ok && helper_id_i == helper_pkg::XdpAdjTail && !r2_i[31] && left_q != '0) begin
          // The kernel zeroes what becomes part of the packet.
          address_d = {4'd1, 17'd0, data_end_i};
          done_d    = 1'b0;
          state_d   = StZero;
        end
      end

      StGather: begin
        if (memory_rvalid_i && waiting_q) begin
          word_write = !bytes_q || left_q == '0;
          if (word_write) begin
            word_d  = word_q + 4'd1;
            bytes_d = 1'b0;
          end
        end
        // All of this operand is here.
        if (left_q == '0 && can_read) begin
          if (is_update && !is_value_q) begin
            if (args_ok) begin
              address_d  = args_a_i[31:0];
              left_d     = {10'd0, value_bytes};
              is_value_d = 1'b1;
            end
          end else begin
            state_d = StSend;
          end
        end
      end

      StSend: begin
        if (map_valid_o && map_ready_i) begin
          beat_d = beat_q + 4'd1;
          if (map_last_o) state_d = StAnswer;
        end
      end

      StAnswer: begin
        if (map_rvalid_i) begin
          state_d = StIdle;
          r0_d    = map_r0_i;
          done_d  = is_entry;
          if (is_redirect_map) begin
            r0_d       = helper_pkg::XdpRedirect;
            redirect_d = 1'b1;
            ports_d    = entry_ports;
            if (bad_flags || (!broadcast && !entry_used)) begin
              r0_d       = bad_flags ? helper_pkg::XdpAborted : {62'd0, args_a_i[1:0]};
              redirect_d = 1'b0;
              ports_d    = '0;
            end
          end
          if (is_tail_call) begin
            r0_d      = '0;
            tail_d    = entry_used;
            program_d = map_r0_i[34:32];
          end
        end
      end

      // The index of tail_call is there; or whether csum_diff has a `to`, and its seed.
      StArgs: begin
        if (args_ok && is_tail_call) state_d = StSend;
        if (args_ok && !is_tail_call && !select_q) begin
          from_only_d = r2_i[31:0] != '0 && args_b_i[31:0] == '0;
          select_d    = 1'b1;
        end
        if (args_ok && !is_tail_call && select_q) begin
          sum_d   = from_only_q ? ~args_a_i[31:0] : '0;
          state_d = StSumFrom;
        end
      end

      // seed + sum(to) - sum(from); which of the two zeros comes out is the kernel's choice too:
      // ~(~seed + from) if there is no `to`.
      StSumFrom: begin
        sum_d   = sum_result;
        carry_d = sum_carry;
        if (left_q == '0 && !waiting_q && !carry_q) begin
          sum_d   = (r2_i[31:0] == '0) ? '0 : ~sum_q;
          state_d = StSeed;
        end
      end

      StSeed: begin
        sum_d    = sum_result;
        carry_d  = sum_carry;
        select_d = 1'b0;
        state_d  = StSumTo;
      end

      StSumTo: begin
        sum_d   = sum_result;
        carry_d = sum_carry;
        if (args_ok && !is_value_q) begin
          address_d  = args_a_i[31:0];
          left_d     = clipped_args;
          is_value_d = 1'b1;
        end
        if (is_value_q && left_q == '0 && !waiting_q && !carry_q) state_d = StSumEnd;
      end

      StSumEnd: begin
        state_d = StIdle;
        done_d  = 1'b1;
        r0_d    = {48'd0, folded};
      end

      StZero: begin
        if (memory_ready_i && left_q == {13'd0, step}) begin
          state_d = StIdle;
          done_d  = 1'b1;
        end
      end

      StMoveRead: begin
        if (memory_ready_i && !waiting_q) waiting_d = 1'b1;
        if (memory_rvalid_i && waiting_q) state_d = StMoveWrite;
      end

      StMoveWrite: begin
        if (memory_ready_i) begin
          state_d = StMoveRead;
          if (left_q == 17'd4) begin
            state_d  = StIdle;
            done_d   = 1'b1;
            adjust_o = !r2_i[31];
          end
        end
      end

      default: state_d = StIdle;
    endcase

    if (memory_ready_i && (reads_operand || reads_sum)) waiting_d = 1'b1;
    if (memory_ready_i && (reads_operand || reads_sum || state_q == StZero ||
                           state_q == StMoveWrite)) begin
      address_d = next_address;
      left_d    = next_left;
    end
    if (memory_ready_i && reads_operand && is_part) begin
      if (part == PartBytes) bytes_d = 1'b1;
      else left_d = '0;
    end

    if (clear_i) begin
      state_d    = StIdle;
      done_d     = 1'b0;
      redirect_d = 1'b0;
      ports_d    = '0;
    end
  end

  assign map_valid_o = state_q == StSend && (!is_update || args_ok);

  always_ff @(posedge clk_i) begin
    if (word_write) words[word_q] <= bytes_q ? bytes_data : memory_rdata_i;
    if (memory_rvalid_i) bytes_data_q <= bytes_q ? bytes_data : memory_rdata_i;
    if (taken) chunk_q <= chunk;
    if (reads_operand && is_part && is_value_q) value_part_q <= part;
    if (reads_operand && is_part && !is_value_q) key_part_q <= part;
    if (start_i) high_q <= (helper_id_i[31:2] == '0 ? r2_i[63:32] : r1_i[63:32]) != '0;
    if (is_value_d && !is_value_q) high_q <= args_a_i[63:32] != '0;
    if (state_q == StAdjust) high_q <= 1'b0;
    sum_q        <= sum_d;
    carry_q      <= carry_d;
    from_only_q  <= from_only_d;
    address_q    <= address_d;
    left_q       <= left_d;
    word_q       <= word_d;
    is_value_q   <= is_value_d;
    bytes_q      <= bytes_d;
    beat_q       <= beat_d;
    program_q    <= program_d;
    r0_q         <= r0_d;
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      state_q    <= StIdle;
      age_q      <= '0;
      select_q   <= 1'b0;
      waiting_q  <= 1'b0;
      done_q     <= 1'b0;
      bad_q      <= 1'b0;
      tail_q     <= 1'b0;
      redirect_q <= 1'b0;
      ports_q    <= '0;
      random_q   <= 32'h2545f491;
    end else begin
      state_q    <= state_d;
      age_q      <= (start_i || select_d != select_q) ? 2'd1 : args_ok ? 2'd2 : age_q + 2'd1;
      select_q   <= select_d;
      waiting_q  <= waiting_d;
      done_q     <= done_d;
      bad_q      <= bad_d;
      tail_q     <= tail_d;
      redirect_q <= redirect_d;
      ports_q    <= ports_d;
      if (state_q == StLocal && helper_id_i == helper_pkg::GetPrandom)
        random_q <= random_d ^ {24'd0, engine_i};
    end
  end
endmodule
