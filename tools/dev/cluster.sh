# shellcheck shell=bash
# cluster up|install|kubectl|helm|url|curl|run|node|status|down …: a real Kubernetes cluster on this machine, with the platform on it.
#
#   ./dev cluster up [--nodes N]        start a control plane and N nodes (default: 1), which run real pods
#   ./dev cluster install [HELM ARGS]   build images and load them into the nodes, install or upgrade the chart
#   ./dev cluster kubectl ARGS          kubectl as the administrator
#   ./dev cluster helm ARGS             helm likewise
#   ./dev cluster url                   print the gateway's address, which the cluster's nodes can reach
#   ./dev cluster curl PATH|ARGS        curl from a node: curl /function/hello -d Ada
#   ./dev cluster run COMMAND           any command from a node, kubectl and helm in its PATH
#   ./dev cluster load IMAGE…           load images of deploy/images into the nodes, without the chart
#   ./dev cluster node stop|start N     cut the power of a node, and switch it on again
#   ./dev cluster status                what runs; exit code 1 unless all does
#   ./dev cluster check                 say why no cluster can run on this machine; exit code 1 then
#   ./dev cluster down                  end and remove all of it
#
# Needs root. Kubernetes is built from Go modules the first time (about 8 minutes on 2 cores) and kept in ~/.cache/faisca.
# FAISCA_CLUSTER names a cluster beside the usual one.

case ${1:-} in
  up) need_packages cluster ;;
  install) "$DEV_ROOT/dev" images ;;
esac
exec "$DEV_ROOT/tools/cluster/cluster" "$@"
