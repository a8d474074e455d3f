# shellcheck shell=bash
# help: list the commands.

echo "usage: ./dev COMMAND [ARGUMENTS]"
echo
for file in "$DEV_ROOT"/tools/dev/*.sh; do
  name=$(basename "$file" .sh)
  [[ $name == lib ]] && continue
  printf '  %-8s %s\n' "$name" "$(command_help "$file" | sed -n '1s/^[^:]*: //p')"
done
echo
echo "./dev COMMAND --help tells more. Needed packages and their reasons: tools/dev/packages.txt"
