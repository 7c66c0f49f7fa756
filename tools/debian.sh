#!/bin/sh
# debian.sh COMMAND PACKAGE...: makes sure that COMMAND is there. As root it installs the Debian PACKAGEs that bring it,
# else it names the command that does and fails.
set -eu
command=$1
shift
if command -v "$command" >/dev/null 2>&1; then
    exit 0
fi
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing Debian's $*, for the tests" >&2
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@"; } >&2
    exit 0
fi
echo "The tests need $command. Install it and try again:" >&2
echo "    sudo apt-get install $*" >&2
exit 1
