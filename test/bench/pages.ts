import { setTimeout as sleep } from "node:timers/promises";
import type { Page } from "playwright-core";
import type { FleetView } from "../../cli/verbs/ui/views";
import { object } from "../cli/verbs/ui/support/objects";
import { PageServer, type StubCluster } from "../cli/verbs/ui/support/page-server";
import { findBrowser } from "../support/browser";
import { setting, type ClusterResult, type Figure } from "./result";

const clusters = 100;
const components = 50;
/** Events a second, and for how many seconds. */
const rate = 500;
const busySeconds = 20;
/** The events of an hour at that rate; they are sent as fast as they are taken. */
const hour = 3600 * rate;
const stages = ["dev", "staging", "prod"];

/**
 * Measures the page of `onebranch ui` over a fleet of API stubs that replay watches. Stubs and server share one process and its one
 * processor; the browser has its own.
 */
export async function benchPages(rounds: number, progress: (text: string) => void): Promise<ClusterResult> {
  const figures: Figure[] = [
    { what: "first paint of the fleet", unit: "s", budget: 1, values: [] },
    {
      what: `until all ${(clusters * components).toLocaleString("en")} cells are drawn`,
      unit: "s",
      budget: 2,
      values: [],
    },
    { what: "an event until the page shows it", unit: "s", budget: 1, values: [] },
    { what: `the same, slowest while ${rate} events a second arrive`, unit: "s", budget: 1, values: [] },
    { what: "between two frames while all of it is scrolled, slowest of twenty", unit: "ms", budget: 50, values: [] },
    { what: "a word in the filter until the grid shows what it leaves", unit: "s", budget: 1, values: [] },
    { what: "memory that an hour's worth of events adds to the server", unit: "GiB", budget: 0.1, values: [] },
  ];
  const [paint, whole, quiet, busy, scrolled, filtered, memory] = figures as Seven;
  const record = (figure: Figure, value: number) => {
    figure.values.push(value);
    progress(`  ${figure.what}: ${value.toFixed(2)} ${figure.unit}`);
  };
  const browser = await findBrowser();
  if (browser === undefined) throw new Error("the page is measured in Chromium; apt-get install chromium");
  const server = new PageServer(
    Array.from({ length: clusters }, (_, index): StubCluster => {
      const region = index % 2 === 0 ? "eu-west-1" : "us-east-1";
      return { name: `cluster-${index}`, stage: stages[index % 3]!, region };
    }),
  );
  for (const name of server.stubs.keys())
    for (let index = 0; index < components; index++) send(server, name, index, "1.0.0");
  await server.start();
  try {
    await allReached(server);
    for (let round = 1; round <= rounds; round++) {
      progress(`pages, round ${round} of ${rounds}`);
      // The bench asks the page by scripts of its own.
      const page = await browser.newPage({ viewport: { width: 1600, height: 1000 }, bypassCSP: true });
      const { first, all } = await paints(page, server.url);
      record(paint, first);
      record(whole, all);
      record(quiet, await latency(page, server, `${round}.0.0`));
      record(busy, await slowestUnderLoad(page, server, round));
      record(scrolled, await betweenFrames(page));
      record(filtered, await filtering(page));
      record(memory, await growth(server));
      await page.close();
    }
  } finally {
    await browser.close();
    await server.end();
  }
  return { ...setting(rounds), figures };
}

type Seven = [Figure, Figure, Figure, Figure, Figure, Figure, Figure];

/** One event of a cluster's watch: an Application with its status, at another version. */
function send(server: PageServer, cluster: string, index: number, version: string): void {
  server.stub(cluster).set(object(`component-${index}`, {}, version));
}

/** Some event: the fleet's Applications one after another, each time at another version. */
function sendNth(server: PageServer, number: number): void {
  const index = number % (clusters * components);
  const version = `${Math.floor(number / (clusters * components)) % 2}.${number % 7}.0`;
  // The last component of the first cluster is the one that is watched.
  if (index !== components - 1) send(server, `cluster-${Math.floor(index / components)}`, index % components, version);
}

