{{/* A Service for Prometheus only, without an address of its own. Argument: dict root, component, port, target. */}}
{{- define "faisca.metricsService" -}}
apiVersion: v1
kind: Service
metadata:
  name: faisca-{{ .component }}-metrics
  namespace: {{ .root.Release.Namespace }}
  labels:
    {{- include "faisca.labels" . | nindent 4 }}
    faisca.dev/metrics: {{ .component }}
spec:
  clusterIP: None
  selector:
    {{- include "faisca.selector" .component | nindent 4 }}
  ports:
    - {name: metrics, port: {{ .port }}, targetPort: {{ .target }}}
{{- end }}

{{/* Argument: dict root, component. */}}
{{- define "faisca.serviceMonitor" -}}
apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata:
  name: faisca-{{ .component }}
  namespace: {{ .root.Release.Namespace }}
  labels:
    {{- include "faisca.labels" . | nindent 4 }}
    {{- with .root.Values.metrics.serviceMonitor.labels }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
spec:
  selector:
    matchLabels:
      faisca.dev/metrics: {{ .component }}
  endpoints:
    - port: metrics
      path: /metrics
      {{- with .root.Values.metrics.serviceMonitor.interval }}
      interval: {{ . }}
      {{- end }}
{{- end }}
