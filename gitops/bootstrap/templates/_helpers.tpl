{{/* The cluster these objects are in; every Application stays inside it. */}}
{{- define "bootstrap.server" -}}
https://kubernetes.default.svc
{{- end }}

{{/*
The teams by name, as YAML: from gitops/teams, and from `teams` of values.yaml, which has a list of namespaces for each. Namespaces
are a mapping here.
*/}}
{{- define "bootstrap.teams" -}}
{{- $teams := dict -}}
{{- with get .Subcharts "team-files" }}{{ $teams = include "teams.all" . | fromYaml }}{{ end -}}
{{- range $name, $spec := .Values.teams -}}
{{- if hasKey $teams $name }}{{ fail (printf "the team %s is in gitops/bootstrap/values.yaml and in gitops/teams/%s.yaml" $name $name) }}{{ end -}}
{{- $namespaces := dict -}}
{{- range $spec.namespaces }}{{ $_ := set $namespaces . dict }}{{ end -}}
{{- $_ := set $teams $name (set (deepCopy $spec) "namespaces" $namespaces) -}}
{{- end -}}
{{- $owners := dict -}}
{{- range $name, $team := $teams -}}
{{- range $namespace, $_ := $team.namespaces -}}
{{- with get $owners $namespace }}{{ fail (printf "the namespace %s is of the teams %s and %s" $namespace . $name) }}{{ end -}}
{{- $_ := set $owners $namespace $name -}}
{{- if hasKey $.Values.platform.namespaces $namespace }}{{ fail (printf "the namespace %s is the team %s's and the platform's (gitops/bootstrap/values.yaml)" $namespace $name) }}{{ end -}}
{{- end -}}
{{- end -}}
{{- toYaml $teams -}}
{{- end }}

{{/* Their names, without reading what the files say. */}}
{{- define "bootstrap.teamNames" -}}
{{- $names := keys (.Values.teams | default dict) -}}
{{- with get .Subcharts "team-files" -}}
{{- range $file, $_ := .Files.Glob "*.yaml" }}{{ $names = append $names (trimSuffix ".yaml" $file) }}{{ end -}}
{{- end -}}
{{- include "bootstrap.words" ($names | sortAlpha) -}}
{{- end }}

{{/*
Takes {context, kind, more}; `more` are annotations of the object's own. Where resources outlive their Application, the objects that make Applications outlive a mistake in this
chart too. Projects come first: an ApplicationSet leaves out an Application whose project is not there yet, until its next look.
The commit makes the controller look again at each: after an error it would wait for three minutes.
*/}}
{{- define "bootstrap.annotations" -}}
{{- $annotations := merge dict (.more | default dict) -}}
{{- if eq .kind "AppProject" }}{{ $_ := set $annotations "argocd.argoproj.io/sync-wave" "-1" }}{{ end -}}
{{- if .context.Values.preserveResourcesOnDeletion }}{{ $_ := set $annotations "argocd.argoproj.io/sync-options" "Prune=false,Delete=false" }}{{ end -}}
{{- if and (eq .kind "ApplicationSet") .context.Values.commit }}{{ $_ := set $annotations "onebranch.dev/commit" .context.Values.commit }}{{ end -}}
{{- with $annotations -}}
annotations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{/* Freezes protect users; a cluster on someone's own machine has none, even when it rehearses a stage that has them. */}}
{{- define "bootstrap.syncWindows" -}}
{{- if and .Values.syncWindows (not (has .Values.provider (list "embedded" "kind"))) -}}
syncWindows:
  {{- range .Values.syncWindows }}
  - kind: {{ .kind }}
    schedule: {{ .schedule | quote }}
    duration: {{ .duration | quote }}
    timeZone: {{ .timeZone | default "UTC" | quote }}
    manualSync: {{ .manualSync | default false }}
    applications: ["*"]
  {{- end }}
{{- end }}
{{- end }}

