#!/bin/sh
# Greets whoever the body names.
read -r name
echo "Hello, $name"
