// In plain JavaScript, because bin/first-build.js runs before the packages are installed.
"use strict";
const { homedir } = require("node:os");
const { join } = require("node:path");

/**
 * The directory of everything that is kept between runs, shared by all checkouts of the user.
 * @param {Readonly<Record<string, string | undefined>>} env
 */
exports.cacheRoot = function cacheRoot(env) {
  return env.ONEBRANCH_CACHE || join(env.XDG_CACHE_HOME || join(env.HOME || homedir(), ".cache"), "onebranch");
};