{{/*
This stage's pins, each overridden by this cluster's own pin of the same component. A cluster's pin alone makes nothing: only
components of the first generator survive a merge. Everything is a literal, so no generator has to know the cluster.

What one pin can break stays its own: its component is named by its place, so that no other pin can claim it; an add-on and an
app of the same name are only refused as Applications; and what a pin lacks is said by bootstrap.project. `NotIn` lets a pin
without a known `requires` through to there: filtered out, its Application would be deleted. A list is `requires.0` and so on to
a selector; it has no more entries than there are capabilities.
In a ring its pins lie over the stage's. A second merge makes what only the ring has yet: a component on its way into the stage.
Takes {context, thirdParty, overlays}: a pin with `repo` is a chart from somewhere else, one with `kustomize` has overlays instead of a
chart. Of these it is also found which there are, because Kustomize fails at one that is missing.
*/}}
{{- define "bootstrap.generators" -}}
{{- $values := .context.Values -}}
{{- $context := . -}}
{{- $lacking := without ($values.knownCapabilities | default list) "base" -}}
{{- range $values.capabilities }}{{ $lacking = without $lacking . }}{{ end -}}
{{- $required := list "requires" -}}
{{- range $index, $_ := $values.knownCapabilities }}{{ $required = append $required (printf "requires.%d" $index) }}{{ end -}}
{{- range $group := list "addons" "apps" }}
{{- $staged := dict "context" $context.context "prefix" "" "file" (printf "gitops/%s/*/stages/%s/pin.yaml" $group $values.stage) -}}
{{- $ringed := dict "context" $context.context "prefix" "" "file" (printf "gitops/%s/*/stages/%s/rings/%s/pin.yaml" $group $values.stage $values.ring) -}}
{{- range $base := ternary (list "staged" "ringed") (list "staged") (not (empty $values.ring)) }}
- merge:
    mergeKeys: [values]
    generators:
      {{- if eq $base "ringed" }}
      {{- include "bootstrap.pins" $ringed | nindent 6 }}
      {{- include "bootstrap.pins" (merge (dict "prefix" "staged") $staged) | nindent 6 }}
      {{- else }}
      {{- include "bootstrap.pins" $staged | nindent 6 }}
      {{- if $values.ring }}
      {{- include "bootstrap.pins" (merge (dict "prefix" "ring") $ringed) | nindent 6 }}
      {{- end }}
      {{- end }}
      - git:
          repoURL: {{ $values.repoURL | quote }}
          revision: {{ $values.targetRevision | toString | quote }}
          requeueAfterSeconds: {{ $values.pollSeconds }}
          pathParamPrefix: pin
          values:
            component: '{{ `{{ trimSuffix ".yaml" .pin.path.filename }}` }}'
          files:
            - path: gitops/clusters/{{ $values.name }}/pins/*.yaml
          {{- include "bootstrap.emptyTemplate" $context | nindent 10 }}
      {{- if $context.overlays }}
      {{- if $values.ring }}
      {{- include "bootstrap.overlay" (dict "context" $context.context "prefix" "ringOverlay" "directory" (printf "gitops/%s/*/stages/%s/rings/%s/overlay" $group $values.stage $values.ring)) | nindent 6 }}
      {{- end }}
      {{- include "bootstrap.overlay" (dict "context" $context.context "prefix" "regionOverlay" "directory" (printf "gitops/%s/*/regions/%s/overlay" $group $values.region)) | nindent 6 }}
      {{- end }}
    {{- include "bootstrap.emptyTemplate" $context | nindent 4 }}
  selector:
    matchExpressions:
      - key: repo
        operator: {{ ternary "Exists" "DoesNotExist" $context.thirdParty }}
      {{- if not $context.thirdParty }}
      - key: kustomize
        operator: {{ ternary "Exists" "DoesNotExist" (not (empty $context.overlays)) }}
      {{- end }}
      {{- with $lacking }}
      {{- range $key := $required }}
      - key: {{ $key }}
        operator: NotIn
        values: {{ toJson $lacking }}
      {{- end }}
      {{- end }}
      {{- if eq $base "ringed" }}
      - key: staged.path.path
        operator: DoesNotExist
      {{- end }}
{{- end }}
{{- end }}
{{- end }}

