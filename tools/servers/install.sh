#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Gets a server of any Debian suite without touching the machine's own packages: a private apt downloads and verifies
# the packages, which are unpacked into a folder; a wrapper beside each program runs it with that folder's loader and
# libraries. Sourced by tools/servers.sh.

keyring=/usr/share/keyrings/debian-archive-keyring.gpg

# The packages a server depends on are unpacked only if they are libraries, and not these: they serve maintainer scripts
# or the LLVM just-in-time compiler (PostgreSQL is started with jit=off).
unneeded='^(libperl5|libllvm|libclang|lib.*-perl$|libsystemd-shared|libdebconfclient)'

debian_suites='^(bullseye|bookworm|trixie|forky|sid|(old)*stable|testing|unstable)$'

# The mirror that this machine's own apt uses for Debian itself; apt need not have fetched its lists.
debian_mirror() {
  if [ -n "${DEBIAN_MIRROR:-}" ]; then
    echo "$DEBIAN_MIRROR"
    return
  fi
  # shellcheck disable=SC2016  # apt-get's placeholders, not the shell's
  apt-get --no-release-info indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' |
    awk -v suites="$debian_suites" '$3 == "main" && $2 ~ suites && !found { print $1; found = 1 }'
}

# Prints the path of an apt.conf under which apt knows only this suite and no installed package, so that it lists whole
# closures; its package lists are fetched again when they are half a day old.
private_apt() {
  local suite=$1 folder=$MATRIX_HOME/apt/$1 mirror
  if [ ! -f "$folder/apt.conf" ]; then
    mirror=$(debian_mirror)
    [ -n "$mirror" ] || die "apt's configuration names no Debian mirror; set DEBIAN_MIRROR"
    [ -f "$keyring" ] || die "$keyring is missing; install the package debian-archive-keyring"
    mkdir -p "$folder"/state/lists/partial "$folder"/cache/archives/partial "$folder"/empty
    : >"$folder/status"
    echo "deb [signed-by=$keyring] $mirror $suite main" >"$folder/sources.list"
    {
      # How the machine reaches the network (proxies, retries) holds for us as well.
      apt-config dump | grep -E '^Acquire::(http|https|Retries|Check-Date)' || true
      cat <<X
Dir::State "$folder/state";
Dir::State::status "$folder/status";
Dir::Cache "$folder/cache";
Dir::Cache::srcpkgcache "";
Dir::Etc::sourcelist "$folder/sources.list";
Dir::Etc::sourceparts "$folder/empty";
Dir::Etc::parts "$folder/empty";
Dir::Etc::main "$folder/empty/none";
Dir::Etc::preferences "$folder/empty/none";
Dir::Etc::preferencesparts "$folder/empty";
APT::Architecture "$(dpkg --print-architecture)";
APT::Architectures { "$(dpkg --print-architecture)"; };
APT::Install-Recommends "false";
APT::Sandbox::User "";
Acquire::Languages "none";
Acquire::GzipIndexes "true";
Acquire::Check-Valid-Until "false";
X
    } >"$folder/apt.conf.new"
    mv "$folder/apt.conf.new" "$folder/apt.conf"
  fi
  if [ ! -f "$folder/updated" ] || [ -n "$(find "$folder/updated" -mmin +720)" ]; then
    APT_CONFIG=$folder/apt.conf apt-get -qq update >&2 || die "apt cannot read the suite $suite; set DEBIAN_MIRROR"
    touch "$folder/updated"
  fi
  echo "$folder/apt.conf"
}

# Installs a server unless it is there. Any number of these may run at once.
install_server() {
  look_up "$1"
  [ -f "$root/.ready" ] && return
  mkdir -p "$MATRIX_HOME/locks"
  (
    flock 9
    [ -f "$root/.ready" ] && exit 0
    echo "installing $1 from Debian's suite $suite" >&2
    download_and_unpack "$1"
    write_wrappers
    touch "$root/.ready"
  ) 9>"$MATRIX_HOME/locks/$1"
}

