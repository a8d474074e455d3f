// Types and sizes inside the map unit. Design: docs/design/0018-map-unit.md.
//
// Every entry of a HASH, LRU_HASH or LPM_TRIE is a slot: its key is in the key memory under the
// slot's number, its value in the data region at values + (slot - base) * stride. A bucket of the
// index names up to eight slots by a tag of their hash; what does not fit hangs on the bucket's
// list, linked through the slots themselves, so that a map takes keys until its slots are used up.
package map_unit_pkg;
  localparam int SlotWidth   = 13;          // slots of all maps together: 8,192
  localparam int BucketWidth = 11;
  localparam int TagWidth    = 13;
  localparam int HashWidth   = BucketWidth + TagWidth;
  localparam int Ways        = 8;
  localparam int Slots       = 1 << SlotWidth;
  localparam int Buckets     = 1 << BucketWidth;

  localparam int Maps        = 64;
  localparam int EntryWidth  = 10;          // entries of all DEVMAPs and PROG_ARRAYs: 1,024

  // Transactions: eight for each port; port 4 is the host and the sweeper.
  localparam int PortCount   = 5;
  localparam int HostPort    = 4;
  localparam int PerPort     = 8;
  localparam int TxnCount    = PortCount * PerPort;
  localparam int TxnWidth    = 6;           // {port, index}

  localparam int LruReserve  = 16;          // slots of an LRU map past max_entries, see map_sweeper
  localparam int StampWidth  = 20;

  // LPM_TRIE: lengths are handled in windows of 32 bits; seven cover the 28 bytes of a prefix.
  localparam int Windows     = 7;
  localparam int FilterWidth = 12;          // 4,096 counters for each of a window's lengths

  // Operations besides map_pkg::Op*, asked by the host's port only.
  localparam logic [2:0] OpSlot = 3'd4;     // reads slot key[12:0]: its key, and whether it is used

  typedef struct packed {
    logic [4:0]  kind;                      // map_pkg::Type*, 0: no map
    logic [5:0]  key_bytes;
    logic [6:0]  value_bytes;
    logic [16:0] max_entries;
    logic [23:0] values;                    // data region's offset of the first entry's value
    logic [12:0] base;                      // first slot, or first entry of DEVMAP and PROG_ARRAY
  } descriptor_t;

  // What a transaction remembers from one pass through the pipeline to the next.
  typedef struct packed {
    logic        need_lock;                 // a lookup that one unlocked pass could not answer
    logic        node;                      // this pass looks at slot cur, not at the bucket's row
    logic [7:0]  tried;                     // ways of the row whose keys differ
    logic        free_valid;                // the row has a free way
    logic [2:0]  free_way;
    logic        head_valid;                // the bucket's list
    logic [12:0] head;
    logic        prev_valid;                // list: slot before cur
    logic [12:0] prev;
    logic [12:0] cur;
    logic        exact;                     // LPM_TRIE: only length cap, else the longest up to cap
    logic [7:0]  cap;
    logic [2:0]  window;
  } state_t;

  // An operation on its way through the pipeline.
  typedef struct packed {
    logic                   valid;
    logic [TxnWidth-1:0]    txn;
    logic [2:0]             engine;         // of the port that txn names
    logic [2:0]             op;
    logic [2:0]             flags;
    logic [5:0]             id;
    logic [4:0]             kind;
    logic                   direct;         // ARRAY: slot is known, no index
    logic                   bad_key;        // index or prefix length out of range
    logic [HashWidth-1:0]   hash;
    logic                   no_candidate;   // LPM_TRIE: no length of this window can match
    logic [7:0]             length;         // LPM_TRIE: of the prefix looked for
    logic [3:0]             count;          // LPM_TRIE: filter counter of an exact length
    logic [SlotWidth+3:0]   slot;           // direct: entry number
    state_t                 state;
  } op_t;

  // An operation that has seen all it needs: what is left is to change something and to answer.
  typedef struct packed {
    logic                   valid;
    logic                   release_lock;
    logic                   again;          // a lookup that goes on without the lock
    logic [TxnWidth-1:0]    txn;
    logic [2:0]             engine;
    logic [2:0]             op;
    logic [2:0]             flags;
    logic [5:0]             id;
    logic [4:0]             kind;
    logic                   direct;
    logic                   bad_key;
    logic                   found;
    logic                   node;           // found on the list, else in way
    logic [2:0]             way;
    logic [SlotWidth+3:0]   slot;
    logic [HashWidth-1:0]   hash;
    logic [7:0]             length;
    logic [3:0]             count;
    logic                   next_valid;     // node: the slot behind it
    logic [SlotWidth-1:0]   next;
    logic [31:0]            r0;             // lookups that end here
    state_t                 state;
  } commit_t;

  // How an operation ends.
  localparam logic [3:0] EndOk      = 4'd0;
  localparam logic [3:0] EndNoEntry = 4'd1;   // -ENOENT
  localparam logic [3:0] EndTooBig  = 4'd2;   // -E2BIG
  localparam logic [3:0] EndExists  = 4'd3;   // -EEXIST
  localparam logic [3:0] EndInvalid = 4'd4;   // -EINVAL
  localparam logic [3:0] EndNoSpace = 4'd5;   // -ENOSPC
  localparam logic [3:0] EndLookup  = 4'd6;   // r0 is a pointer
  localparam logic [3:0] EndAgain   = 4'd7;   // LRU_HASH: wait for the sweeper

  function automatic logic is_mutator(input logic [2:0] op);
    is_mutator = op == map_pkg::OpUpdate || op == map_pkg::OpDelete;
  endfunction

  // Fixed random numbers for linear hashes: rows of a matrix, one for each bit of a prefix.
  function automatic logic [HashWidth-1:0] matrix_row(input int index);
    logic [31:0] x;
    x = 32'h9e3779b9 ^ (32'(index) * 32'h85ebca6b);
    x = (x ^ (x >> 16)) * 32'h7feb352d;
    x = (x ^ (x >> 15)) * 32'h846ca68b;
    x = x ^ (x >> 16);
    matrix_row = x[31 -: HashWidth];
  endfunction
endpackage