{{/* The pins that a pattern finds. Takes {context, file, prefix}: with a prefix the path of a pin is `.<prefix>.path`. */}}
{{- define "bootstrap.pins" -}}
{{- $path := ternary ".path" (printf ".%s.path" .prefix) (empty .prefix) -}}
- git:
    repoURL: {{ .context.Values.repoURL | quote }}
    revision: {{ .context.Values.targetRevision | toString | quote }}
    requeueAfterSeconds: {{ .context.Values.pollSeconds }}
    {{- with .prefix }}
    pathParamPrefix: {{ . }}
    {{- end }}
    values:
      component: '{{ printf "{{ index %s.segments 2 }}" $path }}'
    files:
      - path: {{ .file }}
    {{- include "bootstrap.emptyTemplate" . | nindent 4 }}
{{- end }}

{{/* The overlays that a pattern finds, as `.<prefix>.path`. Takes {context, directory, prefix}. */}}
{{- define "bootstrap.overlay" -}}
- git:
    repoURL: {{ .context.Values.repoURL | quote }}
    revision: {{ .context.Values.targetRevision | toString | quote }}
    requeueAfterSeconds: {{ .context.Values.pollSeconds }}
    pathParamPrefix: {{ .prefix }}
    values:
      component: '{{ printf "{{ index .%s.path.segments 2 }}" .prefix }}'
    directories:
      - path: {{ .directory }}
    {{- include "bootstrap.emptyTemplate" . | nindent 4 }}
{{- end }}

{{/*
The controller writes an ApplicationSet back in this form whenever a webhook or the tool asks it to refresh. With any other
form Argo CD would see drift then, and heal it again and again.
*/}}
{{- define "bootstrap.emptyTemplate" -}}
template:
  metadata: {}
  spec:
    destination: {}
    project: ""
{{- end }}

{{/* An empty generator deletes nothing where the stage says create-update. The controller leaves a `false` out, see above. */}}
{{- define "bootstrap.setPolicy" -}}
applicationsSync: {{ .Values.applicationsSync }}
{{- if .Values.preserveResourcesOnDeletion }}
preserveResourcesOnDeletion: true
{{- end }}
{{- end }}

{{- define "bootstrap.applicationMetadata" -}}
name: '{{ "{{ .values.component }}" }}'
labels:
  onebranch.dev/stage: {{ .Values.stage | quote }}
  {{- with .Values.ring }}
  onebranch.dev/ring: {{ . | quote }}
  {{- end }}
  onebranch.dev/region: {{ .Values.region | quote }}
  onebranch.dev/cluster: {{ .Values.name | quote }}
  onebranch.dev/component: '{{ "{{ .values.component }}" }}'
{{- end }}

{{/*
Add-ons are the platform's; an app belongs to the team its pin names. For a pin with a fault this is the fault instead: the
controller leaves out an Application whose project does not exist, keeps the one it made before, and goes on with the others.
*/}}
{{- define "bootstrap.project" -}}
{{ `
{{- if $fault }}({{ .path.path }}/pin.yamlRINGED{{ with get . "pin" }} with {{ .path.path }}/{{ .path.filename }}{{ end }}: {{ $fault }})
{{- else if $isApp }}{{ .team }}{{ else }}platform{{ end }}
` | replace "RINGED" (ternary "" `{{ with get . "ring" }} with {{ .path.path }}/pin.yaml{{ end }}` (empty .Values.ring))
  | trim | printf "%s%s" (include "bootstrap.fault" .) }}
{{- end }}

