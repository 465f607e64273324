{{/* One workload's Deployment; takes root and workload. */}}
{{- define "galerne.deployment" -}}
{{- $values := .workload.values -}}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .workload.name }}
  labels:
    {{- include "galerne.labels" .root | nindent 4 }}
    app.kubernetes.io/component: {{ .workload.component }}
spec:
  {{- if not $values.autoscaling.enabled }}
  replicas: {{ $values.replicaCount }}
  {{- end }}
  strategy:
    rollingUpdate:
      maxUnavailable: 0
      maxSurge: 1
  selector:
    matchLabels:
      {{- include "galerne.selectorLabels" (dict "root" .root "component" .workload.component) | nindent 6 }}
  template:
    metadata:
      labels:
        {{- include "galerne.labels" .root | nindent 8 }}
        app.kubernetes.io/component: {{ .workload.component }}
      annotations:
        checksum/config: {{ include "galerne.configFiles" $values | sha256sum }}
        {{- with $values.podAnnotations }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
    spec:
      {{- include "galerne.podSettings" (dict "root" .root "serviceAccount" (include "galerne.serviceAccountName" .root)) | nindent 6 }}
      terminationGracePeriodSeconds: {{ $values.terminationGracePeriodSeconds }}
      {{- with $values.weights.add }}
      initContainers:
        {{- range . }}
        - name: {{ printf "add-%s" .id | lower | replace "." "-" | replace "_" "-" | replace ":" "-" | trunc 63 | trimSuffix "-" }}
          {{- include "galerne.containerSettings" $.root | nindent 10 }}
          args:
            - models
            - add
            - {{ .from | quote }}
            - --id
            - {{ .id | quote }}
            - --sha256
            - {{ .sha256 | quote }}
            - --if-absent
            {{- with .licence }}
            - --licence
            - {{ . | quote }}
            {{- end }}
          resources:
            {{- toYaml $values.resources | nindent 12 }}
          volumeMounts:
            {{- include "galerne.volumeMounts" $ | nindent 12 }}
        {{- end }}
      {{- end }}
      containers:
        - name: galerne
          {{- include "galerne.containerSettings" .root | nindent 10 }}
          env:
            {{- include "galerne.env" (dict "root" .root "role" "server" "extra" $values.extraEnv) | nindent 12 }}
          ports:
            - name: http
              containerPort: 8080
            - name: management
              containerPort: 8081
          lifecycle:
            preStop:
              sleep:
                seconds: {{ $values.drainSeconds }}
          {{- range $probe, $path := dict "startup" "liveness" "liveness" "liveness" "readiness" "readiness" }}
          {{ $probe }}Probe:
            httpGet:
              path: /actuator/health/{{ $path }}
              port: management
            timeoutSeconds: 3
            {{- toYaml (index $values.probes $probe) | nindent 12 }}
          {{- end }}
          resources:
            {{- toYaml $values.resources | nindent 12 }}
          volumeMounts:
            {{- include "galerne.volumeMounts" . | nindent 12 }}
      volumes:
        {{- include "galerne.volumes" . | nindent 8 }}
      {{- range $field := list "nodeSelector" "tolerations" "affinity" "topologySpreadConstraints" }}
      {{- with index $values $field }}
      {{ $field }}:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- end }}
{{- end -}}

{{- define "galerne.service" -}}
apiVersion: v1
kind: Service
metadata:
  name: {{ .workload.name }}
  labels:
    {{- include "galerne.labels" .root | nindent 4 }}
    app.kubernetes.io/component: {{ .workload.component }}
  {{- with .root.Values.service.annotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
spec:
  type: {{ .root.Values.service.type }}
  selector:
    {{- include "galerne.selectorLabels" (dict "root" .root "component" .workload.component) | nindent 4 }}
  ports:
    - name: http
      port: {{ .root.Values.service.port }}
      targetPort: http
{{- end -}}

{{- define "galerne.configMap" -}}
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ .workload.name }}
  labels:
    {{- include "galerne.labels" .root | nindent 4 }}
    app.kubernetes.io/component: {{ .workload.component }}
data:
  {{- include "galerne.configFiles" .workload.values | nindent 2 }}
{{- end -}}

{{- define "galerne.podDisruptionBudget" -}}
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: {{ .workload.name }}
  labels:
    {{- include "galerne.labels" .root | nindent 4 }}
    app.kubernetes.io/component: {{ .workload.component }}
spec:
  minAvailable: {{ .workload.values.podDisruptionBudget.minAvailable }}
  selector:
    matchLabels:
      {{- include "galerne.selectorLabels" (dict "root" .root "component" .workload.component) | nindent 6 }}
{{- end -}}

{{- define "galerne.autoscaler" -}}
{{- $scaling := .workload.values.autoscaling -}}
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: {{ .workload.name }}
  labels:
    {{- include "galerne.labels" .root | nindent 4 }}
    app.kubernetes.io/component: {{ .workload.component }}
spec:
  scaleTargetRef:
    apiVersion: apps/v1
    kind: Deployment
    name: {{ .workload.name }}
  minReplicas: {{ $scaling.minReplicas }}
  maxReplicas: {{ $scaling.maxReplicas }}
  metrics:
    - type: Pods
      pods:
        metric:
          name: galerne_engine_waiting
        target:
          type: AverageValue
          averageValue: {{ $scaling.waitingPerPod | quote }}
  behavior:
    scaleDown:
      stabilizationWindowSeconds: {{ $scaling.scaleDownSeconds }}
{{- end -}}
