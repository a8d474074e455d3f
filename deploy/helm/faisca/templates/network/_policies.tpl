{{/* The head of a policy for a component's pods. Argument: dict root, component. */}}
{{- define "faisca.networkPolicy" -}}
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: faisca-{{ .component }}
  namespace: {{ .root.Release.Namespace }}
  labels:
    {{- include "faisca.labels" . | nindent 4 }}
spec:
  policyTypes: [Ingress, Egress]
  podSelector:
    matchLabels:
      {{- include "faisca.selector" .component | nindent 6 }}
{{- end }}

{{/* What every component sends. Argument: .Values.networkPolicy. */}}
{{- define "faisca.egress.control" -}}
# Names of the cluster.
- ports:
    - {port: 53, protocol: UDP}
    - {port: 53, protocol: TCP}
# The API server.
- ports:
    {{- range .apiServerPorts }}
    - {port: {{ . }}, protocol: TCP}
    {{- end }}
  {{- with .apiServerAddresses }}
  to:
    {{- range . }}
    - ipBlock: {cidr: {{ . }}}
    {{- end }}
  {{- end }}
{{- end }}

{{/* Who may read metrics. Argument: dict policy (.Values.networkPolicy), port. */}}
{{- define "faisca.ingress.metrics" -}}
# Prometheus. The kubelet's probes are let in by every network plug-in.
- ports:
    - {port: {{ .port }}, protocol: TCP}
  from:
    {{- if .policy.metricsFrom }}
    {{- toYaml .policy.metricsFrom | nindent 4 }}
    {{- else }}
    - namespaceSelector: {}
    {{- end }}
{{- end }}