{{/*
What is wrong with a pin, as the variable $fault of an ApplicationSet's template. A template that fails would stop all components,
which is why every field reads the pin with `get`. $facts are this cluster's. With `overlays` it is a pin with `kustomize`, and $image is
what Kustomize gets of it.
*/}}
{{- define "bootstrap.fault" -}}
{{- $capabilities := concat (list "base") .Values.capabilities (.Values.knownCapabilities | default list) | uniq -}}
{{- $facts := list -}}
{{- range $fact := list "name" "stage" "ring" "region" "domain" "account" -}}
{{- with get $.Values $fact }}{{ $facts = concat $facts (list $fact .) }}{{ end -}}
{{- end -}}
{{ `
{{- $isApp := eq (index .path.segments 1) "apps" }}{{ $fault := "" }}{{ $facts := dict FACTS }}OVERLAYS
{{- range $key := ternary (list KEYS "team") (list KEYS) $isApp }}{{ $value := get $ $key }}
{{- if or (empty $value) (not (kindIs "string" $value)) }}{{ $fault = printf "%s is missing or is not a text" $key }}{{ end }}{{ end }}
{{- if $fault }}
{{- else if ne .component .values.component }}{{ $fault = printf "component is not %s" .values.component }}
{{- else if and $isApp (not (has .team (list TEAMS))) }}{{ $fault = printf "team %s is not one of %s" .team (join ", " (list TEAMS)) }}
{{- else }}
{{- $requires := list (get . "requires") }}{{ if kindIs "slice" (get . "requires") }}{{ $requires = .requires }}{{ end }}
{{- if empty (get . "requires") }}{{ $fault = "requires is missing" }}
{{- else if ne (len $requires) (len (uniq $requires)) }}{{ $fault = "requires names a capability twice" }}
{{- else }}{{ range $requires }}{{ if not (has . (list CAPABILITIES)) }}{{ $fault = printf "requires has %q, which is not a capability" (toString .) }}{{ end }}{{ end }}{{ end }}
{{- if not (hasKey . "facts") }}
{{- else if not (kindIs "map" .facts) }}{{ $fault = "facts is not a mapping" }}
{{- else }}{{ range $key, $fact := .facts }}
{{- if not (regexMatch "^[A-Za-z0-9_-]+([.][A-Za-z0-9_-]+)*$" $key) }}{{ $fault = printf "facts has the key %q" $key }}
{{- else if not (hasKey $facts (toString $fact)) }}{{ $fault = printf "facts.%s is %q, and CLUSTER has %s" $key (toString $fact) (keys $facts | sortAlpha | join ", ") }}
{{- end }}{{ end }}{{ end }}
{{- if not (hasKey . "ignoreDifferences") }}
{{- else if not (kindIs "slice" .ignoreDifferences) }}{{ $fault = "ignoreDifferences is not a list" }}
{{- else }}{{ range $entry := .ignoreDifferences }}
{{- if not (kindIs "map" $entry) }}{{ $fault = "ignoreDifferences has an entry that is not a mapping" }}
{{- else }}{{ range $key, $value := $entry }}
{{- if has $key (list "group" "kind" "name" "namespace") }}
{{- if not (kindIs "string" $value) }}{{ $fault = printf "ignoreDifferences: %s is not a text" $key }}{{ end }}
{{- else if not (has $key (list "jsonPointers" "jqPathExpressions" "managedFieldsManagers")) }}{{ $fault = printf "ignoreDifferences has the key %q" $key }}
{{- else if not (kindIs "slice" $value) }}{{ $fault = printf "ignoreDifferences: %s is not a list" $key }}
{{- else }}{{ range $item := $value }}{{ if not (kindIs "string" $item) }}{{ $fault = printf "ignoreDifferences: %s has an item that is not a text" $key }}
{{- end }}{{ end }}{{ end }}{{ end }}{{ end }}{{ end }}{{ end }}{{ end }}
` | replace "OVERLAYS" (ternary (include "bootstrap.overlayFault" .) "" (not (empty .overlays)))
  | replace "KEYS" (include "bootstrap.words" (ternary (list "version" "namespace" "component") (list "chart" "version" "namespace" "component") (not (empty .overlays))))
  | replace "CAPABILITIES" (include "bootstrap.words" $capabilities)
  | replace "FACTS" (include "bootstrap.words" $facts)
  | replace "CLUSTER" .Values.name
  | replace "TEAMS" (include "bootstrap.teamNames" .)
  | trim }}
{{- end }}

