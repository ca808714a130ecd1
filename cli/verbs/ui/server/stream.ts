import { nameDirectional } from "../../../terminal/directional";
import { PassThrough, type Readable } from "node:stream";
import type { Fleet, Listener } from "../fleet/fleet";
import type { Cell, Change, Happening, Link } from "../views";

/** How often a page hears of changes, in milliseconds: what changes several times in between is told once. */
const interval = 100;
/** A connection without news says so, in milliseconds, that both sides notice when it is gone. */
const quiet = 15_000;
/** More of what happened does not fit into what one page keeps. */
const mostHappenings = 200;

/** The pages that are open, and what each has still to hear. */
export class Streams {
  private readonly subscribers = new Set<Subscriber>();

  constructor(private readonly fleet: Fleet) {}

  /** A stream of server-sent events: first everything, then what changes. */
  open(): Readable {
    const subscriber = new Subscriber(this.fleet);
    this.subscribers.add(subscriber);
    subscriber.stream.on("close", () => this.subscribers.delete(subscriber));
    return subscriber.stream;
  }

  close(): void {
    for (const { stream } of this.subscribers) stream.destroy();
  }
}

/**
 * One open page. What it has to hear is kept by what it is about, so a page that reads slowly costs no more memory than the fleet
 * has Applications, and then hears the newest.
 */
class Subscriber implements Listener {
  readonly stream = new PassThrough();
  private links = new Map<string, Link>();
  /** By cluster and name; undefined: it was removed. */
  private cells = new Map<string, { cluster: string; name: string; cell?: Cell }>();
  private happenings: Happening[] = [];
  /** More has changed than single cells. */
  private again = false;

  constructor(private readonly fleet: Fleet) {
    // The browser asks again so many milliseconds after the connection broke.
    this.stream.write("retry: 1000\n\n");
    this.send("fleet", fleet.view());
    this.send("recent", fleet.recent());
    const leave = fleet.listen(this);
    const [changes, alive] = [setInterval(() => this.flush(), interval), setInterval(() => this.sayAlive(), quiet)];
    this.stream.on("close", () => {
      leave();
      clearInterval(changes);
      clearInterval(alive);
    });
    // The page went away while something was written to it.
    this.stream.on("error", () => this.stream.destroy());
  }

  link(cluster: string, link: Link): void {
    this.links.set(cluster, link);
  }

  cell(cluster: string, cell: Cell): void {
    this.cells.set(`${cluster}/${cell.name}`, { cluster, name: cell.name, cell });
  }

  removed(cluster: string, name: string): void {
    this.cells.set(`${cluster}/${name}`, { cluster, name });
  }

  happened(happening: Happening): void {
    this.happenings.push(happening);
    if (this.happenings.length > 2 * mostHappenings) this.happenings = this.happenings.slice(-mostHappenings);
  }

  described(): void {
    this.again = true;
  }

  private flush(): void {
    if (this.stream.writableNeedDrain) return;
    if (this.again) {
      this.again = false;
      this.send("fleet", this.fleet.view());
    }
    if (this.links.size + this.cells.size + this.happenings.length === 0) return;
    const cells = [...this.cells.values()];
    const change: Change = {
      links: [...this.links].map(([cluster, link]) => ({ cluster, link })),
      cells: cells.flatMap(({ cluster, cell }) => (cell === undefined ? [] : [{ cluster, cell }])),
      removed: cells.filter(({ cell }) => cell === undefined).map(({ cluster, name }) => ({ cluster, name })),
      recent: this.happenings.slice(-mostHappenings),
    };
    this.links = new Map();
    this.cells = new Map();
    this.happenings = [];
    this.send("change", change);
  }

  private send(event: string, data: unknown): void {
    this.stream.write(`event: ${event}\ndata: ${nameDirectional(JSON.stringify(data))}\n\n`);
  }

  private sayAlive(): void {
    if (!this.stream.writableNeedDrain) this.stream.write(": still here\n\n");
  }
}
