#!/usr/bin/env bash
# The body of the request is stdin, the body of the answer is stdout. Exit with another code than 0 to answer 500.
set -euo pipefail

name=$(cat)
printf 'Hello, %s!\n' "$name"