{{/* What may be wrong with a pin that has `kustomize`; a later fault wins, as a part of bootstrap.fault. */}}
{{- define "bootstrap.overlayFault" -}}
{{ `{{ $image := "" }}
{{- if hasKey . "image" }}{{ $named := get . "image" }}
{{- if not (kindIs "map" $named) }}{{ $fault = "image is not a mapping" }}
{{- else }}
{{- $image = printf "%s:%s" (toString (get $named "repository")) (toString (get $named "tag")) }}
{{- if get $named "digest" }}{{ $image = printf "%s@%s" (toString (get $named "repository")) (toString (get $named "digest")) }}{{ end }}
{{- if not (regexMatch "^[a-z0-9][a-z0-9._/:-]*(:[A-Za-z0-9_][A-Za-z0-9_.-]*|@sha256:[0-9a-f]{64})$" $image) }}{{ $fault = printf "image is %q" $image }}{{ end }}
{{- end }}{{ end }}
{{- if hasKey . "facts" }}{{ $fault = "facts are for charts, and this has none" }}{{ end }}
{{- if ne (toString (get . "kustomize")) "true" }}{{ $fault = "kustomize is not true" }}{{ end }}` }}
{{- end }}

{{/*
What only some pins have: `facts` become Helm parameters, and `ignoreDifferences` is Argo CD's own. Takes {context, sources}: the text of the template's sources, with PARAMETERS in
the place of the parameters. A list in a patch replaces the template's, so all sources are there again. What a pin says becomes a text of
JSON here: as plain YAML it could write other fields, or stop all components. With `overlays` every pin has a patch, and PARAMETERS are
Kustomize's options: a template cannot have a list of what is there.
*/}}
{{- define "bootstrap.patch" -}}
{{- $escaped := .sources | replace "{{ " "\" (" | replace " }}" ") \"" -}}
{{ `
{{- $patch := WANTED }}
{{- if $patch }}FAULT
{{- if $fault }}{{ $patch = false }}{{ else }}
spec:
GIVEN
SOURCES
{{- end }}
{{- if hasKey . "ignoreDifferences" }}
  ignoreDifferences: {{ toJson .ignoreDifferences }}
  syncPolicy:
    syncOptions:
OPTIONS
      - RespectIgnoreDifferences=true
{{- end }}
{{- end }}{{ end }}{{ if not $patch }}{}{{ end }}
` | replace "WANTED" (ternary "true" `or (hasKey . "facts") (hasKey . "ignoreDifferences")` (not (empty .context.overlays)))
  | replace "GIVEN" (include (ternary "bootstrap.givenOverlays" "bootstrap.givenFacts" (not (empty .context.overlays))) .context)
  | replace "FAULT" (include "bootstrap.fault" .context)
  | replace "SOURCES" (regexReplaceAll "'([^\n]*)'" $escaped "{{ toJson (print \"${1}\") }}" | nindent 2 | trimPrefix "\n")
  | replace "PARAMETERS" "{{ toJson $parameters }}"
  | replace "OPTIONS" (include "bootstrap.syncOptions" .context | indent 6)
  | trim }}
{{- end }}

{{/* What a chart gets of a pin, as a part of bootstrap.patch: up to where its sources begin. */}}
{{- define "bootstrap.givenFacts" -}}
{{ `{{- if hasKey . "facts" }}{{ $parameters := list }}
{{- range $key, $fact := .facts }}{{ $parameters = append $parameters (dict "name" $key "value" (get $facts $fact) "forceString" true) }}{{ end }}` }}
{{- end }}

{{/* The overlays in their order, later wins: stage or ring, region. The same for what Kustomize gets. */}}
{{- define "bootstrap.givenOverlays" -}}
{{ `{{- if true }}{{ $overlay := "../../stages/STAGE/overlay" }}{{ with get . "ringOverlay" }}{{ $overlay = "../../stages/STAGE/rings/RING/overlay" }}{{ end }}
{{- $overlays := list $overlay }}{{ with get . "regionOverlay" }}{{ $overlays = append $overlays "../../regions/REGION/overlay" }}{{ end }}
{{- $parameters := dict "components" $overlays }}{{ with $image }}{{ $_ := set $parameters "images" (list .) }}{{ end }}`
  | replace "STAGE" .Values.stage | replace "RING" (.Values.ring | default "") | replace "REGION" .Values.region }}
{{- end }}

{{/* Words as arguments of a function. */}}
{{- define "bootstrap.words" -}}
{{- range $index, $word := . }}{{ if $index }} {{ end }}{{ quote $word }}{{ end }}
{{- end }}

{{- define "bootstrap.destination" -}}
server: {{ include "bootstrap.server" . }}
namespace: '{{ `{{ get . "namespace" }}` }}'
{{- end }}

