/** @jsxRuntime automatic @jsxImportSource preact */
import type { ComponentChildren } from "preact";

/** Numbers with what they count, such as `3 changed`; those that are 0 are left out. */
export function Figures({ figures }: { figures: readonly (readonly [number, string, string])[] }) {
  const shown = figures.filter(([number]) => number > 0);
  if (shown.length === 0) return null;
  return (
    <ul class="figures">
      {shown.map(([number, words, tone]) => (
        <li key={words} class={tone}>
          <b>{number}</b> {words}
        </li>
      ))}
    </ul>
  );
}

/** A word on a coloured ground. */
export function Badge({ tone = "", children }: { tone?: string; children: ComponentChildren }) {
  return <span class={`badge ${tone}`.trim()}>{children}</span>;
}

/** Terms, each with what is to be said of it, in one or several entries. */
export function Terms({ terms }: { terms: readonly (readonly [string, readonly ComponentChildren[]])[] }) {
  return (
    <dl class="terms">
      {terms.map(([term, entries]) => (
        <div key={term}>
          <dt>{term}</dt>
          {entries.map((entry, index) => (
            <dd key={index}>{entry}</dd>
          ))}
        </div>
      ))}
    </dl>
  );
}

/** What is wider than the screen scrolls sideways, with the keyboard too. */
export function Scroll({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <div class="scroll" tabIndex={0} role="group" aria-label={name}>
      {children}
    </div>
  );
}

/** What the signs of a grid mean. */
export function Legend({
  entries,
  children,
}: {
  entries: readonly { sign: string; tone: string; words: string }[];
  children?: ComponentChildren;
}) {
  return (
    <p class="legend muted">
      {entries.map(({ sign, tone, words }) => (
        <span key={words}>
          <b class={tone} aria-hidden="true">
            {sign}
          </b>{" "}
          {words}
        </span>
      ))}
      {children}
    </p>
  );
}
