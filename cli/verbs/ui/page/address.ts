import { useEffect, useState } from "preact/hooks";

/** Path of the page with its token, without a slash at the end. */
export const base = document.documentElement.dataset.base!;

/** What the address names: the view, and what it shows. */
export type Route =
  | { view: "fleet" }
  | { view: "recent" }
  | { view: "component"; component: string }
  | { view: "cluster"; cluster: string }
  | { view: "application"; cluster: string; application: string };

export const fleetPath = "/";
export const recentPath = "/recent";
export const componentPath = (component: string) => `/components/${component}`;
export const clusterPath = (cluster: string) => `/clusters/${cluster}`;
export const applicationPath = (cluster: string, application: string) => `${clusterPath(cluster)}/${application}`;

/** The address of a path of the page, for a link. */
export const href = (path: string) => `${base}${path}`;

function routeOf(path: string): Route {
  const [first, name, application] = path.slice(base.length + 1).split("/");
  if (first === "recent") return { view: "recent" };
  if (first === "components" && name) return { view: "component", component: name };
  if (first !== "clusters" || !name) return { view: "fleet" };
  return application ? { view: "application", cluster: name, application } : { view: "cluster", cluster: name };
}

const moved = "onebranch-moved";

/** The view that the address names; follows links of the page without loading it again. */
export function useRoute(): Route {
  const [path, setPath] = useState(location.pathname);
  useEffect(() => {
    const follow = () => setPath(location.pathname);
    const click = (event: MouseEvent) => {
      const link = (event.target as Element).closest("a");
      const plain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
      if (!plain || !link || !link.pathname.startsWith(`${base}/`) || link.hash !== "") return;
      event.preventDefault();
      history.pushState(null, "", link.href);
      follow();
      window.dispatchEvent(new Event(moved));
      scrollTo(0, 0);
    };
    window.addEventListener("popstate", follow);
    document.addEventListener("click", click);
    return () => {
      window.removeEventListener("popstate", follow);
      document.removeEventListener("click", click);
    };
  }, []);
  return routeOf(path);
}

/** A setting that is part of the address, so that it survives a reload and goes along with a link. */
export function useSetting(name: string, usual = ""): [string, (value: string) => void] {
  const read = () => new URLSearchParams(location.search).get(name) ?? usual;
  const [value, setValue] = useState(read);
  useEffect(() => {
    const follow = () => setValue(read());
    const events = ["popstate", moved];
    for (const event of events) window.addEventListener(event, follow);
    return () => events.forEach((event) => window.removeEventListener(event, follow));
  }, []);
  const set = (next: string) => {
    const query = new URLSearchParams(location.search);
    if (next === usual) query.delete(name);
    else query.set(name, next);
    history.replaceState(null, "", `${location.pathname}${query.size === 0 ? "" : `?${query}`}`);
    setValue(next);
  };
  return [value, set];
}
