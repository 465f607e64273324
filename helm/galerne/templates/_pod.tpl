{{/* What every pod of the release has, the migrations' too; takes root and serviceAccount. */}}
{{- define "galerne.podSettings" -}}
serviceAccountName: {{ .serviceAccount }}
automountServiceAccountToken: false
enableServiceLinks: false
{{- with .root.Values.image.pullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
securityContext:
  {{- toYaml .root.Values.podSecurityContext | nindent 2 }}
{{- end -}}

{{/* What every container has. */}}
{{- define "galerne.containerSettings" -}}
image: {{ include "galerne.image" . | quote }}
imagePullPolicy: {{ .Values.image.pullPolicy }}
workingDir: {{ .Values.image.workingDirectory }}
securityContext:
  {{- toYaml .Values.containerSecurityContext | nindent 2 }}
{{- end -}}

{{/* One variable from a Secret; takes name, secret and key. */}}
{{- define "galerne.secretEnv" -}}
- name: {{ .name }}
  valueFrom:
    secretKeyRef:
      name: {{ .secret }}
      key: {{ .key }}
{{- end -}}

{{/* The owner of the tables, or the application's user where there is no other. */}}
{{- define "galerne.ownerEnv" -}}
{{- $owner := ternary .Values.database .Values.database.migrations (empty .Values.database.migrations.existingSecret) -}}
{{ include "galerne.secretEnv" (dict "name" "SPRING_FLYWAY_USER" "secret" $owner.existingSecret "key" $owner.usernameKey) }}
{{ include "galerne.secretEnv" (dict "name" "SPRING_FLYWAY_PASSWORD" "secret" $owner.existingSecret "key" $owner.passwordKey) }}
{{- end -}}

{{/* The environment of every container; takes root, role ("server" or "migrations") and extra. */}}
{{- define "galerne.env" -}}
{{- $values := .root.Values -}}
- name: SPRING_DATASOURCE_URL
  value: {{ $values.database.url | quote }}
{{ include "galerne.secretEnv" (dict "name" "SPRING_DATASOURCE_USERNAME" "secret" $values.database.existingSecret "key" $values.database.usernameKey) }}
{{- if eq .role "migrations" }}
{{ include "galerne.ownerEnv" .root }}
{{- else }}
{{ include "galerne.secretEnv" (dict "name" "SPRING_DATASOURCE_PASSWORD" "secret" $values.database.existingSecret "key" $values.database.passwordKey) }}
{{- if $values.database.migrations.job }}
- name: GALERNE_DATABASE_MIGRATIONS
  value: expect
{{- else }}
{{ include "galerne.ownerEnv" .root }}
{{- end }}
{{ include "galerne.secretEnv" (dict "name" "GALERNE_IDENTITY_PEPPER" "secret" $values.keyPepper.existingSecret "key" $values.keyPepper.key) }}
{{ include "galerne.secretEnv" (dict "name" "GALERNE_IDENTITY_OPERATORKEY" "secret" $values.operatorKey.existingSecret "key" $values.operatorKey.key) }}
{{ include "galerne.secretEnv" (dict "name" "GALERNE_SECRETS_KEYS" "secret" $values.sealingKeys.existingSecret "key" $values.sealingKeys.key) }}
{{ include "galerne.secretEnv" (dict "name" "GALERNE_AUDIT_PRIVATEKEY" "secret" $values.auditKeys.existingSecret "key" $values.auditKeys.privateKey) }}
{{ include "galerne.secretEnv" (dict "name" "GALERNE_AUDIT_PUBLICKEY" "secret" $values.auditKeys.existingSecret "key" $values.auditKeys.publicKey) }}
- name: MANAGEMENT_SERVER_PORT
  value: "8081"
{{- end }}
{{- if ne $values.logFormat "text" }}
- name: LOGGING_STRUCTURED_FORMAT_CONSOLE
  value: {{ $values.logFormat }}
{{- end }}
{{- with .extra }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{/* The files of the folder config: a map from name to content; takes a workload's values. */}}
{{- define "galerne.configFiles" -}}
{{- $files := dict -}}
{{- if .catalog }}{{ $_ := set $files "catalog.yaml" (toYaml .catalog) }}{{ end -}}
{{- if .config }}{{ $_ := set $files "application.yaml" (toYaml .config) }}{{ end -}}
{{- if .offered }}{{ $_ := set $files "deployments.yaml" .offered }}{{ end -}}
{{- if $files }}{{ toYaml $files }}{{ end -}}
{{- end -}}

{{/* Takes root and workload. */}}
{{- define "galerne.volumeMounts" -}}
{{- $folder := .root.Values.image.workingDirectory -}}
- name: temporary
  mountPath: /tmp
- name: data
  mountPath: {{ $folder }}/data
{{- range $name, $_ := fromYaml (include "galerne.configFiles" .workload.values) }}
- name: config
  mountPath: {{ $folder }}/config/{{ $name }}
  subPath: {{ $name }}
  readOnly: true
{{- end }}
{{- if or .workload.values.weights.persistentVolumeClaim .workload.values.weights.image }}
- name: weights
  mountPath: {{ $folder }}/models
  readOnly: true
{{- end }}
{{- with .workload.values.extraVolumeMounts }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- define "galerne.volumes" -}}
{{- $values := .workload.values -}}
- name: temporary
  emptyDir:
    sizeLimit: {{ $values.temporaryFiles.sizeLimit }}
- name: data
  {{- if $values.data.persistentVolumeClaim }}
  persistentVolumeClaim:
    claimName: {{ $values.data.persistentVolumeClaim }}
  {{- else }}
  emptyDir:
    sizeLimit: {{ $values.data.sizeLimit }}
  {{- end }}
{{- if include "galerne.configFiles" $values }}
- name: config
  configMap:
    name: {{ .workload.name }}
{{- end }}
{{- with $values.weights.persistentVolumeClaim }}
- name: weights
  persistentVolumeClaim:
    claimName: {{ . }}
    readOnly: true
{{- end }}
{{- with $values.weights.image }}
{{- if semverCompare "<1.31-0" $.root.Capabilities.KubeVersion.Version }}
{{- fail "weights.image needs Kubernetes 1.31 or newer, with the feature ImageVolume" }}
{{- end }}
- name: weights
  image:
    reference: {{ . | quote }}
    pullPolicy: {{ $.root.Values.image.pullPolicy }}
{{- end }}
{{- with $values.extraVolumes }}
{{ toYaml . }}
{{- end }}
{{- end -}}
