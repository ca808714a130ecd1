import type { IncomingMessage } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import { Refused, type ApiServer } from "./api-server";

/** Who hears of the objects of a list as they change. */
export interface Feed<T> {
  /** All of them: at the start, and each time when the changes between cannot be had. */
  reset(objects: T[]): void;
  changed(object: T): void;
  removed(object: T): void;
  /** The API server cannot be reached, or refuses; it is asked again by itself. */
  lost(why: string): void;
}

/** The pauses of a watch, in milliseconds. */
export interface Pauses {
  /** After the first failure; it doubles with each further one. */
  first: number;
  longest: number;
  /** How long a watch may say nothing before the API server is asked whether it still answers. */
  silence: number;
}

const usualPauses: Pauses = { first: 500, longest: 30_000, silence: 15_000 };

/** The API server has forgotten the changes since the last one seen: everything has to be listed again. */
class Expired extends Error {}

/**
 * Lists the objects at a path and follows their changes until the signal ends it. It reconnects by itself, more slowly the longer
 * it fails; the pauses vary, so that the watches of a fleet do not come back all at once.
 */
export async function follow<T extends object>(
  server: ApiServer,
  path: string,
  feed: Feed<T>,
  signal: AbortSignal,
  { first, longest, silence }: Pauses = usualPauses,
): Promise<void> {
  let failures = 0;
  const rest = () => {
    const most = Math.min(longest, first * 2 ** failures++);
    return pause(most * (0.5 + Math.random() / 2), undefined, { signal }).catch(() => undefined);
  };
  while (!signal.aborted) {
    try {
      const { items, metadata } = JSON.parse(await server.send("GET", path)) as List<T>;
      if (signal.aborted) return;
      feed.reset(items);
      let version = metadata.resourceVersion;
      while (!signal.aborted) {
        const watch = new Watch(server, path, feed, silence);
        const seen = await watch.run(version, signal);
        // A proxy may end each watch at once.
        if (seen === version) await rest();
        else failures = 0;
        version = seen;
      }
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof Expired)) feed.lost(reasonOf(error));
      await rest();
    }
  }
}

interface List<T> {
  metadata: { resourceVersion: string };
  items: T[];
}

interface WatchEvent {
  type: "ADDED" | "MODIFIED" | "DELETED" | "BOOKMARK" | "ERROR";
  object: { metadata?: { resourceVersion?: string }; code?: number; message?: string };
}

/** One connection of a watch. */
class Watch<T extends object> {
  constructor(
    private readonly server: ApiServer,
    private readonly path: string,
    private readonly feed: Feed<T>,
    private readonly silence: number,
  ) {}

  /** Follows the changes after a version until the API server ends the watch; returns the last version seen. */
  async run(version: string, signal: AbortSignal): Promise<string> {
    const query = new URLSearchParams({ watch: "true", allowWatchBookmarks: "true", resourceVersion: version });
    const stream = await this.server.stream(`${this.path}?${query}`, signal).catch((error: unknown) => {
      throw error instanceof Refused && error.status === 410 ? new Expired() : error;
    });
    const alive = new Liveness(this.server, this.path, stream, this.silence);
    try {
      let seen = version;
      for await (const line of linesOf(stream, () => alive.heard())) {
        seen = this.take(JSON.parse(line) as WatchEvent) ?? seen;
      }
      return seen;
    } finally {
      alive.stop();
      stream.destroy();
    }
  }

  private take({ type, object }: WatchEvent): string | undefined {
    if (type === "ERROR") {
      throw object.code === 410 ? new Expired() : new Error(object.message ?? "the API server ended the watch");
    }
    if (type === "DELETED") this.feed.removed(object as T);
    else if (type !== "BOOKMARK") this.feed.changed(object as T);
    return object.metadata?.resourceVersion;
  }
}

/** Ends a watch whose API server is frozen or cut off: without it, such a watch looks like one without news. */
class Liveness {
  /** One timer, which is restarted: what arrives while the server is asked must not start a second one. */
  private readonly timer: NodeJS.Timeout;

  constructor(
    private readonly server: ApiServer,
    private readonly path: string,
    private readonly stream: IncomingMessage,
    silence: number,
  ) {
    this.timer = setTimeout(() => void this.ask(), silence);
  }

  heard(): void {
    this.timer.refresh();
  }

  stop(): void {
    clearTimeout(this.timer);
  }

  private async ask(): Promise<void> {
    try {
      await this.server.send("GET", `${this.path}?limit=1`);
      if (!this.stream.destroyed) this.timer.refresh();
    } catch (error) {
      this.stream.destroy(error as Error);
    }
  }
}

async function* linesOf(stream: IncomingMessage, heard: () => void): AsyncGenerator<string> {
  let parts: Buffer[] = [];
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    heard();
    let from = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, from)) {
      yield Buffer.concat([...parts, chunk.subarray(from, end)]).toString();
      parts = [];
      from = end + 1;
    }
    if (from < chunk.length) parts.push(chunk.subarray(from));
  }
}

function reasonOf(error: unknown): string {
  const { message, code } = error as NodeJS.ErrnoException;
  // Node's words for a connection that the other side gave up.
  if (code === "ECONNRESET" || message === "aborted") return "the API server closed the connection";
  return message;
}