{{/*
refresh: a failed sync is tried again with the newest commit, so that a fix does not wait for the broken one to give up. After the
limit the next commit starts again. An Application is only deleted when its sync has ended, so the limit is low where any can be.
*/}}
{{- define "bootstrap.syncPolicy" -}}
automated:
  prune: {{ .Values.prune }}
  selfHeal: true
retry:
  limit: {{ ternary (.Values.retry.limitWhereKept | default 50) (.Values.retry.limit | default 5) .Values.preserveResourcesOnDeletion }}
  refresh: true
  backoff:
    duration: {{ .Values.retry.duration | quote }}
    factor: {{ .Values.retry.factor }}
    maxDuration: {{ .Values.retry.maxDuration | quote }}
syncOptions:
  {{- include "bootstrap.syncOptions" . | nindent 2 }}
{{- end }}

{{- define "bootstrap.syncOptions" -}}
- CreateNamespace=true
- ServerSideApply=true
- SkipDryRunOnMissingResource=true
{{- end }}

{{/*
The layers in order, later wins: component, stage (its pin carries the image), ring, region, cluster. Takes {context, root, pins};
charts of this repository read the pins as values, third-party charts would refuse their keys.
*/}}
{{- define "bootstrap.valueFiles" -}}
{{- $values := .context.Values -}}
{{- $component := printf "%s/gitops/{{ index .path.segments 1 }}/{{ .values.component }}" .root -}}
{{- $ring := ternary "" (printf "%s/stages/%s/rings/%s" $component $values.stage $values.ring) (empty $values.ring) -}}
{{- $cluster := printf "%s/gitops/clusters/%s" .root $values.name -}}
- '{{ $component }}/values.yaml'
{{- if .pins }}
- '{{ $component }}/stages/{{ $values.stage }}/pin.yaml'
{{- with $ring }}
- '{{ . }}/pin.yaml'
{{- end }}
{{- end }}
- '{{ $component }}/stages/{{ $values.stage }}/values.yaml'
{{- with $ring }}
- '{{ . }}/values.yaml'
{{- end }}
- '{{ $component }}/regions/{{ $values.region }}.yaml'
- '{{ $cluster }}/values/{{ "{{ .values.component }}" }}.yaml'
{{- if .pins }}
- '{{ $cluster }}/pins/{{ "{{ .values.component }}" }}.yaml'
{{- end }}
{{- end }}

{{/* A chart of this repository with its layers. Takes {context, parameters}: a line of Helm's options, or nothing. */}}
{{- define "bootstrap.treeChart" -}}
repoURL: {{ .context.Values.repoURL | quote }}
targetRevision: {{ .context.Values.targetRevision | toString | quote }}
path: 'gitops/charts/{{ `{{ get . "chart" }}/{{ get . "version" }}` }}'
helm:
  ignoreMissingValueFiles: true
  {{- with .parameters }}
  {{ . }}
  {{- end }}
  valueFiles:
    {{- include "bootstrap.valueFiles" (dict "context" .context "root" "" "pins" true) | nindent 4 }}
{{- end }}

{{/* The sources of a component whose chart lies in this repository. Takes {context, parameters}. */}}
{{- define "bootstrap.treeSources" -}}
{{- if include "bootstrap.keepsApplications" .context -}}
sources:
  - {{ include "bootstrap.treeChart" . | indent 4 | trim }}
  - repoURL: {{ .context.Values.repoURL | quote }}
    targetRevision: {{ .context.Values.targetRevision | toString | quote }}
    {{- include "bootstrap.requirement" .context | nindent 4 }}
{{- else -}}
source:
  {{- include "bootstrap.treeChart" . | nindent 2 }}
{{- end }}
{{- end }}

{{/* The sources of a component whose chart comes from a chart repository. Takes {context, parameters}. */}}
{{- define "bootstrap.chartSources" -}}
sources:
  - repoURL: '{{ "{{ .repo }}" }}'
    chart: '{{ `{{ get . "chart" }}` }}'
    targetRevision: '{{ `{{ get . "version" }}` }}'
    helm:
      ignoreMissingValueFiles: true
      {{- with .parameters }}
      {{ . }}
      {{- end }}
      valueFiles:
        {{- include "bootstrap.valueFiles" (dict "context" .context "root" "$values" "pins" false) | nindent 8 }}
  - repoURL: {{ .context.Values.repoURL | quote }}
    targetRevision: {{ .context.Values.targetRevision | toString | quote }}
    ref: values
    {{- if include "bootstrap.keepsApplications" .context }}
    {{- include "bootstrap.requirement" .context | nindent 4 }}
    {{- end }}
{{- end }}

