# shellcheck shell=bash
# images [NAME…]: build the container images of deploy/images into build/images, without a registry.
#
# Each becomes an OCI archive build/images/NAME.tar for `ctr images import`, `docker load`, `kind load` or `skopeo copy`. What has
# not changed is not built again.

need_packages cluster
images=$DEV_ROOT/tools/cluster/images
programs=$("$images" --list-programs "$@")
mapfile -t programs <<<"$programs"
[[ -n ${programs[0]} ]] && build_preset release "${programs[@]}"
"$images" "$@"
say "Images: build/images/*.tar"
