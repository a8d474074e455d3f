# What other programs see of the gateway, with curl.
NAME health and information
RUN curl -sS -o /dev/null -w '%{http_code}\n' $FAISCA_GATEWAY/healthz
EXPECT
  200
RUN curl -sS $FAISCA_GATEWAY/system/info | python3 -c 'import json, sys; i = json.load(sys.stdin); print(i["provider"]["orchestration"], bool(i["version"]["release"]), bool(i["arch"]))'
EXPECT
  embedded True True

NAME a Function is created, changed and deleted with REST
FILE f.yaml
  apiVersion: faisca.dev/v1alpha1
  kind: Function
  metadata: {name: rest}
  spec: {source: {runtime: bash, inline: echo one}}
RUN curl -sS -o answer -w '%{http_code}\n' -X PUT -H 'Content-Type: application/yaml' --data-binary @f.yaml $FAISCA_GATEWAY/system/functions
EXPECT
  404
RUN curl -sS -o answer -w '%{http_code}\n' -H 'Content-Type: application/yaml' --data-binary @f.yaml $FAISCA_GATEWAY/system/functions | sed 's/20[02]/accepted/'
EXPECT
  accepted
WITHIN 20 curl -sS $FAISCA_GATEWAY/function/rest
EXPECT
  one
RUN sed -i 's/echo one/echo two/' f.yaml; curl -sS -o answer -w '%{http_code}\n' -X PUT -H 'Content-Type: application/yaml' --data-binary @f.yaml $FAISCA_GATEWAY/system/functions | sed 's/20[02]/accepted/'
EXPECT
  accepted
WITHIN 20 curl -sS $FAISCA_GATEWAY/function/rest.openfaas-fn/any/path
EXPECT
  two
RUN curl -sS $FAISCA_GATEWAY/system/function/rest | python3 -c 'import json, sys; f = json.load(sys.stdin); print(f["name"], f["availableReplicas"], f["invocationCount"] >= 2)'
EXPECT
  rest 1 True
RUN curl -sS -o answer -w '%{http_code}\n' -X DELETE -d '{"functionName":"rest"}' $FAISCA_GATEWAY/system/functions | sed 's/20[02]/accepted/'
EXPECT
  accepted
RUN curl -sS -o answer -w '%{http_code}\n' -X DELETE -d '{"functionName":"rest"}' $FAISCA_GATEWAY/system/functions
EXPECT
  404

NAME invocations are counted
FILE f.yaml
  apiVersion: faisca.dev/v1alpha1
  kind: Function
  metadata: {name: counted}
  spec: {source: {runtime: bash, inline: cat}}
RUN faisca deploy -f f.yaml
EXPECT
  deployed counted
  …
RUN for i in 1 2 3; do curl -sS -d $i $FAISCA_GATEWAY/function/counted; done; echo
EXPECT
  123
WITHIN 10 curl -sS $FAISCA_GATEWAY/metrics | grep '^gateway_function_invocation_total.*counted.openfaas-fn.* 3$' | grep -c 'code="200"'
EXPECT
  1
RUN faisca remove counted
EXPECT
  …

NAME a platform error names its hop and says what to do
RUN curl -sS $FAISCA_GATEWAY/function/nobody | python3 -c 'import json, sys; e = json.load(sys.stdin); print(e["status"], "nobody" in e["error"], bool(e["hop"]), bool(e["hint"]))'
EXPECT
  404 True True True
RUN curl -sS -o /dev/null -w '%{http_code}\n' $FAISCA_GATEWAY/no/such/path
EXPECT
  404
