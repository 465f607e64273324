{{- define "galerne.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{/* Leaves room for the names of dedicated workloads and for suffixes. */}}
{{- define "galerne.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 40 | trimSuffix "-" -}}
{{- else if contains (include "galerne.name" .) .Release.Name -}}
{{- .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name (include "galerne.name" .) | trunc 40 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{/* What all pods of the release have in common. */}}
{{- define "galerne.instanceLabels" -}}
app.kubernetes.io/name: {{ include "galerne.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "galerne.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" }}
{{ include "galerne.instanceLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- with .Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{/* Takes root and component: "server", or the name of a dedicated workload. */}}
{{- define "galerne.selectorLabels" -}}
{{ include "galerne.instanceLabels" .root }}
app.kubernetes.io/component: {{ .component }}
{{- end -}}

{{- define "galerne.serviceAccountName" -}}
{{- if .Values.serviceAccount.create -}}
{{- default (include "galerne.fullname" .) .Values.serviceAccount.name -}}
{{- else -}}
{{- default "default" .Values.serviceAccount.name -}}
{{- end -}}
{{- end -}}

{{- define "galerne.image" -}}
{{- if .Values.image.digest -}}
{{- printf "%s@%s" .Values.image.repository .Values.image.digest -}}
{{- else -}}
{{- printf "%s:%s" .Values.image.repository (default .Chart.AppVersion .Values.image.tag) -}}
{{- end -}}
{{- end -}}

{{/*
The workloads as JSON, the shared one first: each with its name, component, host and values. What a
dedicated one sets goes over the chart's values; its catalogue and weights replace theirs.
*/}}
{{- define "galerne.workloads" -}}
{{- $shared := dict "name" (include "galerne.fullname" .) "component" "server" "host" "" "values" .Values -}}
{{- $workloads := list $shared -}}
{{- range $own := .Values.deployments -}}
{{- $values := mergeOverwrite (deepCopy $.Values) (deepCopy $own) -}}
{{- range $whole := list "catalog" "weights" -}}
{{- if hasKey $own $whole }}{{ $_ := set $values $whole (index $own $whole) }}{{ end -}}
{{- end -}}
{{- $name := printf "%s-%s" (include "galerne.fullname" $) $own.name -}}
{{- $workloads = append $workloads (dict "name" $name "component" $own.name "host" (default "" $own.host) "values" $values) -}}
{{- end -}}
{{- $workloads | toJson -}}
{{- end -}}
