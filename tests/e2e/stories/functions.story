# The life of a function, as the command line shows it.
NAME a function is deployed, called, listed, described and removed
FILE shout.yaml
  apiVersion: faisca.dev/v1alpha1
  kind: Function
  metadata: {name: shout}
  spec:
    source:
      runtime: bash
      inline: |
        tr a-z A-Z
RUN faisca deploy -f shout.yaml
EXPECT
  …
RUN faisca invoke shout -d hello
EXPECT
  HELLO
RUN printf hello | faisca invoke shout
EXPECT
  HELLO
RUN faisca list
EXPECT
  …
  shout …
  …
RUN faisca list -o json | python3 -c 'import json, sys; print([f["name"] for f in json.load(sys.stdin)])'
EXPECT
  ['shout']
RUN faisca describe shout
EXPECT
  …
RUN faisca remove shout
EXPECT
  …
RUN faisca invoke shout -d hello
EXPECT 3
  error: …shout…
  …

NAME replicas are scaled and serve
FILE counted.yaml
  apiVersion: faisca.dev/v1alpha1
  kind: Function
  metadata: {name: counted}
  spec:
    source: {runtime: bash, inline: "echo $PPID"}
RUN faisca deploy -f counted.yaml
EXPECT
  deployed counted
  …
RUN faisca scale counted 2
EXPECT
  …
WITHIN 20 for i in 1 2 3 4 5 6 7 8 9 10 11 12; do faisca invoke counted </dev/null; done | sort -u | wc -l
EXPECT
  2
RUN faisca remove counted
EXPECT
  …

NAME what a handler writes to stderr is in its logs
FILE talker.yaml
  apiVersion: faisca.dev/v1alpha1
  kind: Function
  metadata: {name: talker}
  spec:
    source: {runtime: bash, inline: "echo a sign of life >&2; echo ok"}
    env: [{name: combine_output, value: "false"}]
RUN faisca deploy -f talker.yaml
EXPECT
  deployed talker
  …
RUN faisca invoke talker </dev/null
EXPECT
  ok
WITHIN 20 faisca logs talker | grep -c 'a sign of life'
EXPECT
  1
RUN faisca remove talker
EXPECT
  …

NAME environment and path reach the handler
FILE show.yaml
  apiVersion: faisca.dev/v1alpha1
  kind: Function
  metadata: {name: show}
  spec:
    source: {runtime: bash, inline: "echo $GREETING $Http_Method $Http_Path $Http_Query"}
    env: [{name: GREETING, value: hi}]
RUN faisca deploy -f show.yaml
EXPECT
  deployed show
  …
RUN faisca invoke show -X PUT -p '/a/b?c=d' </dev/null
EXPECT
  hi PUT /a/b c=d
RUN faisca remove show
EXPECT
  …
