import { isMapping } from "../../../model/mapping";

/** Images of all containers, wherever a kind has its pod template. */
export function containerImages(value: unknown, key = ""): string[] {
  if (Array.isArray(value)) {
    const found = value.flatMap((item) => containerImages(item));
    if (!/^(initC|ephemeralC|c)ontainers$/.test(key)) return found;
    return [
      ...found,
      ...value.flatMap((item) => (isMapping(item) && typeof item.image === "string" ? item.image : [])),
    ];
  }
  return isMapping(value) ? Object.entries(value).flatMap(([name, item]) => containerImages(item, name)) : [];
}

/** An image with its registry, as the container runtime reads a name without one: `redis:7` is `docker.io/library/redis:7`. */
export function withRegistry(image: string): string {
  const [first = "", ...rest] = image.split("/");
  if (rest.length === 0) return `docker.io/library/${image}`;
  return /[.:]/.test(first) || first === "localhost" ? image : `docker.io/${image}`;
}
