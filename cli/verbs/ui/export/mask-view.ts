import { isMapping } from "../../../../model/mapping";
import { maskText } from "../../../tree/mask";

/** Texts that come from a cluster or from Git as somebody wrote them; all others are names, or made by this program. */
const written = [
  "message",
  "reasons",
  "result",
  "why",
  "what",
  "error",
  "note",
  "subject",
  "reason",
  "repository",
  "facts",
  "missing",
];
/** These have what is named above in words of this program: a command that reads a password is not one. */
const ours = ["commands", "argocd", "kubectl"];

/** A view without what looks like a secret in the texts of clusters. Values of resources and of files are masked where they are read. */
export function maskView(view: unknown, key = ""): unknown {
  if (typeof view === "string") return written.includes(key) ? maskText(view) : view;
  if (Array.isArray(view)) return view.map((item) => maskView(item, key));
  if (!isMapping(view)) return view;
  return Object.fromEntries(
    Object.entries(view).map(([name, value]) => [name, ours.includes(name) ? value : maskView(value, name)]),
  );
}
