import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Command, State } from "../views";
import { href } from "./address";
import { ago, shownStates } from "./words";

/** A state as a badge: sign and words. */
export function Badge({ state }: { state: State }) {
  const { sign, tone, words } = shownStates[state];
  return (
    <span class={`badge ${tone}`}>
      <span aria-hidden="true">{sign}</span> {words}
    </span>
  );
}

/** A link within the page. */
export function Link({ to, children }: { to: string; children: ComponentChildren }) {
  return <a href={href(to)}>{children}</a>;
}

/** A moment, told as how long ago it was. */
export function When({ at, suffix = " ago" }: { at: string | number; suffix?: string }) {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 10_000);
    return () => clearInterval(timer);
  }, []);
  const moment = typeof at === "number" ? at : Date.parse(at);
  if (Number.isNaN(moment)) return <span class="muted">not known</span>;
  const date = new Date(moment);
  return (
    <time dateTime={date.toISOString()} title={date.toLocaleString()}>
      {ago(now - moment)}
      {suffix}
    </time>
  );
}

/** Nobody has gone anywhere yet when the page opens. */
let isFirst = true;

/** The heading of a view. It gets the focus when a link opens the view, so that a screen reader says where one is. */
export function Title({ children, name }: { children: ComponentChildren; name: string }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${name} · onebranch`;
  }, [name]);
  useEffect(() => {
    if (!isFirst) heading.current?.focus();
    isFirst = false;
  }, []);
  return (
    <h1 ref={heading} tabIndex={-1}>
      {children}
    </h1>
  );
}

/** Commands that print what the page shows, each with a button that copies it. */
export function Commands({ commands }: { commands: readonly Command[] }) {
  const [copied, setCopied] = useState("");
  return (
    <section aria-labelledby="commands">
      <h2 id="commands">The same in a terminal</h2>
      <ul class="commands">
        {commands.map(({ what, line }) => (
          <li key={line}>
            <span class="muted">{what}</span>
            <span class="line">
              <code>{line}</code>
              <button
                type="button"
                aria-label={`Copy ${line}`}
                onClick={() => void navigator.clipboard.writeText(line).then(() => setCopied(line))}
              >
                {copied === line ? "Copied" : "Copy"}
              </button>
            </span>
          </li>
        ))}
      </ul>
      <p class="sr" role="status">
        {copied === "" ? "" : `${copied} is copied`}
      </p>
    </section>
  );
}

/** Facts as names and values; those without a value are left out. */
export function Facts({ facts }: { facts: readonly (readonly [string, ComponentChildren])[] }) {
  return (
    <dl class="facts">
      {facts
        .filter(([, value]) => value !== "" && value !== undefined && value !== false)
        .map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}

/** A table that scrolls sideways on a small screen. */
export function Table({ name, heads, children }: { name: string; heads: string[]; children: ComponentChildren }) {
  return (
    <div class="scroll" tabIndex={0} role="group" aria-label={name}>
      <table class="list">
        <caption class="sr">{name}</caption>
        <thead>
          <tr>
            {heads.map((head) => (
              <th key={head} scope="col">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}

/** Something that the reader has to know before the rest. */
export function Notice({ tone, children }: { tone: "high" | "medium"; children: ComponentChildren }) {
  return (
    <p class={`notice ${tone}`} role="status">
      {children}
    </p>
  );
}
