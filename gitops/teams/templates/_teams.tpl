{{/*
What the files of the teams say, by team, as YAML. Takes the chart team-files. `onebranch check` finds the same faults and more;
these are the ones that would give a team what is not its own. A fault stops the chart that reads the files, so that nothing
changes in the cluster until it is mended.
*/}}
{{- define "teams.all" -}}
{{- $teams := dict -}}
{{- $owners := dict -}}
{{- $faults := list -}}
{{- $label := "^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$" -}}
{{- range $file, $content := .Files.Glob "*.yaml" -}}
{{- $name := trimSuffix ".yaml" $file -}}
{{- $at := printf "gitops/teams/%s" $file -}}
{{- $team := toString $content | fromYaml -}}
{{- if or (has $name (include "teams.reserved" . | fromJsonArray)) (not (regexMatch $label $name)) -}}
{{- $faults = append $faults (printf "%s: no team can be called %q" $at $name) -}}
{{- else if and (hasKey $team "Error") (not (hasKey $team "namespaces")) -}}
{{- $faults = append $faults (printf "%s is not a mapping of YAML: %s" $at $team.Error) -}}
{{- else if not (kindIs "map" (get $team "namespaces")) -}}
{{- $faults = append $faults (printf "%s: namespaces is not a mapping" $at) -}}
{{- else -}}
{{- range $namespace, $_ := $team.namespaces -}}
{{- if not (regexMatch $label $namespace) -}}
{{- $faults = append $faults (printf "%s: %q is not the name of a namespace" $at $namespace) -}}
{{- else if or (hasPrefix "kube-" $namespace) (has $namespace (list "default" "argocd" "onebranch-secrets")) -}}
{{- $faults = append $faults (printf "%s: the namespace %s cannot be a team's" $at $namespace) -}}
{{- else if hasKey $owners $namespace -}}
{{- $faults = append $faults (printf "%s: the namespace %s is also in gitops/teams/%s.yaml" $at $namespace (get $owners $namespace)) -}}
{{- end -}}
{{- $_ := set $owners $namespace $name -}}
{{- end -}}
{{- range $role, $groups := get $team "groups" | default dict -}}
{{- if not (has $role (list "admin" "edit" "view")) -}}
{{- $faults = append $faults (printf "%s: groups has the role %q" $at $role) -}}
{{- end -}}
{{- range $groups -}}
{{- if or (not (kindIs "string" .)) (hasPrefix "system:" (toString .)) (not (regexMatch "^[^\\s,\"]+$" (toString .))) -}}
{{- $faults = append $faults (printf "%s: %q is not a group of people" $at (toString .)) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- $_ := set $teams $name $team -}}
{{- end -}}
{{- end -}}
{{- if $faults }}{{ fail (join "; " $faults) }}{{ end -}}
{{- toYaml $teams -}}
{{- end }}

{{/* AppProjects that are not a team's, and names that Helm reads as files of a chart. */}}
{{- define "teams.reserved" -}}
["platform", "bootstrap", "default", "values", "requirements"]
{{- end }}
