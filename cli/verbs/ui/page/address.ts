import { useEffect, useState } from "preact/hooks";
import { snapshot } from "./snapshot";

/** Path of the page with its token, without a slash at the end. */
const base = document.documentElement.dataset.base!;

/** In a file there is one address, and what it shows stands behind its #. */
const isFile = snapshot !== undefined;

/** What the address names: the view, and what it shows. */
export type Route =
  | { view: "fleet" }
  | { view: "recent" }
  | { view: "plan" }
  | { view: "component"; component: string }
  | { view: "cluster"; cluster: string }
  | { view: "application"; cluster: string; application: string };

export const fleetPath = "/";
export const recentPath = "/recent";
export const planPath = "/plan";
export const componentPath = (component: string) => `/components/${component}`;
export const clusterPath = (cluster: string) => `/clusters/${cluster}`;
export const applicationPath = (cluster: string, application: string) => `${clusterPath(cluster)}/${application}`;

/** The address of a path of the page, for a link or a request. */
export const href = (path: string) => (isFile ? `#${path}` : `${base}${path}`);

/** The command that prints a view as JSON; undefined in a file, which nobody serves. */
export const jsonCommand = (path: string) =>
  isFile ? undefined : `curl --silent ${location.origin}${base}/api${path}`;

/** Who reads a file has the launcher of a checkout; what else they have nobody knows. */
const tool = document.documentElement.dataset.tool ?? "./onebranch";

/** A command as this user types it: PATH need not have the tool. */
export const asTyped = (line: string) => line.replace(/^onebranch(?= )/, () => tool);

/** What is shown now: a path of the page, and its settings. */
function here(): { path: string; settings: URLSearchParams } {
  if (!isFile) {
    return { path: location.pathname.slice(base.length) || "/", settings: new URLSearchParams(location.search) };
  }
  const [path = "", query = ""] = location.hash.slice(1).split("?");
  return { path: path.startsWith("/") ? path : "/", settings: new URLSearchParams(query) };
}

function routeOf(path: string): Route {
  const [first, name, application] = path.slice(1).split("/");
  if (first === "recent") return { view: "recent" };
  if (first === "plan") return { view: "plan" };
  if (first === "components" && name) return { view: "component", component: name };
  if (first !== "clusters" || !name) return { view: "fleet" };
  return application ? { view: "application", cluster: name, application } : { view: "cluster", cluster: name };
}

const moved = "onebranch-moved";

/** Calls a listener whenever the address has become another one; returns how to end that. */
export function onMove(listener: () => void): () => void {
  const events = ["popstate", "hashchange", moved];
  for (const event of events) window.addEventListener(event, listener);
  return () => events.forEach((event) => window.removeEventListener(event, listener));
}

/** What the address says of a setting. */
export const readSetting = (name: string, usual = "") => here().settings.get(name) ?? usual;

/** Writes a setting into the address. */
export function writeSetting(name: string, value: string, usual = ""): void {
  const { path, settings } = here();
  if (value === usual) settings.delete(name);
  else settings.set(name, value);
  history.replaceState(null, "", `${href(path)}${settings.size === 0 ? "" : `?${settings}`}`);
}

/** Where a link of the page leads; undefined for every other link. */
function targetOf(link: HTMLAnchorElement): string | undefined {
  if (isFile) return link.hash.startsWith("#/") ? link.hash : undefined;
  return link.origin === location.origin && link.pathname.startsWith(`${base}/`) && link.hash === ""
    ? link.href
    : undefined;
}

/** The view that the address names; follows links of the page without loading it again. */
export function useRoute(): Route {
  const [path, setPath] = useState(() => here().path);
  useEffect(() => {
    const follow = () => setPath(here().path);
    const click = (event: MouseEvent) => {
      const link = (event.target as Element).closest("a");
      const plain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
      if (!plain || link === null) return;
      const target = targetOf(link);
      if (target === undefined) {
        // In a file, a link to a part of the view would take the place of the view in the address.
        if (!isFile || !link.getAttribute("href")?.startsWith("#")) return;
        event.preventDefault();
        document.getElementById(link.hash.slice(1))?.focus();
        return;
      }
      event.preventDefault();
      history.pushState(null, "", target);
      follow();
      window.dispatchEvent(new Event(moved));
      scrollTo(0, 0);
    };
    const events = ["popstate", "hashchange"];
    for (const event of events) window.addEventListener(event, follow);
    document.addEventListener("click", click);
    return () => {
      for (const event of events) window.removeEventListener(event, follow);
      document.removeEventListener("click", click);
    };
  }, []);
  return routeOf(path);
}

/** A setting that is part of the address, so that it survives a reload and goes along with a link. */
export function useSetting(name: string, usual = ""): [string, (value: string) => void] {
  const read = () => readSetting(name, usual);
  const [value, setValue] = useState(read);
  useEffect(() => onMove(() => setValue(read())), []);
  const set = (next: string) => {
    writeSetting(name, next, usual);
    setValue(next);
  };
  return [value, set];
}
