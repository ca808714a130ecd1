/** What stops a build, one sentence per fault: what is wrong and what to do. All faults found are in one error. */
export class ToolchainError extends Error {
  readonly faults: string[];

  constructor(faults: string[]) {
    super(faults.join("\n"));
    this.name = "ToolchainError";
    this.faults = faults;
  }
}

/** The user stopped the build: no fault, but not finished either. */
export class StoppedError extends ToolchainError {
  constructor() {
    super(["the build was stopped: run the same command again; finished parts are kept"]);
    this.name = "StoppedError";
  }
}

/** The words on the command line make no sense. */
export class UsageError extends ToolchainError {
  constructor(fault: string) {
    super([fault]);
    this.name = "UsageError";
  }
}
