// Helpers that the device has, by their numbers in linux/bpf.h.
package helper_pkg;
  localparam logic [31:0] MapLookup    = 32'd1;
  localparam logic [31:0] MapUpdate    = 32'd2;
  localparam logic [31:0] MapDelete    = 32'd3;
  localparam logic [31:0] KtimeGetNs   = 32'd5;
  localparam logic [31:0] GetPrandom   = 32'd7;
  localparam logic [31:0] GetProcessor = 32'd8;
  localparam logic [31:0] TailCall     = 32'd12;
  localparam logic [31:0] Redirect     = 32'd23;
  localparam logic [31:0] CsumDiff     = 32'd28;
  localparam logic [31:0] XdpAdjHead   = 32'd44;
  localparam logic [31:0] RedirectMap  = 32'd51;
  localparam logic [31:0] XdpAdjMeta   = 32'd54;
  localparam logic [31:0] XdpAdjTail   = 32'd65;

  localparam logic [1:0] AdjustHead = 2'd0;
  localparam logic [1:0] AdjustTail = 2'd1;
  localparam logic [1:0] AdjustMeta = 2'd2;

  localparam logic [63:0] XdpAborted  = 64'd0;
  localparam logic [63:0] XdpRedirect = 64'd4;

  // Flags of bpf_redirect_map for a DEVMAP; bits 1:0 are the verdict when the entry is empty.
  localparam int FlagBroadcast      = 3;
  localparam int FlagExcludeIngress = 4;
endpackage
