{{/* Names are fixed, not made from the release's: CRDs, the webhook configuration and device resources exist once in
     a cluster, so there is one installation, and its names can be written down (docs/design/0015-chart.md). */}}

{{/* Labels that never change: selectors are immutable. Argument: component. */}}
{{- define "faisca.selector" -}}
app.kubernetes.io/name: faisca
app.kubernetes.io/component: {{ . }}
{{- end }}

{{/* Labels of every object. Argument: dict root, component. */}}
{{- define "faisca.labels" -}}
{{ include "faisca.selector" .component }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/part-of: faisca
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version | replace "+" "_" }}
{{- end }}

{{/* Argument: dict root, name. */}}
{{- define "faisca.image" -}}
{{- $image := .root.Values.image -}}
{{ printf "%s/%s:%s" $image.registry .name ($image.tag | default .root.Chart.AppVersion) }}
{{- end }}

{{/* The gateway's address in the cluster. */}}
{{- define "faisca.gatewayUrl" -}}
{{- $port := int .Values.gateway.service.port -}}
http://gateway.{{ .Release.Namespace }}{{ if ne $port 80 }}:{{ $port }}{{ end }}
{{- end }}

{{/* What the Pod Security Standard "restricted" asks of a pod and of a container. */}}
{{- define "faisca.podSecurity" -}}
runAsNonRoot: true
runAsUser: 10001
runAsGroup: 10001
fsGroup: 10001
seccompProfile: {type: RuntimeDefault}
{{- end }}
{{- define "faisca.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: {drop: [ALL]}
{{- end }}

{{/* Where the pods of a component run. Argument: dict root, component, values. Spread is preferred, not required, so that
     a cluster of one node works. */}}
{{- define "faisca.placement" -}}
{{- with .root.Values.image.pullSecrets }}
imagePullSecrets:
{{- range . }}
  - name: {{ . }}
{{- end }}
{{- end }}
{{- with .values.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- with .values.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .values.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}
{{- define "faisca.spread" -}}
affinity:
  podAntiAffinity:
    preferredDuringSchedulingIgnoredDuringExecution:
      - weight: 100
        podAffinityTerm:
          topologyKey: kubernetes.io/hostname
          labelSelector:
            matchLabels:
              {{- include "faisca.selector" .component | nindent 14 }}
topologySpreadConstraints:
  - maxSkew: 1
    topologyKey: topology.kubernetes.io/zone
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels:
        {{- include "faisca.selector" .component | nindent 8 }}
{{- end }}

{{/* Annotations by which a Prometheus without its operator finds a pod. Argument: dict root, port. */}}
{{- define "faisca.scrape" -}}
{{- if .root.Values.metrics.annotations -}}
prometheus.io/scrape: "true"
prometheus.io/port: {{ .port | quote }}
prometheus.io/path: /metrics
{{- end }}
{{- end }}

{{/* A PodDisruptionBudget lets one pod at a time be evicted. Argument: dict root, component, values. */}}
{{- define "faisca.disruptionBudget" -}}
{{- if and .values.disruptionBudget (gt (int .values.replicas) 1) }}
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: faisca-{{ .component }}
  namespace: {{ .root.Release.Namespace }}
  labels:
    {{- include "faisca.labels" . | nindent 4 }}
spec:
  maxUnavailable: 1
  # A pod that is not ready protects nothing and must not hold up a drain.
  unhealthyPodEvictionPolicy: AlwaysAllow
  selector:
    matchLabels:
      {{- include "faisca.selector" .component | nindent 6 }}
{{- end }}
{{- end }}