{{/* The sources of a component that Kustomize builds. Takes {context, parameters}: a line of the source, or nothing. */}}
{{- define "bootstrap.overlaySources" -}}
{{- $source := include "bootstrap.base" . -}}
{{- if include "bootstrap.keepsApplications" .context -}}
sources:
  - {{ $source | indent 4 | trim }}
  - repoURL: {{ .context.Values.repoURL | quote }}
    targetRevision: {{ .context.Values.targetRevision | toString | quote }}
    {{- include "bootstrap.requirement" .context | nindent 4 }}
{{- else -}}
source:
  {{- $source | nindent 2 }}
{{- end }}
{{- end }}

{{/* A version of the component's own base. Takes {context, parameters}. */}}
{{- define "bootstrap.base" -}}
repoURL: {{ .context.Values.repoURL | quote }}
targetRevision: {{ .context.Values.targetRevision | toString | quote }}
path: 'gitops/{{ `{{ index .path.segments 1 }}/{{ .values.component }}/base/{{ get . "version" }}` }}'
{{- with .parameters }}
{{ . }}
{{- end }}
{{- end }}

{{/* Whether the Applications of this stage stay when nothing makes them any more. */}}
{{- define "bootstrap.keepsApplications" -}}
{{- if ne .Values.applicationsSync "sync" }}true{{ end }}
{{- end }}

{{/*
A source that makes nothing and fails unless its files are there. An Application that stays goes on syncing: without this one, it
would sync what is left of its layers, and prune the rest. Overlays are not among the files: Kustomize itself fails without them.
*/}}
{{- define "bootstrap.requirement" -}}
{{- $component := "/gitops/{{ index .path.segments 1 }}/{{ .values.component }}" -}}
path: gitops/charts/required-files/1.0.0
helm:
  valueFiles:
    {{- if not .overlays }}
    - '{{ $component }}/values.yaml'
    {{- end }}
    - '{{ if .Values.ring }}/{{ "{{ .path.path }}" }}{{ else }}{{ $component }}/stages/{{ .Values.stage }}{{ end }}/pin.yaml'
    - '/gitops/clusters/{{ .Values.name }}/cluster.yaml'
    - '/gitops/stages/{{ .Values.stage }}.yaml'
    - '/gitops/regions/{{ .Values.region }}.yaml'
{{- end }}

{{/*
What a team's groups may do in Argo CD, with its own Applications. Takes {team, groups}. Nobody may make or delete one: that is
Git's. Rights in the namespaces come from the chart tenant.
*/}}
{{- define "bootstrap.roles" -}}
{{- $team := .team -}}
{{- $looks := list "applications, get" "logs, get" -}}
{{- $works := concat $looks (list "applications, sync" "applications, action/*") -}}
{{- with .groups -}}
roles:
{{- range $role, $groups := . }}
  - name: {{ $role }}
    description: {{ ternary "May look" "May look, sync and run actions" (eq $role "view") }}
    groups: {{ toJson $groups }}
    policies:
      {{- range ternary $looks $works (eq $role "view") }}
      - p, proj:{{ $team }}:{{ $role }}, {{ . }}, {{ $team }}/*, allow
      {{- end }}
{{- end }}
{{- end }}
{{- end }}

{{/* Annotations by which Argo CD tells a team's channel about all Applications of its project. The triggers are Pulumi's. */}}
{{- define "bootstrap.subscriptions" -}}
{{- with get (get . "contacts" | default dict) "slack" -}}
{{- range $event := list "degraded" "sync-failed" "refused" "out-of-sync" }}
notifications.argoproj.io/subscribe.on-{{ $event }}.slack: {{ $.contacts.slack | quote }}
{{- end }}
{{- end }}
{{- end }}