download_and_unpack() {
  local name=$1 conf package debs=$MATRIX_HOME/debs/$1 wanted=()
  # One suite's lists serve several servers: one process at a time reads or refreshes them.
  exec 8>"$MATRIX_HOME/locks/suite-$suite"
  flock 8
  conf=$(private_apt "$suite") || exit 1
  # shellcheck disable=SC2086  # a list of packages
  for package in $(APT_CONFIG=$conf apt-get -s install $packages | awk '/^Inst /{print $2}'); do
    case " $packages " in
      *" $package "*) wanted+=("$package") ;;
      *) [[ $package == lib* && ! $package =~ $unneeded ]] && wanted+=("$package") ;;
    esac
  done
  [ ${#wanted[@]} -gt 0 ] || die "the suite $suite has no $packages"
  rm -rf "$debs"
  mkdir -p "$debs"
  # apt compares each package with the hash in the signed lists.
  (cd "$debs" && APT_CONFIG=$conf apt-get -qq download "${wanted[@]}" >&2)
  exec 8>&-
  rm -rf "$root" "$root.new"
  mkdir -p "$root.new"
  for package in "$debs"/*.deb; do
    basename "$package" >>"$root.new/.manifest"
    dpkg-deb --fsys-tarfile "$package" | tar -x -C "$root.new" --no-same-owner --keep-directory-symlink \
      --exclude='./usr/share/doc' --exclude='./usr/share/man' --exclude='./usr/share/locale' \
      --exclude='./usr/share/i18n' --exclude='./usr/share/mysql-test' --exclude='*/gconv'
  done
  rm -rf "$debs"
  mv "$root.new" "$root"
}

# Prints the path of a file of one more package of a server's suite, which is not unpacked beside it: plugins that only
# a server's own tests load.
further_file() {
  local package=$2 file=$3 folder conf
  look_up "$1"
  folder=$MATRIX_HOME/further/$1/$package
  mkdir -p "$MATRIX_HOME/locks"
  (
    flock 9
    [ -f "$folder/$file" ] && exit 0
    exec 8>"$MATRIX_HOME/locks/suite-$suite"
    flock 8
    conf=$(private_apt "$suite") || exit 1
    rm -rf "$folder" "$folder.new"
    mkdir -p "$folder.new"
    (cd "$folder.new" && APT_CONFIG=$conf apt-get -qq download "$package" >&2)
    dpkg-deb --fsys-tarfile "$folder.new"/*.deb | tar -x -C "$folder.new" --no-same-owner "./$file"
    rm -f "$folder.new"/*.deb
    mv "$folder.new" "$folder"
  ) 9>"$MATRIX_HOME/locks/further-$1-$package"
  echo "$folder/$file"
}

# Program X becomes X.elf, and X a wrapper. argv[0] stays X where the loader can do that (glibc 2.33 and later), because
# PostgreSQL finds its folders from it; before that it is X.elf, which lies in the same folder.
write_wrappers() {
  local loader libraries='' folder program argument=''
  loader=$(find "$root"/lib*/ "$root"/usr/lib*/ -type f \( -name 'ld-linux-*.so.*' -o -name 'ld-2.*.so' \) \
    -print -quit 2>/dev/null) || true
  for folder in "$root"/lib/*-linux-gnu "$root"/usr/lib/*-linux-gnu "$root"/usr/lib; do
    [ -d "$folder" ] && libraries=$libraries:$folder
  done
  # shellcheck disable=SC2016  # the wrapper's $0
  [ -n "$loader" ] && "$loader" --help 2>/dev/null | grep -q -- --argv0 && argument='--argv0 "$0"'
  for folder in $bins; do
    for program in "$root/$folder"/*; do
      [ -f "$program" ] && [ ! -L "$program" ] || continue
      LC_ALL=C head -c4 "$program" | grep -qa ELF || continue
      LC_ALL=C grep -qa '/ld-linux-' "$program" || continue # static programs stay as they are
      mv "$program" "$program.elf"
      # shellcheck disable=SC2016
      printf '#!/bin/sh\nexec "%s" %s --library-path "%s" "%s" "$@"\n' \
        "$loader" "$argument" "${libraries#:}" "$program.elf" >"$program"
      chmod 755 "$program"
      "$loader" --library-path "${libraries#:}" --list "$program.elf" | grep 'not found' >&2 || true
    done
  done
}
