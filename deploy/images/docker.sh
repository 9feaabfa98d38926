#!/bin/bash
# Docker Engine and Compose on a clean Debian, without an init system: installs what is missing, and starts the engine
# if none answers. Root only. A running engine is left alone; a second call does no harm.
set -euo pipefail
# Compose v2 as a plugin came with trixie; it is one static program, so it runs on older releases too.
compose=docker-compose_2.26.1-4_amd64.deb
compose_sha256=47681197cb2b1ab88206b42a1a92fc75f50d9530a6322d03494a473eed0408ea
log=/var/log/dockerd.log

fail() {
  echo "docker.sh: $1" >&2
  exit 1
}

case ${1:-} in
  '') ;;
  -h | --help)
    echo "deploy/images/docker.sh"
    echo
    echo "Installs Docker Engine (Debian's docker.io) and the Compose plugin where they are missing, and starts the engine"
    echo "if none answers. Needs root, Debian on amd64, and a kernel that lets it make networks. Its log: $log."
    exit 0
    ;;
  *) fail "There is no option $1; --help tells what this does." ;;
esac

[[ $(id -u) == 0 ]] || fail "Run as root: installing and starting an engine needs it."

if ! command -v docker >/dev/null || { ! docker info >/dev/null 2>&1 && ! command -v dockerd >/dev/null; }; then
  echo "docker.sh: installing docker.io"
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq
  apt-get install -y -qq --no-install-recommends docker.io iptables >/dev/null || fail "apt-get could not install docker.io."
fi

if ! docker compose version >/dev/null 2>&1; then
  echo "docker.sh: installing the Compose plugin"
  # Where this machine's own apt gets Debian from, unless told otherwise.
  mirror=${ELLEVE_DEBIAN_MIRROR:-$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Label: Debian' 2>/dev/null | sed -n 1p || true)}
  mirror=${mirror%/}
  [[ $mirror ]] || fail "apt knows no Debian mirror here; run apt-get update, or name one in ELLEVE_DEBIAN_MIRROR."
  folder=$(mktemp -d)
  trap 'rm -rf "$folder"' EXIT
  curl -fsSL -o "$folder/compose.deb" "$mirror/pool/main/d/docker-compose/$compose" || fail "$compose could not be fetched from $mirror."
  echo "$compose_sha256  $folder/compose.deb" | sha256sum --check --quiet || fail "$compose is not the file it should be."
  dpkg -x "$folder/compose.deb" "$folder"
  install -D -m 0755 "$folder/usr/libexec/docker/cli-plugins/docker-compose" /usr/local/lib/docker/cli-plugins/docker-compose
fi

if ! docker info >/dev/null 2>&1; then
  echo "docker.sh: starting dockerd"
  setsid dockerd >"$log" 2>&1 </dev/null &
  engine=$!
  for ((i = 0; i < 120; i++)); do
    docker info >/dev/null 2>&1 && break
    kill -0 "$engine" 2>/dev/null || fail "dockerd ended: $(tail -n 1 "$log")"
    sleep 0.5
  done
  docker info >/dev/null 2>&1 || fail "dockerd did not answer within a minute; its log is $log."
fi
echo "docker.sh: Engine $(docker version --format '{{.Server.Version}}'), Compose $(docker compose version --short)"
