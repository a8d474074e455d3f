# Fills $OUT. The syntax is checked here, so that a mistake shows before the first request.
# shellcheck shell=sh
python3 -c 'import ast, sys; ast.parse(open(sys.argv[1]).read(), sys.argv[1])' handler.py
cp handler.py "$OUT/"
[ ! -f requirements.txt ] || python3 -m pip install --quiet --target "$OUT" -r requirements.txt
