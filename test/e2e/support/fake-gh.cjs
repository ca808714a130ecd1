// `gh api` over a file of comments: reads them, adds one, changes one. Anything else is refused, as a typing error would be.
"use strict";
const { execFileSync } = require("node:child_process");
const { existsSync, readFileSync, writeFileSync } = require("node:fs");

const [store = "", verb, ...words] = process.argv.slice(2);
/** @type {{ id: number, user: { type: string }, body: string }[]} */
const comments = existsSync(store) ? JSON.parse(readFileSync(store, "utf8")) : [];
/** @type {{ method?: string, jq?: string, field?: string, path?: string }} */
const options = {};
while (words.length > 0) {
  const word = words.shift() ?? "";
  if (word === "--method") options.method = words.shift();
  else if (word === "--jq") options.jq = words.shift();
  else if (word === "-F") options.field = words.shift();
  else if (word === "--paginate") continue;
  else if (options.path === undefined && !word.startsWith("-")) options.path = word;
  else fail(`unknown argument ${word}`);
}
if (verb !== "api") fail(`unknown command ${verb}`);
if (!process.env.GH_TOKEN) fail("no token");

/**
 * @param {string} why
 * @returns {never}
 */
function fail(why) {
  console.error(`gh: ${why}`);
  process.exit(1);
}

/** `body=@file` */
function body() {
  const [, file = ""] = /^body=@(.+)$/.exec(options.field ?? "") ?? fail(`no body in ${options.field}`);
  const text = readFileSync(file, "utf8");
  if (text.length > 65536) fail("Validation Failed: body is too long (maximum is 65536 characters) (HTTP 422)");
  return text;
}

const list = /^repos\/acme\/fleet\/issues\/7\/comments$/.test(options.path ?? "");
const [, one] = /^repos\/acme\/fleet\/issues\/comments\/(\d+)$/.exec(options.path ?? "") ?? [];
if (list && options.field === undefined) {
  process.stdout.write(execFileSync("jq", ["-r", options.jq ?? ""], { input: JSON.stringify(comments) }));
} else if (list && (options.method ?? "POST") === "POST") {
  comments.push({ id: 100 + comments.length, user: { type: "Bot" }, body: body() });
} else if (one !== undefined && options.method === "PATCH") {
  const comment = comments.find(({ id }) => id === Number(one)) ?? fail("Not Found (HTTP 404)");
  comment.body = body();
} else {
  fail(`${options.method ?? "GET"} ${options.path} is not known here`);
}
writeFileSync(store, JSON.stringify(comments));
