import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { Badge, Scroll, Terms } from "../../../page/parts";
import type { Command, State } from "../views";
import { asTyped, href, jsonCommand } from "./address";
import { snapshot } from "./snapshot";
import { ago, shownStates } from "./words";

/** A state as a badge: sign and words. */
export function StateBadge({ state }: { state: State }) {
  const { sign, tone, words } = shownStates[state];
  return (
    <Badge tone={tone}>
      <span aria-hidden="true">{sign}</span> {words}
    </Badge>
  );
}

export interface FiltersProps {
  text: string;
  set: (text: string) => void;
  placeholder: string;
  /** Other filters, and how much is left. */
  children: ComponentChildren;
}

/** The filters of a table; the first one is a text. */
export function Filters({ text, set, placeholder, children }: FiltersProps) {
  return (
    <form class="filters" role="search" onSubmit={(event) => event.preventDefault()}>
      <label>
        Filter{" "}
        <input
          type="search"
          value={text}
          placeholder={placeholder}
          autocomplete="off"
          onInput={(event) => set(event.currentTarget.value)}
        />
      </label>
      {children}
    </form>
  );
}

/** A link within the page. */
export function Link({ to, children }: { to: string; children: ComponentChildren }) {
  return <a href={href(to)}>{children}</a>;
}

/** A moment, told as how long ago it was. */
export function When({ at, suffix = " ago" }: { at: string | number; suffix?: string }) {
  // A snapshot tells how long ago it was then.
  const [now, setNow] = useState(() => (snapshot === undefined ? Date.now() : Date.parse(snapshot.at)));
  useEffect(() => {
    if (snapshot !== undefined) return;
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

/** A command with a button that copies it. */
export function CommandLine({ line: named }: { line: string }) {
  const line = asTyped(named);
  const [copied, setCopied] = useState(false);
  return (
    <span class="line">
      <code>{line}</code>
      <button
        type="button"
        aria-label={`Copy ${line}`}
        onClick={() => void navigator.clipboard.writeText(line).then(() => setCopied(true))}
        onBlur={() => setCopied(false)}
      >
        {copied ? "Copied" : "Copy"}
      </button>
      <span class="sr" role="status">
        {copied && `${line} is copied`}
      </span>
    </span>
  );
}

/**
 * Commands that print what the page shows.
 * @param json the view's path, for the command that prints it as JSON
 */
export function Commands({ commands: verbs, json }: { commands: readonly Command[]; json: string }) {
  const asJson = jsonCommand(json);
  const commands = asJson === undefined ? verbs : [...verbs, { what: "this view as JSON", line: asJson }];
  if (commands.length === 0) return null;
  return (
    <section aria-labelledby="commands">
      <h2 id="commands">The same in a terminal</h2>
      <ul class="commands">
        {commands.map(({ what, line }) => (
          <li key={line}>
            <span class="muted">{what}</span>
            <CommandLine line={line} />
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Facts as names and values; those without a value are left out. */
export function Facts({ facts }: { facts: readonly (readonly [string, ComponentChildren])[] }) {
  const told = facts.filter(([, value]) => value !== "" && value !== undefined && value !== false);
  return <Terms terms={told.map(([name, value]) => [name, [value]])} />;
}

/** A table that scrolls sideways on a small screen. */
export function Table({ name, heads, children }: { name: string; heads: string[]; children: ComponentChildren }) {
  return (
    <Scroll name={name}>
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
    </Scroll>
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
