import type { Command } from "../../command";

/** `onebranch completion`: verbs, options and names for a shell. */
export const completion: Command = {
  summary: "print the completion of a shell: verbs, options, and the names of this checkout",
  usage: "completion bash|zsh|fish",
  operands: { min: 1, max: Infinity },
  options: {},
  examples: [
    { line: "onebranch completion bash", why: "for ~/.bashrc: source <(onebranch completion bash)" },
    { line: "onebranch completion zsh", why: "for ~/.zshrc: source <(onebranch completion zsh)" },
    { line: "onebranch completion fish", why: "for config.fish: onebranch completion fish | source" },
    {
      line: "onebranch completion words -- explain pr",
      why: "completions of the last word, as the scripts ask for them",
    },
  ],
  async run(input, context) {
    const show = require("./show") as typeof import("./show");
    return show.complete(input, context);
  },
};
