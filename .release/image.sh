#!/bin/sh
# Makes an image from scratch of a binary, without a daemon: an OCI archive that holds the binary and the certificates that it
# trusts, and nothing else. It says what cmd/libdrives-conformance/Dockerfile says. GoReleaser calls it after each build:
#
#   .release/image.sh BINARY ARCHITECTURE VERSION COMMIT DATE ARCHIVE
#
# Every time in it is that of the commit, so that it is made again byte for byte.
set -eu
binary=$1 architecture=$2 version=$3 commit=$4 date=$5 archive=$6
SOURCE_DATE_EPOCH=$(date -u -d "$date" +%s)
export SOURCE_DATE_EPOCH

umoci() { ${GO:-go} run -modfile=.release/umoci.mod github.com/opencontainers/umoci/cmd/umoci "$@"; }

# pack adds files of a folder to an archive: in order, of one time and one owner, with the names of nobody on this machine.
pack() {
	tar --append --file "$1" --directory "$2" --sort=name --format=gnu --mtime="@$SOURCE_DATE_EPOCH" --numeric-owner --mode=u=rwX,go=rX \
		--owner="$3" --group="$3" "$4"
}

# GoReleaser makes the images of both architectures at the same time.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

umask 022
mkdir -p "$work/root/etc/ssl/certs" "$work/root/work"
install -m 0755 "$binary" "$work/root/libdrives-conformance"
install -m 0644 bin/packaging/ca-certificates.crt "$work/root/etc/ssl/certs/ca-certificates.crt"
pack "$work/layer.tar" "$work/root" 0 etc
pack "$work/layer.tar" "$work/root" 0 libdrives-conformance
pack "$work/layer.tar" "$work/root" 65532 work

umoci init --layout "$work/image"
umoci new --image "$work/image:$version"
umoci raw add-layer --image "$work/image:$version" --history.created_by 'COPY' "$work/layer.tar"
umoci config --image "$work/image:$version" --no-history --created "$date" --os linux --architecture "$architecture" \
	--config.user 65532:65532 \
	--config.workingdir /work \
	--config.env HOME=/work \
	--config.entrypoint /libdrives-conformance \
	--config.label org.opencontainers.image.title=libdrives-conformance \
	--config.label 'org.opencontainers.image.description=Judges endpoints of the drives library API' \
	--config.label org.opencontainers.image.source=https://github.com/libdrives/conformance \
	--config.label org.opencontainers.image.licenses=Apache-2.0 \
	--config.label "org.opencontainers.image.version=$version" \
	--config.label "org.opencontainers.image.revision=$commit" \
	--config.label "org.opencontainers.image.created=$date"
umoci gc --layout "$work/image"

rm -f "$archive"
mkdir -p "$(dirname "$archive")"
for part in blobs index.json oci-layout; do pack "$archive" "$work/image" 0 "$part"; done
