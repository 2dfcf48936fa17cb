# Runs one block of a page: bash block.bash STATE BLOCK FAILED
#
# Variables, functions and the folder are as the block before left them (STATE, written again at the end, whatever the
# end is). FAILED gets the line and the command at which it failed. BLOCK has the lines of the page's numbers.
__state=$1 __block=$2 __failed=$3
set --
# shellcheck source=/dev/null
if [ -f "$__state" ]; then source "$__state"; fi

__keep() {
  local __code=$? __name
  trap - ERR EXIT
  set +eu
  {
    printf 'cd %q\n' "$PWD"
    for __name in $(compgen -v); do
      case $__name in
        __* | _ | BASH* | COMP_* | DIRSTACK | EPOCH* | FUNCNAME | GROUPS | HISTCMD | LINENO | OPT* | PIPESTATUS) continue ;;
        PPID | RANDOM | SECONDS | SHELLOPTS | SRANDOM | UID | EUID) continue ;;
      esac
      declare -p -- "$__name" 2>/dev/null
    done
    declare -f | sed '/^__keep ()/,/^}/d'
  } >"$__state.new"
  mv "$__state.new" "$__state"
  exit "$__code"
}
trap __keep EXIT
trap 'echo "$LINENO $BASH_COMMAND" >"$__failed"' ERR
set -Eeuo pipefail
# shellcheck source=/dev/null
source "$__block"
