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

{{/* What the dedicated workloads offer to clients of the shared one, as its config/deployments.yaml. */}}
{{- define "galerne.offers" -}}
{{- $items := list -}}
{{- range $own := .Values.deployments -}}
{{- range $i, $offer := $own.offers -}}
{{- $url := printf "http://%s-%s:%v/v1" (include "galerne.fullname" $) $own.name $.Values.service.port -}}
{{- $remote := dict "urls" (list $url) "model" $offer.served "dialect" "mistral" "vocabulary" $offer.vocabulary "credential" (printf "${%s}" (include "galerne.offerVariable" $own.name)) -}}
{{- range $from, $to := dict "contextTokens" "context-tokens" "requestsMax" "requests-max" -}}
{{- with index $offer $from }}{{ $_ := set $remote $to (int .) }}{{ end -}}
{{- end -}}
{{- $item := dict "name" (printf "%s-%d" $own.name $i) "model" $offer.model "remote" $remote -}}
{{- range $from, $to := dict "tenant" "tenant" "aliases" "aliases" "description" "description" "pricedAs" "priced-as" "spillOver" "spill-over" "floor" "floor" -}}
{{- with index $offer $from }}{{ $_ := set $item $to . }}{{ end -}}
{{- end -}}
{{- $items = append $items $item -}}
{{- end -}}
{{- end -}}
{{- if $items -}}
{{- if dig "galerne" "deployments" "items" "" .Values.config -}}
{{- fail "config.galerne.deployments.items and deployments[].offers exclude each other: one list would hide the other" -}}
{{- end -}}
{{- if not .Values.offersNetworks -}}
{{- fail "deployments[].offers needs offersNetworks: the blocks of addresses that the cluster gives to Services" -}}
{{- end -}}
{{- dict "galerne" (dict "deployments" (dict "plain-http" true "allowed-networks" .Values.offersNetworks "items" $items)) | toYaml -}}
{{- end -}}
{{- end -}}

{{- define "galerne.offerVariable" -}}
{{- printf "GALERNE_OFFER_%s" (. | upper | replace "-" "_") -}}
{{- end -}}

{{/*
The workloads as JSON, the shared one first: each with its name, component, host and values. What a
dedicated one sets goes over the chart's values; its catalogue and weights replace theirs. Deployments
in the database are for the shared one to bring up.
*/}}
{{- define "galerne.workloads" -}}
{{- $common := deepCopy .Values -}}
{{- with include "galerne.offers" . }}{{ $_ := set $common "offered" . }}{{ end -}}
{{- range $own := .Values.deployments -}}
{{- if $own.offers -}}
{{- $secret := dict "secretKeyRef" (dict "name" $own.offersKey.existingSecret "key" (default "api-key" $own.offersKey.key)) -}}
{{- $variable := dict "name" (include "galerne.offerVariable" $own.name) "valueFrom" $secret -}}
{{- $_ := set $common "extraEnv" (append $common.extraEnv $variable) -}}
{{- end -}}
{{- end -}}
{{- $shared := dict "name" (include "galerne.fullname" .) "component" "server" "host" "" "values" $common -}}
{{- $workloads := list $shared -}}
{{- range $own := .Values.deployments -}}
{{- $values := mergeOverwrite (deepCopy $.Values) (deepCopy $own) -}}
{{- range $whole := list "catalog" "weights" -}}
{{- if hasKey $own $whole }}{{ $_ := set $values $whole (index $own $whole) }}{{ end -}}
{{- end -}}
{{- $_ := set $values "extraEnv" (prepend $values.extraEnv (dict "name" "GALERNE_DEPLOYMENTS_FROMDATABASE" "value" "false")) -}}
{{- $name := printf "%s-%s" (include "galerne.fullname" $) $own.name -}}
{{- $workloads = append $workloads (dict "name" $name "component" $own.name "host" (default "" $own.host) "values" $values) -}}
{{- end -}}
{{- $workloads | toJson -}}
{{- end -}}
