{{- define "galerne.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{- define "galerne.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 63 | trimSuffix "-" -}}
{{- else if contains (include "galerne.name" .) .Release.Name -}}
{{- .Release.Name | trunc 63 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name (include "galerne.name" .) | trunc 63 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "galerne.selectorLabels" -}}
app.kubernetes.io/name: {{ include "galerne.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "galerne.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" }}
{{ include "galerne.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- with .Values.commonLabels }}
{{ toYaml . }}
{{- end }}
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

{{/* The files of the folder config: a map from name to content, empty where the image's serve. */}}
{{- define "galerne.configFiles" -}}
{{- $files := dict -}}
{{- if .Values.catalog }}{{ $_ := set $files "catalog.yaml" (toYaml .Values.catalog) }}{{ end -}}
{{- if .Values.config }}{{ $_ := set $files "application.yaml" (toYaml .Values.config) }}{{ end -}}
{{- if $files }}{{ toYaml $files }}{{ end -}}
{{- end -}}

{{/* One variable from a Secret; takes name, secret and key. */}}
{{- define "galerne.secretEnv" -}}
- name: {{ .name }}
  valueFrom:
    secretKeyRef:
      name: {{ .secret }}
      key: {{ .key }}
{{- end -}}

{{- define "galerne.env" -}}
- name: SPRING_DATASOURCE_URL
  value: {{ .Values.database.url | quote }}
{{- with .Values.database }}
{{ include "galerne.secretEnv" (dict "name" "SPRING_DATASOURCE_USERNAME" "secret" .existingSecret "key" .usernameKey) }}
{{ include "galerne.secretEnv" (dict "name" "SPRING_DATASOURCE_PASSWORD" "secret" .existingSecret "key" .passwordKey) }}
{{- with .migrations }}
{{- if .existingSecret }}
{{ include "galerne.secretEnv" (dict "name" "SPRING_FLYWAY_USER" "secret" .existingSecret "key" .usernameKey) }}
{{ include "galerne.secretEnv" (dict "name" "SPRING_FLYWAY_PASSWORD" "secret" .existingSecret "key" .passwordKey) }}
{{- end }}
{{- end }}
{{- end }}
{{ include "galerne.secretEnv" (dict "name" "GALERNE_IDENTITY_PEPPER" "secret" .Values.keyPepper.existingSecret "key" .Values.keyPepper.key) }}
{{- with .Values.extraEnv }}
{{ toYaml . }}
{{- end }}
{{- end -}}
