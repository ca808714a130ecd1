/** Writes docs/performance.md's figures and plots from docs/performance.json, without measuring; part of `make docs`. */
import { writeDocs } from "./page";

void writeDocs();
