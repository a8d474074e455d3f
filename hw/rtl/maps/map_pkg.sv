// What engines and the shared map unit say to each other. Contract: hw/rtl/maps/README.md.
package map_pkg;
  // Operations on maps, in the first beat of a request.
  localparam logic [2:0] OpLookup  = 3'd0;
  localparam logic [2:0] OpUpdate  = 3'd1;
  localparam logic [2:0] OpDelete  = 3'd2;
  localparam logic [2:0] OpEntry   = 3'd3;  // entry of a DEVMAP or PROG_ARRAY, not a pointer

  // Operations on the data region.
  localparam logic [3:0] DataLoad            = 4'd0;
  localparam logic [3:0] DataStore           = 4'd1;
  localparam logic [3:0] DataAdd             = 4'd2;  // atomics; bit 3: the old value is wanted
  localparam logic [3:0] DataOr              = 4'd3;
  localparam logic [3:0] DataAnd             = 4'd4;
  localparam logic [3:0] DataXor             = 4'd5;
  localparam logic [3:0] DataFetchAdd        = 4'd10;
  localparam logic [3:0] DataFetchOr         = 4'd11;
  localparam logic [3:0] DataFetchAnd        = 4'd12;
  localparam logic [3:0] DataFetchXor        = 4'd13;
  localparam logic [3:0] DataExchange        = 4'd14;
  localparam logic [3:0] DataCompareExchange = 4'd15;

  // Numbers of enum bpf_map_type in linux/bpf.h.
  localparam logic [4:0] TypeHash        = 5'd1;
  localparam logic [4:0] TypeArray       = 5'd2;
  localparam logic [4:0] TypeProgArray   = 5'd3;
  localparam logic [4:0] TypePercpuArray = 5'd6;
  localparam logic [4:0] TypeLruHash     = 5'd9;
  localparam logic [4:0] TypeLpmTrie     = 5'd11;
  localparam logic [4:0] TypeDevmap      = 5'd14;

  localparam int MapIdWidth = 6;            // map handles 1 to 63; 0 is no map
  localparam int MaxKeyBytes = 32;
  localparam int MaxValueBytes = 64;
endpackage
