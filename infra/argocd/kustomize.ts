/** The name of the script in Git's directory; the repository server finds it before the program. */
export const kustomizeScript = "kustomize";

/**
 * Starts the real Kustomize, with nothing but the base of a component and the overlays that its Application names: those the
 * admission policy has judged. Kustomize itself would also read what their files name, the overlay of another stage as well, and
 * fetch from any machine. It has no option against that. Here the other files are not there, no program is found, and the proxy of
 * every address is a port that nothing listens on.
 *
 * Argo CD first edits the base's kustomization for the overlays and the image of the Application, then it builds. The names of the
 * overlays are kept in between; `edit add component` comes before each build, so none of an earlier Application or of a commit
 * stays.
 */
export const kustomize = `#!/bin/sh
set -eu
here=$(dirname "$0")
PATH=$(printf '%s' ":$PATH:" | sed "s|:$here:|:|g; s|^:||; s|:$||")
real=$(command -v kustomize)
run() {
  env -i PATH=/nonexistent HOME="\${HOME:-/}" TMPDIR="\${TMPDIR:-/tmp}" NO_PROXY= no_proxy= \\
    HTTP_PROXY=$nowhere HTTPS_PROXY=$nowhere http_proxy=$nowhere https_proxy=$nowhere "$real" "$@"
}
nowhere=http://127.0.0.1:9
names=.onebranch-overlays

case "\${1-} \${2-} \${3-}" in
  "edit add component")
    case "$(pwd -P)" in
      */gitops/addons/*/base/* | */gitops/apps/*/base/*)
        (shift 3; printf '%s\\n' "$@") >"$names" ;;
    esac ;;
  "build "*)
    root=$(pwd -P)
    base=$(cd "$2" && pwd -P)
    base=\${base#"$root"/}
    case "$base" in
      gitops/addons/*/base/* | gitops/apps/*/base/*)
        copy=$(mktemp -d)
        trap 'rm -rf "$copy"' EXIT
        take() {
          mkdir -p "$copy/$1"
          cp -R "$root/$1/." "$copy/$1/"
        }
        take "$base"
        while IFS= read -r overlay; do
          directory=$(cd "$root/$base/$overlay" && pwd -P)
          case "$directory" in
            "$root"/gitops/*) take "\${directory#"$root"/}" ;;
            *) echo "the overlay $overlay is not in gitops" >&2; exit 1 ;;
          esac
        done <"$root/$base/$names"
        shift 2
        if run build "$copy/$base" "$@" 2>"$copy/.said"; then code=0; else code=$?; fi
        # Argo CD compares what is said with what was said before: it must not name another directory each time.
        sed "s|$copy|$root|g" "$copy/.said" >&2
        exit $code ;;
    esac ;;
esac
run "$@"
`;
