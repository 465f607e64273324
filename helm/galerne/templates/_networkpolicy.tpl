{{/* Takes root, name and, for one component only, component and its hook. */}}
{{- define "galerne.networkPolicy" -}}
{{- $policy := .root.Values.networkPolicy -}}
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: {{ .name }}
  labels:
    {{- include "galerne.labels" .root | nindent 4 }}
  {{- with .hook }}
  annotations:
    helm.sh/hook: {{ . }}
    helm.sh/hook-weight: "-10"
    helm.sh/hook-delete-policy: before-hook-creation
  {{- end }}
spec:
  podSelector:
    matchLabels:
      {{- if .component }}
      {{- include "galerne.selectorLabels" . | nindent 6 }}
      {{- else }}
      {{- include "galerne.instanceLabels" .root | nindent 6 }}
      {{- end }}
  policyTypes: [Ingress, Egress]
  {{- if not .component }}
  ingress:
    - ports:
        - port: http
      {{- with $policy.clients }}
      from:
        {{- toYaml . | nindent 8 }}
        - podSelector:
            matchLabels:
              {{- include "galerne.instanceLabels" $.root | nindent 14 }}
      {{- end }}
    {{- with $policy.metrics }}
    - ports:
        - port: management
      from:
        {{- toYaml . | nindent 8 }}
    {{- end }}
  {{- end }}
  egress:
    - ports: # names
        - port: 53
          protocol: UDP
        - port: 53
          protocol: TCP
    - ports:
        - port: {{ $policy.databasePort }}
      {{- with $policy.database }}
      to:
        {{- toYaml . | nindent 8 }}
      {{- end }}
    {{- if not .component }}
    - ports: # from one workload to another
        - port: http
      to:
        - podSelector:
            matchLabels:
              {{- include "galerne.instanceLabels" .root | nindent 14 }}
    {{- with $policy.egress }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
    {{- end }}
{{- end -}}