async function allReached(server: PageServer): Promise<void> {
  for (;;) {
    const { clusters: found } = await server.view<FleetView>("/fleet");
    if (found.every(({ applications }) => applications.length === components)) return;
    await sleep(20);
  }
}

/** Seconds from the request of the page until a screen of its grid is painted, and all of it. */
async function paints(page: Page, url: string): Promise<{ first: number; all: number }> {
  await page.addInitScript(`
    const when = (number, name) =>
      new MutationObserver((_, observer) => {
        if (document.querySelectorAll(".grid td a").length < number) return;
        observer.disconnect();
        requestAnimationFrame(() => setTimeout(() => (window[name] = performance.now())));
      }).observe(document, { subtree: true, childList: true });
    when(1, "first");
    when(${clusters * components}, "all");
  `);
  await page.goto(`${url}?cells=version`);
  const seconds = async (name: string) =>
    ((await (await page.waitForFunction(`window.${name}`)).jsonValue()) as number) / 1000;
  return { first: await seconds("first"), all: await seconds("all") };
}

/** Seconds from an event until the page has drawn it. */
async function latency(page: Page, server: PageServer, version: string): Promise<number> {
  const cell = `component-${components - 1} in cluster-0: `;
  const shown = page.waitForFunction(
    `document.querySelector('.grid a[aria-label*="${cell}"]')?.textContent === "${version}"`,
  );
  const started = performance.now();
  send(server, "cluster-0", components - 1, version);
  await shown;
  return (performance.now() - started) / 1000;
}

/** The slowest event while others arrive at the rate. */
async function slowestUnderLoad(page: Page, server: PageServer, round: number): Promise<number> {
  const started = performance.now();
  const end = started + busySeconds * 1000;
  let sent = 0;
  const timer = setInterval(() => {
    const due = ((performance.now() - started) / 1000) * rate;
    while (sent < due) sendNth(server, sent++);
  }, 10);
  let slowest = 0;
  for (let count = 0; performance.now() < end; count++) {
    slowest = Math.max(slowest, await latency(page, server, `${round}.0.${count + 1}`));
  }
  clearInterval(timer);
  return slowest;
}

const frames = 240;

/** Milliseconds between two frames while somebody scrolls to the end of the page and back; of twenty the slowest. */
export function betweenFrames(page: Page): Promise<number> {
  return page.evaluate<number>(`new Promise((done) => {
    const gaps = [];
    let before;
    const way = document.documentElement.scrollHeight - innerHeight;
    const draw = (now) => {
      if (before !== undefined) gaps.push(now - before);
      before = now;
      scrollTo(0, way * (1 - Math.abs(1 - (2 * gaps.length) / ${frames})));
      if (gaps.length < ${frames}) return requestAnimationFrame(draw);
      done(gaps.sort((a, b) => a - b)[Math.floor(gaps.length * 0.95)]);
    };
    requestAnimationFrame(draw);
  })`);
}

/** Seconds from a word in the filter until one cluster is left. */
async function filtering(page: Page): Promise<number> {
  const left = page.waitForFunction(`document.querySelectorAll(".grid tbody tr").length === 1`);
  const started = performance.now();
  await page.getByLabel("Filter").fill(`cluster-${clusters - 1}`);
  await left;
  const seconds = (performance.now() - started) / 1000;
  await page.getByLabel("Filter").fill("");
  return seconds;
}

/** GiB of heap that an hour's worth of events adds, once rubbish is collected. */
async function growth(server: PageServer): Promise<number> {
  if (globalThis.gc === undefined) throw new Error("start Node with --expose-gc to measure memory");
  const heap = () => {
    globalThis.gc!();
    return process.memoryUsage().heapUsed / 2 ** 30;
  };
  const before = heap();
  for (let number = 0; number < hour; number++) {
    sendNth(server, number);
    // The watches read what was sent.
    if (number % 200 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  await allReached(server);
  await sleep(1000);
  return heap() - before;
}
