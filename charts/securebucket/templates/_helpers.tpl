{{/* Name of everything that the release makes; a release called securebucket is not named twice. */}}
{{- define "securebucket.name" -}}
{{- if contains "securebucket" .Release.Name -}}
{{- printf "%s-operator" (.Release.Name | trunc 50 | trimSuffix "-") -}}
{{- else -}}
{{- printf "%s-securebucket-operator" (.Release.Name | trunc 40 | trimSuffix "-") -}}
{{- end -}}
{{- end -}}

{{/* What the names of the roles for people begin with; a release called securebucket gives those of deploy/base. */}}
{{- define "securebucket.roleName" -}}
{{- include "securebucket.name" . | trimSuffix "-operator" -}}
{{- end -}}

{{- define "securebucket.selectorLabels" -}}
app.kubernetes.io/name: securebucket
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/component: operator
{{- end -}}

{{- define "securebucket.labels" -}}
{{ include "securebucket.selectorLabels" . }}
app.kubernetes.io/part-of: securebucket
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end -}}

{{- define "securebucket.serviceAccountName" -}}
{{- if .Values.serviceAccount.create -}}
{{- .Values.serviceAccount.name | default (include "securebucket.name" .) -}}
{{- else -}}
{{- .Values.serviceAccount.name | default "default" -}}
{{- end -}}
{{- end -}}

{{- define "securebucket.image" -}}
{{- if .Values.image.digest -}}
{{- printf "%s@%s" .Values.image.repository .Values.image.digest -}}
{{- else -}}
{{- printf "%s:%s" .Values.image.repository (.Values.image.tag | default .Chart.AppVersion) -}}
{{- end -}}
{{- end -}}

{{/* What the operator may do with the SecureBuckets of a namespace, or of all. */}}
{{- define "securebucket.bucketRules" -}}
{{ .Files.Get "files/rbac/buckets.yaml" }}
{{- if and .Values.rbac.finalizers (not .Values.operator.observeOnly) }}
{{- .Files.Get "files/rbac/finalizers.yaml" }}
{{- end }}
{{- if eq .Values.reports.group "openreports.io" }}
{{- .Files.Get "files/rbac/reports.yaml" }}
{{- else if .Values.reports.group }}
{{- .Files.Get "files/rbac/policy-reports.yaml" }}
{{- end }}
{{- end -}}

{{- define "securebucket.subjects" -}}
- kind: ServiceAccount
  name: {{ include "securebucket.serviceAccountName" . }}
  namespace: {{ .Release.Namespace }}
{{- end -}}
