{{/* Binds rules about namespaced resources to a component: in every namespace by a ClusterRole, or, when watchNamespaces
     names some, in those by a Role each. Argument: dict root, component, rules. */}}
{{- define "faisca.grant" -}}
{{- $name := printf "faisca-%s" .component }}
{{- if .root.Values.watchNamespaces }}
{{- range .root.Values.watchNamespaces }}
---
{{ include "faisca.role" (dict "root" $.root "component" $.component "rules" $.rules "name" $name "namespace" .) }}
{{- end }}
{{- else }}
---
{{ include "faisca.role" (dict "root" .root "component" .component "rules" .rules "name" $name) }}
{{- end }}
{{- end }}

{{/* A role and its binding. Without a namespace both are the cluster's. Argument: dict root, component, rules, name,
     namespace. */}}
{{- define "faisca.role" -}}
{{- $prefix := ternary "" "Cluster" (not (empty .namespace)) }}
apiVersion: rbac.authorization.k8s.io/v1
kind: {{ $prefix }}Role
metadata:
  name: {{ .name }}
  {{- with .namespace }}
  namespace: {{ . }}
  {{- end }}
  labels:
    {{- include "faisca.labels" . | nindent 4 }}
rules:
  {{- .rules | nindent 2 }}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: {{ $prefix }}RoleBinding
metadata:
  name: {{ .name }}
  {{- with .namespace }}
  namespace: {{ . }}
  {{- end }}
  labels:
    {{- include "faisca.labels" . | nindent 4 }}
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: {{ $prefix }}Role
  name: {{ .name }}
subjects:
  - kind: ServiceAccount
    name: faisca-{{ .component }}
    namespace: {{ .root.Release.Namespace }}
{{- end }}

{{- define "faisca.serviceAccount" -}}
apiVersion: v1
kind: ServiceAccount
metadata:
  name: faisca-{{ .component }}
  namespace: {{ .root.Release.Namespace }}
  labels:
    {{- include "faisca.labels" . | nindent 4 }}
{{- end }}
