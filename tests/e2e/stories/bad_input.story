# Input that is wrong gets an error with a hint, exit code 5, and changes nothing.
NAME text that is no YAML
FILE f.yaml
  apiVersion: [
RUN faisca deploy -f f.yaml
EXPECT 5
  error: …line…
  …

NAME an unknown field, with the nearest known one
FILE f.yaml
  apiVersion: faisca.dev/v1alpha1
  kind: Function
  metadata: {name: typo}
  spec:
    handler: {comand: [/bin/cat]}
RUN faisca deploy -f f.yaml
EXPECT 5
  error: …comand…
  hint: …command…

NAME a name that is too long
RUN name=$(printf 'a%.0s' $(seq 64)); printf 'apiVersion: faisca.dev/v1alpha1\nkind: Function\nmetadata: {name: %s}\nspec: {handler: {command: [/bin/cat]}}\n' $name | faisca deploy -f -
EXPECT 5
  error: …metadata.name…
  hint: …63…

NAME a name that is no DNS label
FILE f.yaml
  apiVersion: faisca.dev/v1alpha1
  kind: Function
  metadata: {name: Not_A_Label}
  spec: {handler: {command: [/bin/cat]}}
RUN faisca deploy -f f.yaml
EXPECT 5
  error: …Not_A_Label…
  hint: …

NAME a handler that does not exist
FILE f.yaml
  apiVersion: faisca.dev/v1alpha1
  kind: Function
  metadata: {name: ghost}
  spec: {handler: {command: [/no/such/program]}}
RUN faisca deploy -f f.yaml
EXPECT 5
  error: …/no/such/program…
  …
RUN faisca list -o json
EXPECT
  []

NAME a function that is there already, created again
FILE f.yaml
  apiVersion: faisca.dev/v1alpha1
  kind: Function
  metadata: {name: twice}
  spec: {handler: {command: [/bin/cat]}}
RUN faisca deploy -f f.yaml
EXPECT
  deployed twice
  …
RUN curl -sS -o answer -w '%{http_code}\n' -H 'Content-Type: application/yaml' --data-binary @f.yaml $FAISCA_GATEWAY/system/functions; grep -c twice answer
EXPECT
  409
  1
RUN faisca remove twice
EXPECT
  …

NAME a wrong word on the command line
RUN faisca lisst
EXPECT 2
  error: …
  hint: did you mean "list"? faisca --help

NAME a gateway that is not there
RUN FAISCA_GATEWAY=http://127.0.0.1:1 faisca list
EXPECT 4
  error: …127.0.0.1:1…
  hint: …

NAME a file that is not there
RUN faisca deploy -f nothing.yaml
EXPECT 3
  error: …nothing.yaml…
  …
