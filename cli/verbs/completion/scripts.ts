/** The shells that can complete; each script asks the tool itself, as it was typed: `onebranch` or `./onebranch`. */
export const scripts: Readonly<Record<string, string>> = {
  bash: `# onebranch completion for bash: source <(onebranch completion bash)
_onebranch() {
  local IFS=$'\\n' answer word last=-1
  local -a words=()
  # Bash parts words at "="; the tool wants "--to=prod" as one.
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD}"; do
    if [[ $last -ge 0 && ( $word == "=" || \${words[last]} == --*= ) ]]; then words[last]+=$word
    else words+=("$word"); last=$((last + 1)); fi
  done
  answer="$("\${COMP_WORDS[0]}" completion words -- "\${words[@]}" 2>/dev/null)" || { compopt -o default; COMPREPLY=(); return; }
  COMPREPLY=($answer)
  [[ $COMP_WORDBREAKS == *=* && \${words[last]} == --*=* ]] && COMPREPLY=("\${COMPREPLY[@]#--*=}")
}
complete -F _onebranch onebranch
`,
  zsh: `#compdef onebranch
# onebranch completion for zsh: source <(onebranch completion zsh)
_onebranch() {
  local answer
  answer="$("\${words[1]}" completion words -- "\${words[@]:1:$((CURRENT - 1))}" 2>/dev/null)" || { _files; return; }
  compadd -- \${(f)answer}
}
compdef _onebranch onebranch
`,
  fish: `# onebranch completion for fish: onebranch completion fish | source
function __onebranch_complete
  set -l typed (commandline -opc) (commandline -ct)
  $typed[1] completion words -- $typed[2..-1] 2>/dev/null; or __fish_complete_path (commandline -ct)
end
complete -c onebranch -f -a '(__onebranch_complete)'
`,
};
